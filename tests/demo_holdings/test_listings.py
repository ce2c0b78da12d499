"""What the archive lists: every row complete and marked for what it is, every file there and as long as said."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest

from mast_tui.demo.datasets import resolver_entries, simulated_products
from mast_tui.demo.datasets.gzipped import Gzipped
from mast_tui.demo.datasets.pictures import Picture
from mast_tui.demo.datasets.rows import days_from_today_mjd
from mast_tui.demo.fits import FitsFile, TiledFits
from mast_tui.demo.holdings import HeldProduct, Row

from .reading import bytes_of, listed, observations, observed, opened

_OBSERVATION = (
    "intentType obs_collection provenance_name instrument_name project filters wavelength_region "
    "target_name target_classification obs_id s_ra s_dec dataproduct_type proposal_pi proposal_id "
    "calib_level t_min t_max t_exptime em_min em_max obs_title t_obs_release s_region jpegURL dataURL "
    "dataRights mtFlag srcDen sequence_number obsid objID "
)
_PRODUCT = (
    "parent_obsid obs_collection obs_id dataproduct_type description type dataURI productType "
    "productGroupDescription productSubGroupDescription productDocumentationURL project prvversion "
    "proposal_id productFilename size dataRights calib_level filters "
)
OBSERVATION_COLUMNS, PRODUCT_COLUMNS = frozenset(_OBSERVATION.split()), frozenset(_PRODUCT.split())
SMALL = 3_000_000


def products() -> list[HeldProduct]:
    return [p for o in observations() for p in o.products()]


def test_every_observation_row_is_complete_and_says_what_it_is() -> None:
    assert 400 <= len(observations()) <= 700
    for held in observations():
        assert set(held.row) >= OBSERVATION_COLUMNS, held.row["obs_id"]
        title = str(held.row["obs_title"])
        assert title.startswith(("SIMULATED", "real public file, carried by the demo"))
        assert int(str(held.row["obsid"])) >= 90_000_000
    for name in ("obsid", "objID"):
        assert len({held.row[name] for held in observations()}) == len(observations())


def test_every_product_row_is_complete_marked_and_belongs_to_its_observation() -> None:
    for held in observations():
        for product in held.products():
            row = product.row
            assert set(row) >= PRODUCT_COLUMNS
            assert row["parent_obsid"] == held.row["obsid"]
            assert row["dataRights"] == held.row["dataRights"]
            assert str(row["dataURI"]).startswith("mast:")
            assert str(row["dataURI"]).endswith("/" + str(row["productFilename"]))
            assert "SIMULATED" in str(row["description"]) or "real public file" in str(row["description"])


def test_a_listed_size_is_the_size_that_is_served() -> None:
    by_kind: dict[tuple[object, ...], HeldProduct] = {}
    for product in products():
        row = product.row
        kind = (row["obs_collection"], row["productType"], row["productSubGroupDescription"], row["dataproduct_type"])
        assert product.content is not None
        assert row["size"] == product.content.size
        if product.content.size < SMALL:
            by_kind.setdefault(kind, product)
    assert len(by_kind) > 60
    for product in by_kind.values():
        assert len(bytes_of(product)) == product.row["size"], product.row["dataURI"]


def test_listing_everything_makes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> bytes:
        raise AssertionError("a file was made for a list")

    for maker, method in ((FitsFile, "made"), (Picture, "_get"), (Gzipped, "_get"), (TiledFits, "_laid_out")):
        monkeypatch.setattr(maker, method, refuse)
    total = sum(int(str(p.row["size"])) for p in products())
    assert total > 1e12, "a terabyte is listed"


def test_one_address_is_one_file_whoever_lists_it() -> None:
    seen: dict[str, HeldProduct] = {}
    shared = 0
    for product in products():
        uri = str(product.row["dataURI"])
        first = seen.setdefault(uri, product)
        if first is not product:
            shared += 1
            assert first.row["size"] == product.row["size"], uri
            assert first.content is not None and product.content is not None
            if shared % 400 == 0:
                assert first.content.etag == product.content.etag
    assert shared > 20_000


def test_the_same_archive_has_the_same_bytes_in_another_process() -> None:
    code = (
        "from mast_tui.demo.datasets import all_observations as a\n"
        "o = next(o for o in a() if o.row['target_name'] == '25155310')\n"
        "print(o.products()[0].content.etag)"
    )
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    here = observed(target_name="25155310")[0].products()[0].content
    assert here is not None
    assert again.stdout.strip() == here.etag


def test_the_archive_loads_neither_astropy_nor_astroquery() -> None:
    code = (
        "import sys\nfrom mast_tui.demo.datasets import all_observations\n"
        "rows = [p.content.size for o in all_observations() for p in o.products()]\n"
        "print([m for m in ('astropy', 'astroquery', 'PIL', 'scipy') if m in sys.modules], len(rows))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("[] 3")


# ---- the observations that journeys go through -------------------------------------------------------------------


def test_programme_1979_is_exclusive_until_a_day_that_is_still_to_come() -> None:
    exclusive = observed(dataRights="EXCLUSIVE_ACCESS")
    assert len(exclusive) == 4
    today = (datetime.now(UTC) - datetime(1858, 11, 17, tzinfo=UTC)).days
    for held in exclusive:
        assert held.row["proposal_id"] == "1979"
        assert held.row["t_obs_release"] == days_from_today_mjd(200)
        assert float(str(held.row["t_obs_release"])) > today + 190
        assert held.products()
        assert {p.row["dataRights"] for p in held.products()} == {"EXCLUSIVE_ACCESS"}


def test_one_observation_is_planned_and_has_no_products() -> None:
    (planned,) = observed(calib_level=-1)
    assert planned.row["t_min"] is None
    assert list(planned.products()) == []


def test_programme_1073_lists_thirty_thousand_products_of_six_thousand_files() -> None:
    held = observed(proposal_id="1073", filters="F277W")
    assert len(held) == 15
    rows = [p.row for o in held for p in o.products()]
    assert len(rows) == 30_000
    assert len({row["dataURI"] for row in rows}) == 6_060
    science = {
        r["dataURI"]: int(str(r["size"])) for r in rows if r["productType"] == "SCIENCE" and r["calib_level"] in (2, 3)
    }
    assert len(science) == 1_470
    assert sum(science.values()) > 100e9, "too much for the disk of a laptop: that is the point of the journey"


def test_the_southern_ring_has_eighty_science_files_of_level_two_among_three_thousand_rows() -> None:
    rows = [p.row for p in listed("jw02733-o002_t001_miri_f1130w")]
    assert len(rows) > 3_000
    assert len({(r["obs_id"], r["dataURI"]) for r in rows}) == len(rows), "no line twice"
    assert len({r["dataURI"] for r in rows if r["productType"] == "SCIENCE" and r["calib_level"] == 2}) == 80


def test_iue_lwp13058_has_two_science_files() -> None:
    names = [p.row["productFilename"] for p in listed("lwp13058") if p.row["productType"] == "SCIENCE"]
    assert names == ["lwp13058.mxlo.gz", "lwp13058mxlo_vo.fits"]


@pytest.mark.parametrize(
    ("ra", "dec", "at_least", "missions"),
    [
        (270.90400, -24.38700, 24, {"HST", "JWST", "K2", "PS1", "IUE", "SPITZER_SHA", "HLSP", "FUSE"}),
        (210.80243, 54.34875, 30, {"HST", "HLA", "JWST", "HLSP", "PS1"}),
        (346.62233, -5.04144, 20, {"HST", "JWST", "K2", "HLSP"}),
    ],
)
def test_a_well_known_field_has_many_observations_of_many_missions(
    ra: float, dec: float, at_least: int, missions: set[str]
) -> None:
    near = []
    for held in observations():
        if held.row["s_ra"] is None:
            continue
        east = (float(str(held.row["s_ra"])) - ra) * np.cos(np.radians(dec))
        if np.hypot(east, float(str(held.row["s_dec"])) - dec) < 0.02:
            near.append(held)
    assert len(near) >= at_least
    assert {str(h.row["obs_collection"]) for h in near} >= missions
    assert len({h.row["dataproduct_type"] for h in near}) > 1


def test_the_recorded_galex_answers_around_m101_stay_what_they_are() -> None:
    """astroquery's recording says that twelve observations in NUV or FUV are there; the demo may add none."""
    for held in observations():
        if held.row["filters"] in ("NUV", "FUV") and held.row["s_ra"] is not None:
            away = np.hypot(float(str(held.row["s_ra"])) - 210.80227, float(str(held.row["s_dec"])) - 54.34895)
            assert away > 2


