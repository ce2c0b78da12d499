"""An archive with a few made-up observations, so that these tests need none of the demo's data sets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
import requests

from mast_tui.demo.faults import Fault, parse_fault
from mast_tui.demo.holdings import Cell, HeldObservation, HeldProduct, MadeContent
from mast_tui.demo.identity import now_mjd
from mast_tui.demo.server import DemoServer, serve

TIMEOUT_S = 20
#: 200,000 bytes that differ everywhere, so that a wrong piece is seen.
BYTES = bytes((i * 7 + i // 251) % 256 for i in range(200_000))
PUBLIC_URI = "mast:HST/product/demo_public_drz.fits"
EXCLUSIVE_URI = "mast:JWST/product/jw01979_demo_i2d.fits"
RELEASED_URI = "mast:JWST/product/jw02733_demo_i2d.fits"

_BLANK: dict[str, Cell] = {
    "intentType": "science",
    "obs_collection": "HST",
    "provenance_name": "SIMULATED",
    "instrument_name": "ACS/WFC",
    "project": "HST",
    "filters": "F814W",
    "wavelength_region": "OPTICAL",
    "dataproduct_type": "image",
    "calib_level": 3,
    "t_min": 55000.0,
    "t_max": 55000.1,
    "t_exptime": 100.0,
    "t_obs_release": 55100.0,
    "dataRights": "PUBLIC",
    "mtFlag": False,
}


def observation(obsid: int, *products: tuple[str, bytes], **cells: Cell) -> HeldObservation:
    """A row with `cells`, and products of the given addresses and bytes."""
    row = _BLANK | {"obsid": str(obsid), "objID": str(obsid + 1000), "obs_id": f"demo_{obsid}"} | cells

    def listed() -> Sequence[HeldProduct]:
        made = []
        for uri, data in products:
            shared: dict[str, Cell] = {name: row.get(name) for name in ("obs_collection", "obs_id", "dataRights")}
            shared |= {"dataURI": uri, "productFilename": uri.rsplit("/", 1)[-1], "productType": "SCIENCE"}
            shared |= {"proposal_id": row.get("proposal_id"), "calib_level": 3, "type": "S"}
            made.append(HeldProduct(shared, MadeContent(partial(bytes, data))))
        return made

    return HeldObservation(row, listed)


def sample() -> list[HeldObservation]:
    """A public, an exclusive, a released, a planned observation, and footprints in odd places."""
    jwst: dict[str, Cell] = {"obs_collection": "JWST", "instrument_name": "NIRCAM/IMAGE", "project": "JWST"}
    return [
        observation(
            100, (PUBLIC_URI, BYTES), ("mast:HST/product/demo_public_raw.fits", BYTES[:5000]),
            target_name="NGC-1", filters="F814W;CLEAR2L", proposal_id="8880", proposal_pi="O'Neil",
            s_ra=150.0, s_dec=2.0, s_region="POLYGON ICRS 149.9 1.9 150.1 1.9 150.1 2.1 149.9 2.1 149.9 1.9",
        ),
        observation(
            101, (EXCLUSIVE_URI, BYTES), target_name="M-4", s_ra=245.9, s_dec=-26.5, proposal_id="01979",
            dataRights="EXCLUSIVE_ACCESS", t_obs_release=now_mjd() + 100, s_region="CIRCLE 245.9 -26.5 0.02",
            sequence_number=7, **jwst,
        ),
        observation(
            102, (RELEASED_URI, BYTES), target_name="M-4", s_ra=245.95, s_dec=-26.5, proposal_id="2733",
            dataRights="EXCLUSIVE_ACCESS", t_obs_release=now_mjd() - 1, **jwst,
        ),
        observation(103, target_name="M-4", s_ra=245.9, s_dec=-26.4, calib_level=-1, t_min=None, t_max=None, **jwst),
        observation(
            104, target_name="WRAP", s_ra=0.0, s_dec=10.0, filters="G140L;MIRROR",
            s_region="Polygon J2000 359.5 9.5 0.5 9.5 0.5 10.5 359.5 10.5",
        ),
        observation(105, target_name="POLE", s_ra=0.0, s_dec=90.0, s_region="CIRCLE ICRS 0 90 1.0"),
        observation(
            106, target_name="TWO", s_ra=30.0, s_dec=0.0,
            s_region="POLYGON 29 -1 29.5 -1 29.5 1 29 1 POLYGON 30.5 -1 31 -1 31 1 30.5 1",
        ),
        observation(107, target_name="375422201", obs_collection="TESS", s_ra=60.0, s_dec=-60.0, sequence_number=15),
        observation(108, target_name="NOWHERE", s_ra=None, s_dec=None),
    ]  # fmt: skip


class Client:
    """What a test says to one server."""

    def __init__(self, server: DemoServer):
        self.server = server
        self.url = server.base_url
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=TIMEOUT_S, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        return self.session.post(self.url + path, timeout=TIMEOUT_S, **more)

    def file(self, uri: str, method: str = "GET", **headers: str) -> requests.Response:
        """Download/file, with header names written with underscores."""
        address = f"{self.url}/api/v0.1/Download/file?uri={quote(uri, safe=':/')}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, address, headers=named, timeout=TIMEOUT_S)

    def mashup(self, service: str, params: Mapping[str, Any], **more: Any) -> requests.Response:
        asked = {"service": service, "params": params, "format": "json", "pagesize": 1000, "page": 1} | more
        return self.post("/api/v0/invoke", data={"request": json.dumps(asked)})

    def filtered(self, *filters: Mapping[str, Any], position: str = "", **more: Any) -> Any:
        """The JSON of Mast.Caom.Filtered or .Filtered.Position."""
        params: dict[str, Any] = {"columns": more.pop("columns", "*"), "filters": list(filters)}
        service = "Mast.Caom.Filtered"
        if position:
            service, params = service + ".Position", params | {"position": position}
        return self.mashup(service, params, **more).json()

    def names(self, *filters: Mapping[str, Any], position: str = "") -> list[str]:
        """The target names that a query finds, in order."""
        return sorted(str(row["target_name"]) for row in self.filtered(*filters, position=position)["data"])

    def faults(self, *names: str) -> None:
        self.post("/demo/faults", json={"faults": list(names)}).raise_for_status()

    def log(self) -> list[dict[str, Any]]:
        """What was asked so far. A request is logged when its answer has gone out, so wait for a moment."""
        deadline = time.monotonic() + 5
        while self.get("/demo/stats").json()["now_at_once"].get("download") and time.monotonic() < deadline:
            time.sleep(0.02)
        found: list[dict[str, Any]] = self.get("/demo/log").json()["requests"]
        return found


def value(name: str, *values: Any, **more: Any) -> dict[str, Any]:
    """One entry of a Mashup's filters."""
    return {"paramName": name, "values": list(values), **more}


def faulty(*faults: str) -> Sequence[Fault]:
    return [parse_fault(text) for text in faults]


@pytest.fixture(scope="module")
def archive() -> Iterator[Client]:
    """One archive for the tests of a file that do not change it."""
    with serve(observations=sample(), resolver_entries=[]) as server:
        yield Client(server)


@pytest.fixture
def own_archive() -> Iterator[Client]:
    """An archive of the test's own, to be spoilt."""
    with serve(observations=sample(), resolver_entries=[]) as server:
        yield Client(server)
