"""Unmodified astroquery against the embedded archive; prints one JSON object with what it got.

Run by `test_astroquery_conformance.py` in a process of its own, so that astroquery reads its configuration file and
`http_proxy` at import, as a user's would. No astroquery name is replaced or patched here.
"""

from __future__ import annotations

import json
import socket
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> Any:
    """Nothing may leave this machine: a step that tried would fail."""
    if address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"a connection to {address!r} was tried")
    return _connect(self, address)


socket.socket.connect = _loopback_only  # type: ignore[method-assign, assignment]

import astropy.units as u  # noqa: E402
from astropy.coordinates import SkyCoord  # noqa: E402
from astroquery.exceptions import LoginError, RemoteServiceError, ResolverError  # noqa: E402
from astroquery.mast import Catalogs, Hapcut, Mast, MastMissions, Observations, Tesscut, Zcut  # noqa: E402

warnings.simplefilter("ignore")
OUT = Path(sys.argv[1])
M103 = SkyCoord(23.34086, 60.658, unit="deg")
U9O4 = "2003738726"
STEPS: list[Callable[[], Any]] = []


def step(function: Callable[[], Any]) -> Callable[[], Any]:
    STEPS.append(function)
    return function


def place(found: SkyCoord) -> list[float]:
    return [float(found.ra.deg), float(found.dec.deg)]


def plain(value: Any) -> Any:
    """Numbers and texts that JSON knows; masked cells are None."""
    import numpy as np

    if value is np.ma.masked:
        return None
    return value.item() if hasattr(value, "item") else value


def raised(kind: type[Exception], call: Callable[[], Any]) -> str:
    try:
        call()
    except kind as error:
        return f"{type(error).__name__}: {error}"
    return "nothing was raised"


@step
def resolve() -> Any:
    every = Observations.resolve_object("M8", resolve_all=True)
    return {
        "M103": place(Observations.resolve_object("M103")),
        "M101 NED": place(Observations.resolve_object("M101", resolver="NED")),
        "TIC 307210830": place(Observations.resolve_object("TIC 307210830")),
        "M8 apart_arcsec": float(every["SIMBAD"].separation(every["NED"]).arcsec),
        "two": sorted(Observations.resolve_object(["M1", "M10"])),
        "unknown": raised(ResolverError, lambda: Observations.resolve_object("no such thing")),
    }


@step
def query_region() -> Any:
    table = Observations.query_region(M103, radius=0.2)
    smallest = sorted({float(d) for d in table["distance"]})[:3]
    shapes = Counter(" ".join(s.upper().split()[:2]) for s in table["s_region"])
    return {
        "rows": len(table),
        "missions": Counter(map(str, table["obs_collection"])),
        "types": sorted(set(map(str, table["dataproduct_type"]))),
        "shapes": shapes,
        "smallest": smallest,
        "columns": table.colnames,
        "kinds": {name: table[name].dtype.kind for name in ("obsid", "t_min", "calib_level", "mtFlag")},
        "masked sequence": plain(table["sequence_number"][0]),
    }


@step
def query_object() -> Any:
    table = Observations.query_object("M103", radius=0.2 * u.deg)
    return {"rows": len(table), "none": len(Observations.query_object("M103", radius=1e-5 * u.deg)) >= 1}


@step
def query_criteria() -> Any:
    galex = Observations.query_criteria(objectname="M101", radius=0.2 * u.deg, filters=["NUV", "FUV"])
    wild = Observations.query_criteria(
        filters="*UV", obs_collection="GALEX", coordinates=SkyCoord(210.8, 54.3, unit="deg")
    )
    evlac = Observations.query_criteria(proposal_id="8880", dataproduct_type="image")
    dated = Observations.query_criteria(obs_collection="HST", t_min=[52172.68, 52172.69], proposal_pi="Ost*")
    return {
        "M101": len(galex),
        "M101 first": str(galex[galex["obsid"] == "1000016660"]["target_name"][0]),
        "M101 distances": sorted({round(float(d), 4) for d in galex["distance"]}),
        "columns": galex.colnames[-2:],
        "wild": len(wild),
        "EV Lac": len(evlac),
        "dated": [str(i) for i in dated["obs_id"]],
        "level": len(Observations.query_criteria(proposal_id="8880", calib_level=[1, 2])),
    }