# ---- names and invented rows --------------------------------------------------------------------------------------


def test_m8_is_two_places_63_arcseconds_apart() -> None:
    found = {str(e["resolver"]): e for e in resolver_entries() if "m8" in e["searchStrings"]}  # type: ignore[operator]
    assert set(found) == {"SIMBAD", "NED"}
    ra = np.radians([float(str(found[r]["ra"])) for r in ("SIMBAD", "NED")])
    dec = np.radians([float(str(found[r]["decl"])) for r in ("SIMBAD", "NED")])
    apart = np.degrees(np.hypot((ra[1] - ra[0]) * np.cos(dec.mean()), dec[1] - dec[0])) * 3600
    assert apart == pytest.approx(63.76, abs=0.02)


def test_every_target_with_a_light_curve_has_a_name() -> None:
    words = {w for e in resolver_entries() for w in e["searchStrings"]}  # type: ignore[union-attr]
    assert all(w == w.lower() for w in words)
    for held in observed(obs_collection="TESS"):
        target = str(held.row["target_name"])
        if target.isdigit():
            assert f"tic {target}" in words
    assert {"pi men", "wasp-18", "wasp-126", "trappist-1", "m101", "v839 cep", "kepler-10", "kic 11904151"} <= words


def invented(collection: str, kind: str, instrument: str, filters: str, level: int = 3) -> Row:
    base = dict(observed(obs_collection="HST")[0].row)
    base.update(
        obsid="900000000017",
        obs_id=f"sim_{collection.lower()}_000017",
        obs_collection=collection,
        dataproduct_type=kind,
        instrument_name=instrument,
        filters=filters,
        calib_level=level,
        target_name="009000123",
        sequence_number=12,
    )
    return base