@step
def counts() -> Any:
    return {
        "region": int(Observations.query_region_count(M103, radius=0.2)),
        "object": int(Observations.query_object_count("M103", radius=0.2)),
        "criteria": int(Observations.query_criteria_count(proposal_id="8880")),
        "criteria around": int(Observations.query_criteria_count(coordinates=M103, radius=0.2, obs_collection="HLA")),
    }


@step
def paging() -> Any:
    whole = Observations.query_region(M103, radius=0.2, pagesize=8)
    second = Observations.query_region(M103, radius=0.2, pagesize=8, page=2)
    answer = Observations.query_region_async(M103, radius=0.2, pagesize=8, page=3)[0].json()
    return {
        "whole": len(whole),
        "unique": len(set(map(str, whole["obs_id"]))),
        "second": [str(i) for i in second["obs_id"]],
        "whole second": [str(i) for i in whole["obs_id"][8:16]],
        "third": answer["paging"],
    }


@step
def missions_and_metadata() -> Any:
    observations, products = Observations.get_metadata("observations"), Observations.get_metadata("products")
    return {
        "missions": Observations.list_missions(),
        "columns": [str(name) for name in observations["Column Name"]],
        "products": [str(name) for name in products["Column Name"]],
    }


@step
def product_list() -> Any:
    table = Observations.get_product_list(U9O4)
    science = Observations.filter_products(table, productType="SCIENCE", extension="fits")
    minimum = Observations.filter_products(table, mrp_only=True)
    both = Observations.get_product_list([U9O4, "1000014336"])
    return {
        "rows": len(table),
        "uris": len(set(map(str, table["dataURI"]))),
        "bytes": int(table["size"].sum()),
        "types": Counter(map(str, table["productType"])),
        "science": len(science),
        "minimum": {str(row["productSubGroupDescription"]): int(row["size"]) for row in minimum},
        "of two": sorted(set(map(str, both["obsID"]))),
        "unique": len(Observations.get_unique_product_list([U9O4, U9O4])),
        "by obs_id": raised(RemoteServiceError, lambda: Observations.get_product_list("U9O40504M")),
        "columns": table.colnames,
    }


@step
def download_products() -> Any:
    table = Observations.get_product_list(U9O4)
    wanted = Observations.filter_products(table, productSubGroupDescription=["C1F", "Q1F"])
    first = Observations.download_products(wanted, download_dir=str(OUT))
    again = Observations.download_products(wanted, download_dir=str(OUT))
    (OUT / "flat").mkdir()
    flat = Observations.download_products(wanted, download_dir=str(OUT / "flat"), flat=True)
    script = Observations.download_products(wanted, download_dir=str(OUT), curl_flag=True)
    from astropy.io import fits

    path = str(first["Local Path"][0])
    with fits.open(path, checksum=True) as file:
        header = file[0].header
        shape, origin = list(file[0].data.shape), header["ORIGIN"]
    return {
        "first": [str(s) for s in first["Status"]],
        "again": [str(s) for s in again["Status"]],
        "flat": [str(s) for s in flat["Status"]],
        "where": [str(Path(str(p)).relative_to(OUT)) for p in first["Local Path"]],
        "sizes": {Path(str(p)).name: Path(str(p)).stat().st_size for p in first["Local Path"]},
        "same": [
            Path(str(p)).read_bytes() == (OUT / "flat" / Path(str(p)).name).read_bytes() for p in first["Local Path"]
        ],
        "script": Path(str(script["Local Path"][0])).read_text(encoding="utf-8"),
        "fits": [shape, origin],
        "missing": Observations.download_file("mast:HST/product/none.fits", local_path=str(OUT / "none.fits"))[:2],
    }