@pytest.mark.parametrize(
    ("collection", "kind", "instrument", "filters"),
    [
        ("HST", "image", "WFC3/IR", "F160W"),
        ("HST", "spectrum", "COS/FUV", "G130M"),
        ("HST", "spectrum", "STIS/FUV-MAMA", "E140M"),
        ("HLA", "image", "ACS/WFC", "DETECTION"),
        ("JWST", "image", "MIRI/IMAGE", "F770W"),
        ("JWST", "spectrum", "NIRSPEC/MSA", "CLEAR;PRISM"),
        ("JWST", "timeseries", "NIRISS/SOSS", "CLEAR;GR700XD"),
        ("TESS", "timeseries", "Photometer", "TESS"),
        ("HLSP", "timeseries", "Photometer", "TESS"),
        ("Kepler", "timeseries", "Kepler", "KEPLER"),
        ("K2", "timeseries", "Kepler", "KEPLER"),
        ("GALEX", "image", "GALEX", "NUV"),
        ("PS1", "image", "GPC1", "g"),
        ("IUE", "spectrum", "SWP", "LOW DISP"),
        ("FUSE", "spectrum", "FUV", "FUV"),
        ("EUVE", "image", "DS", "LEXAN/B"),
        ("HLSP", "measurements", "ANY", "ANY"),
    ],
)
def test_any_invented_row_has_files_that_open(collection: str, kind: str, instrument: str, filters: str) -> None:
    row = invented(collection, kind, instrument, filters)
    found = simulated_products(row)
    assert [p.row for p in found] == [p.row for p in simulated_products(row)], "the same list for the same row"
    assert any(p.row["productType"] == "SCIENCE" for p in found)
    for product in found:
        assert re.match(rf"mast:{collection}/simulated/900000000017/", str(product.row["dataURI"]))
        name = str(product.row["productFilename"])
        assert product.content is not None
        if product.content.size < SMALL:
            assert len(bytes_of(product)) == product.row["size"]
            if name.endswith((".fits", ".fits.gz", "lo.gz")):
                assert opened(product)
    assert Counter(p.row["dataURI"] for p in found).most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("team", "column"),
    [
        ("QLP", "KSPSAP_FLUX"),
        ("TESS-SPOC", "PDCSAP_FLUX"),
        ("TGLC", "cal_psf_flux"),
        ("K2SFF", "FCOR"),
        ("TASOC", "SAP_FLUX"),
    ],
)
def test_a_contributed_light_curve_has_the_columns_of_its_team(team: str, column: str) -> None:
    row = {**invented("HLSP", "timeseries", "Photometer", "TESS", 4), "provenance_name": f"{team} SIMULATED"}
    (product,) = simulated_products(row)
    assert column in opened(product)[1].columns.names


def test_a_planned_invented_row_has_no_products() -> None:
    assert list(simulated_products(invented("JWST", "image", "NIRCAM/IMAGE", "F200W", -1))) == []