@step
def exclusive() -> Any:
    rows = Observations.query_criteria(dataRights="EXCLUSIVE_ACCESS", calib_level=[1, 2, 3])
    row = rows[rows["t_obs_release"] == max(rows["t_obs_release"])][0]
    products = Observations.get_product_list(str(row["obsid"]))
    uri = str(products[products["productType"] == "SCIENCE"]["dataURI"][0])
    target = str(OUT / "exclusive.fits")
    anonymous = Observations.download_file(uri, local_path=target)
    bad = raised(LoginError, lambda: Observations.login(token="not-a-token"))
    Observations.logout()
    Observations.login(token="demo-guest")
    guest = Observations.download_file(uri, local_path=target)
    info = Observations.session_info(verbose=False)
    Observations.logout()
    Observations.login(token=f"demo-pi-{row['proposal_id']}")
    investigator = Observations.download_file(uri, local_path=target)
    Observations.logout()
    return {
        "anonymous": anonymous[:2],
        "bad": bad,
        "guest": guest[:2],
        "name": info["attrib"]["display_name"],
        "investigator": investigator[0],
        "size": Path(target).stat().st_size,
        "listed": int(products[products["dataURI"] == uri]["size"][0]),
        "after logout": Observations.session_info(verbose=False)["anon"],
    }


@step
def mast_missions() -> Any:
    missions = MastMissions
    columns = missions.get_column_list()
    around = missions.query_region(SkyCoord(40.66963, -0.01328, unit="deg"), radius=3)
    answer = missions.query_region_async(SkyCoord(40.66963, -0.01328, unit="deg"), radius=3).json()
    programme, instrument = int(around["sci_pep_id"][0]), str(around["sci_instrume"][0]).strip()
    columns_wanted = ["sci_targname", "sci_refnum"]
    criteria = missions.query_criteria(sci_pep_id=programme, sci_instrume=instrument, select_cols=columns_wanted)
    early = missions.query_criteria(sci_start_time="<2000", sci_actual_duration="1000..3000", sci_aec="S")
    named = missions.query_object("M103", radius=0.1)
    products = missions.get_product_list("Z14Z0104T")
    wanted = missions.filter_products(products, category="UNCALIBRATED")
    manifest = missions.download_products(wanted, download_dir=str(OUT))
    page = missions.query_criteria(sci_pep_id=programme, limit=1, offset=1, sort_by="sci_data_set_name")
    login = raised(LoginError, lambda: missions.login(token="wrong"))
    missions.logout()
    return {
        "columns": [
            len(columns),
            dict(zip(map(str, columns["name"]), map(str, columns["data_type"]), strict=True))["sci_ra"],
        ],
        "around": [str(name) for name in around["sci_data_set_name"]],
        "ang_sep": [row["ang_sep"] for row in answer["results"]],
        "total": answer["totalResults"],
        "programme": [programme, instrument],
        "criteria": [str(name) for name in criteria["sci_data_set_name"]],
        "criteria columns": criteria.colnames,
        "early": sorted(str(name) for name in early["sci_data_set_name"]),
        "named": len(named),
        "products": len(products),
        "downloads": [str(s) for s in manifest["Status"]],
        "sizes": [
            Path(str(p)).stat().st_size == int(s) for p, s in zip(manifest["Local Path"], wanted["size"], strict=True)
        ],
        "page": [str(name) for name in page["sci_data_set_name"]],
        "login": login,
    }


@step
def catalogs() -> Any:
    m10 = SkyCoord(254.28771, -4.10031, unit="deg")
    tic = Catalogs.query_region(m10, radius=0.3, catalog="Tic")
    near = Catalogs.query_region(m10, radius=0.07, catalog="Tic")
    bright = Catalogs.query_criteria("Tic", Tmag=[15, 16], objType="EXTENDED")
    around = Catalogs.query_criteria("Tic", coordinates=m10, radius=0.07, objType="EXTENDED")
    disks = Catalogs.query_criteria("DiskDetective", w1mpro=[6, 7])
    hsc = Catalogs.query_region(SkyCoord(322.5250, 12.1667, unit="deg"), radius=0.05, catalog="Hsc")
    ps1 = SkyCoord(5.97, -32.53, unit="deg")
    panstarrs = Catalogs.query_region(ps1, radius=0.1, catalog="Panstarrs", data_release="dr2", table="mean")
    faint = Catalogs.query_criteria(
        "Panstarrs",
        coordinates=ps1,
        radius=0.1,
        iMeanApMag=[("gte", 20.3)],
        columns=["objName", "iMeanApMag", "distance"],
        sort_by=[("desc", "distance")],
        pagesize=5,
    )
    spectra = Catalogs.get_hsc_spectra()
    script = Catalogs.download_hsc_spectra(spectra[:2], download_dir=str(OUT), curl_flag=True)
    return {
        "script": [str(script["Status"][0]), Path(str(script["Local Path"][0])).read_text().count("\ncurl ")],
        "tic": len(tic),
        "tic first": [str(tic[tic["ID"] == "10000732589"]["objType"][0]), float(tic["Tmag"].max())],
        "tic columns": "dstArcSec" in tic.colnames,
        "near": len(near),
        "bright": sorted(str(i) for i in bright["ID"]),
        "around": len(around),
        "disks": [str(i) for i in disks["designation"]],
        "hsc": len(hsc),
        "matches": len(Catalogs.query_hsc_matchid(82371983)),
        "no matches": len(Catalogs.query_hsc_matchid(1)),
        "spectra": len(spectra),
        "galex": len(Catalogs.query_region(m10, radius=0.1, catalog="Galex")),
        "gaia": len(Catalogs.query_region(m10, radius=0.5, catalog="Gaia")),
        "panstarrs": len(panstarrs),
        "faint": [len(faint), faint.colnames, bool((faint["iMeanApMag"] >= 20.3).all())],
    }


@step
def cutouts() -> Any:
    pole = SkyCoord(107.27, -70.0, unit="deg")
    sectors = Tesscut.get_sectors(coordinates=SkyCoord(324.24368, -27.01029, unit="deg"))
    stamps = Tesscut.get_cutouts(coordinates=pole, size=5, sector=1)
    simulated = Tesscut.get_cutouts(coordinates=pole, size=(4, 6), sector=2)
    paths = Tesscut.download_cutouts(coordinates=pole, size=5, sector=1, path=str(OUT / "tess"))
    moving = Tesscut.get_sectors(objectname="Eleonora", moving_target=True)
    field = SkyCoord(189.49206, 62.20615, unit="deg")
    elsewhere = SkyCoord(10, 20, unit="deg")
    zcut = Zcut.get_cutouts(field, size=100)
    pictures = Zcut.download_cutouts(field, size=100, cutout_format="jpg", path=str(OUT))
    hst = SkyCoord(23.11817, 60.64214, unit="deg")
    hapcut = Hapcut.get_cutouts(hst, size=20)
    return {
        "sectors": [str(name) for name in sectors["sectorName"]],
        "tess": [len(stamps), list(stamps[0][1].data["FLUX"].shape), stamps[0][0].header["SECTOR"]],
        "simulated": [list(simulated[0][1].data["FLUX"].shape[1:]), simulated[0][0].header["ORIGIN"]],
        "paths": [Path(str(p)).name for p in paths["Local Path"]],
        "moving": [int(s) for s in moving["sector"]],
        "no sector": len(Tesscut.get_sectors(coordinates=SkyCoord(60, 20.5, unit="deg"))),
        "surveys": [str(s) for s in Zcut.get_surveys(field)],
        "no surveys": len(Zcut.get_surveys(elsewhere)),
        "zcut": [len(zcut), list(zcut[0][1].data.shape)],
        "pictures": sorted(Path(str(p)).suffix for p in pictures["Local Path"]),
        "hapcut": list(hapcut[0][0].data.shape),
        "no hapcut": len(Hapcut.get_cutouts(elsewhere, size=20)),
    }


@step
def raw_mashup() -> Any:
    table = Mast.mast_query("Mast.Caom.Cone", ra=23.34086, dec=60.658, radius=0.2)
    unknown = raised(RemoteServiceError, lambda: Mast.service_request("Mast.No.Such", {"ra": 1}))
    some = Mast.mast_query("Mast.Caom.Filtered", columns="obs_id,s_ra", proposal_id=["8880"])
    return {"rows": len(table), "unknown": unknown, "some": some.colnames}


def main() -> None:
    import contextlib
    import io
    import traceback

    found: dict[str, Any] = {}
    for function in STEPS:
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                found[function.__name__] = function()
            except Exception:  # noqa: BLE001 - whatever astroquery raises is the finding
                found[function.__name__] = {"traceback": traceback.format_exc()}
    print(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
