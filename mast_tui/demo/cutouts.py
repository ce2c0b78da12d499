"""Cut-outs: TESScut, Zcut and Hapcut. Recorded zips where the question was recorded, simulated files elsewhere.

TESS' sectors come from its nominal pointings: four cameras of 24 degrees along a meridian of ecliptic longitude that
steps on with each sector. That is right to a degree or two, so a real sector list differs near the cameras' edges.
Called by `server`; `sky` tells Hapcut where HST has looked.
"""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mast_tui.demo import recorded
from mast_tui.demo.criteria import Criterion
from mast_tui.demo.fits import Card, Column, FitsFile, Image, Table
from mast_tui.demo.footprints import separations_deg, unit_vectors
from mast_tui.demo.holdings import SIMULATED
from mast_tui.demo.messages import Request, Response
from mast_tui.demo.sky import Position, Sky

#: The position of the recorded sector list (astroquery's documentation) and of the two recorded cut-outs, degrees.
_SECTOR_AT = (324.24368, -27.01029)
_TESSCUT_AT = (107.27, -70.0)
_ZCUT_AT = (189.49206, 62.20615)
_FIELD_RADIUS_DEG = 0.3
_MATCH_DEG = 0.003
_MAX_SIDE = 100
#: A simulated stamp holds at most this many pixels over all its frames, and 400 frames.
_FRAMES, _MAX_PIXELS = 400, 60_000
_BTJD_FIRST, _SECTOR_DAYS = 1325.3, 27.4
_TESS_ARCSEC_PER_PIXEL = 21.0
_FIELD_ARCSEC_PER_PIXEL = 0.03
_ZIP = {"Content-Type": "application/zip", "Content-Disposition": 'attachment; filename="astrocut.zip"'}

#: Sectors of moving targets that are published; TESScut itself asks JPL's ephemerides.
_MOVING = {"ceres": (29, 43, 44, 92, 97), "1": (29, 43, 44, 92, 97), "eleonora": (6,), "354": (6,)}


@dataclass(frozen=True)
class Chip:
    """One CCD of one sector."""

    sector: int
    camera: int
    ccd: int

    @property
    def name(self) -> str:
        return f"tess-s{self.sector:04d}-{self.camera}-{self.ccd}"

    def to_json(self) -> dict[str, str]:
        ccd, camera = str(self.ccd), str(self.camera)
        return {"sectorName": self.name, "sector": str(self.sector), "camera": camera, "ccd": ccd}


class BadCutout(ValueError):
    """A request that can't be understood: status 400."""


def respond(sky: Sky, request: Request) -> Response:
    """Everything under `/tesscut/`, `/zcut/` and `/hapcut/`."""
    tool, _, rest = request.path.strip("/").partition("/api/v0.1/")
    try:
        asked = request.fields()
        if tool == "tesscut" and rest in ("sector", "moving_target/sector"):
            chips = _moving(asked) if rest.startswith("moving") else _chips(*_place(asked), _float(asked, "radius"))
            return Response.of_json({"results": [chip.to_json() for chip in chips]})
        if tool == "tesscut" and rest in ("astrocut", "moving_target/astrocut"):
            return _tesscut(asked, moving=rest.startswith("moving"))
        if tool == "zcut" and rest == "survey":
            return Response.of_json({"surveys": _surveys(*_place(asked), _float(asked, "radius"))})
        if tool == "zcut" and rest == "astrocut":
            return _zcut(asked)
        if tool == "hapcut" and rest == "astrocut":
            return _hapcut(sky, asked)
    except ValueError as error:
        return Response.of_json({"msg": str(error), "results": []}, 400)
    return Response.of_json({"msg": f"Not Found: {request.path[:100]}", "results": []}, 404)


def _none(words: str) -> Response:
    return Response.of_json({"msg": words, "results": []})


# -- TESScut --------------------------------------------------------------------------------------------------------


def _chips(ra_deg: float, dec_deg: float, radius_deg: float = 0.0) -> list[Chip]:
    """The CCDs that saw a position, by nominal pointing; the recorded answers where the question was recorded."""
    if _at(ra_deg, dec_deg, _SECTOR_AT):
        rows = recorded.table("tess_sector.json")["results"]
        return [Chip(int(row["sector"]), int(row["camera"]), int(row["ccd"])) for row in rows]
    longitude, latitude = _ecliptic(ra_deg, dec_deg)
    found = []
    for sector in range(1, 40):
        side = -1.0 if sector <= 13 or sector >= 27 else 1.0
        centre = (315.8 + 360 / 13 * (sector - 1)) % 360
        for camera in range(1, 5):
            chip = _chip(sector, camera, centre, side, longitude, latitude, radius_deg)
            if chip is not None:
                found.append(chip)
    first = [Chip(1, 4, 3)] if _at(ra_deg, dec_deg, _TESSCUT_AT) else []
    return first + [chip for chip in found if chip.sector not in {known.sector for known in first}]


def _chip(
    sector: int, camera: int, centre: float, side: float, longitude: float, latitude: float, radius: float
) -> Chip | None:
    """Camera 1 looks at ecliptic latitude 18, 2 at 42, 3 at 66, 4 at the pole; each has 24 by 24 degrees."""
    middle = unit_vectors(centre, side * (24.0 * camera - 6.0))
    point = unit_vectors(longitude, latitude)
    east = unit_vectors(centre + 90, 0)
    north = np.cross(middle, east)
    depth = float(point @ middle)
    if depth <= 0:
        return None
    x, y = math.degrees(math.atan(float(point @ east) / depth)), math.degrees(math.atan(float(point @ north) / depth))
    if max(abs(x), abs(y)) > 12.0 + radius:
        return None
    quadrant = {(True, True): 1, (False, True): 2, (False, False): 3, (True, False): 4}
    return Chip(sector, camera, quadrant[x >= 0, y * side >= 0])


def _moving(asked: dict[str, str]) -> list[Chip]:
    name = asked.get("obj_id", "").strip().lower()
    return [Chip(sector, 1, 1) for sector in _MOVING.get(name, ())]


def _tesscut(asked: dict[str, str], moving: bool) -> Response:
    x, y = _size(asked, _TESS_ARCSEC_PER_PIXEL)
    place = _MOVING_AT if moving else _place(asked)
    chips = _moving(asked) if moving else _chips(*place)
    sector = asked.get("sector")
    if sector:
        chips = [chip for chip in chips if str(chip.sector) == sector]
    if not chips:
        return _none("No TESS data was found at these coordinates or for this object.")
    files = []
    for chip in chips:
        if not moving and (x, y) == (5, 5) and chip.sector == 1 and _at(*place, _TESSCUT_AT):
            files += _unzipped("astrocut_107.27_-70.0_5x5.zip")
            continue
        name = f"{chip.name}_{place[0]:.6f}_{place[1]:.6f}_{x}x{y}_astrocut.fits"
        files.append((name, _content(_target_pixels(chip, place, x, y))))
    return _zipped(files)


#: Where the stamps of a moving target say they are; the true track is not simulated.
_MOVING_AT = (0.0, 0.0)


def _target_pixels(chip: Chip, place: tuple[float, float], x: int, y: int) -> FitsFile:
    """A target pixel file in TESScut's layout: a quiet star of 100 electrons a second in noise."""
    cards: list[Card] = [
        ("ORIGIN", SIMULATED, "made by the embedded archive of mast-tui"),
        ("TELESCOP", "TESS", ""),
        ("INSTRUME", "TESS Photometer", ""),
        ("SECTOR", chip.sector, "observing sector"),
        ("CAMERA", chip.camera, "camera number"),
        ("CCD", chip.ccd, "CCD chip number"),
        ("RA_OBJ", place[0], "[deg] right ascension"),
        ("DEC_OBJ", place[1], "[deg] declination"),
    ]
    dim = f"({x},{y})"
    columns = [
        Column("TIME", "D", "BJD - 2457000, days"),
        Column("TIMECORR", "E", "d"),
        Column("CADENCENO", "J"),
        *(Column(name, f"{x * y}E", "e-/s", dim=dim) for name in ("FLUX", "FLUX_ERR", "FLUX_BKG", "FLUX_BKG_ERR")),
        Column("QUALITY", "J"),
        Column("POS_CORR1", "E", "pixel"),
        Column("POS_CORR2", "E", "pixel"),
    ]
    frames = _frames(x, y)
    table = Table(columns, frames, [("EXTNAME", "PIXELS", ""), ("TIMEUNIT", "d", ""), ("BJDREFI", 2457000, "")])
    aperture = Image([("EXTNAME", "APERTURE", "")], (y, x), "i4")
    return FitsFile([Image(cards), table, aperture], lambda: [None, _pixels(chip, x, y), np.ones((y, x), np.int32)])


def _frames(x: int, y: int) -> int:
    return max(5, min(_FRAMES, _MAX_PIXELS // (x * y)))


def _pixels(chip: Chip, x: int, y: int) -> dict[str, Any]:
    frames = _frames(x, y)
    rng = np.random.default_rng(chip.sector * 100 + chip.camera * 10 + chip.ccd)
    rows, cols = np.mgrid[:y, :x]
    star = 100 * np.exp(-((cols - (x - 1) / 2) ** 2 + (rows - (y - 1) / 2) ** 2) / 1.6)
    first = _BTJD_FIRST + (chip.sector - 1) * _SECTOR_DAYS
    zeros = np.zeros((frames, y, x))
    return {
        "TIME": first + np.arange(frames) * (_SECTOR_DAYS * 0.95 / frames),
        "TIMECORR": np.zeros(frames),
        "CADENCENO": np.arange(frames),
        "FLUX": star + rng.normal(0, 1.5, (frames, y, x)),
        "FLUX_ERR": zeros + 1.5,
        "FLUX_BKG": zeros,
        "FLUX_BKG_ERR": zeros,
        "QUALITY": np.zeros(frames),
        "POS_CORR1": np.zeros(frames),
        "POS_CORR2": np.zeros(frames),
    }


# -- Zcut and Hapcut ------------------------------------------------------------------------------------------------


def _surveys(ra_deg: float, dec_deg: float, radius_deg: float = 0.0) -> list[str]:
    """The recorded deep-field surveys, around the field they were recorded in."""
    if not _at(ra_deg, dec_deg, _ZCUT_AT, _FIELD_RADIUS_DEG + radius_deg):
        return []
    return list(recorded.table("zcut_survey.json")["surveys"])


def _zcut(asked: dict[str, str]) -> Response:
    place = _place(asked)
    surveys = [s for s in _surveys(*place) if asked.get("survey", s) == s]
    if not surveys:
        return _none("No deep field survey was found at these coordinates.")
    x, y = _size(asked, _FIELD_ARCSEC_PER_PIXEL)
    kind = (asked.get("cutout_format") or asked.get("format") or "fits").lower()
    if kind not in ("fits", "jpg", "png"):
        raise BadCutout(f"format must be fits, jpg or png, not {kind[:20]}")
    if kind != "fits":
        return _zipped(_unzipped("astrocut_189.49206_62.20615_100x100px.zip"))
    if (x, y) == (100, 100) and _at(*place, _ZCUT_AT) and "survey" not in asked:
        return Response(200, _ZIP, recorded.raw("astrocut_189.49206_62.20615_100x100px_f.zip"))
    return _zipped(_images(surveys, place, x, y))


def _hapcut(sky: Sky, asked: dict[str, str]) -> Response:
    place = _place(asked)
    x, y = _size(asked, _FIELD_ARCSEC_PER_PIXEL)
    hst = Criterion.read({"paramName": "obs_collection", "values": ["HST", "HLA"]})
    image = Criterion.read({"paramName": "dataproduct_type", "values": ["image"]})
    seen = sky.select([hst, image], Position(*place, 0.0))
    if not len(seen):
        return _none("No Hubble Advanced Product image was found at these coordinates.")
    return _zipped(_images(["hst_skycell-demo_total"], place, x, y))


def _images(names: Sequence[str], place: tuple[float, float], x: int, y: int) -> list[tuple[str, bytes]]:
    where = f"{place[0]:.6f}_{place[1]:.6f}_{x}pix-x-{y}pix"
    return [(f"{name}_{where}_astrocut.fits", _content(_noise_image(name, place, x, y))) for name in names]


def _noise_image(name: str, place: tuple[float, float], x: int, y: int) -> FitsFile:
    cards: list[Card] = [
        ("ORIGIN", SIMULATED, "made by the embedded archive of mast-tui"),
        ("RA_TARG", place[0], "[deg]"),
        ("DEC_TARG", place[1], "[deg]"),
    ]
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return FitsFile([Image(cards, (y, x), "f4")], lambda: [rng.normal(0, 0.01, (y, x))])


# -- parts ----------------------------------------------------------------------------------------------------------


def _content(file: FitsFile) -> bytes:
    return file.read(0, file.size)


def _unzipped(name: str) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(recorded.raw(name))) as archive:
        return [(entry, archive.read(entry)) for entry in archive.namelist()]


def _zipped(files: Sequence[tuple[str, bytes]]) -> Response:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return Response(200, _ZIP, out.getvalue())


def _float(asked: dict[str, str], name: str) -> float:
    try:
        found = float(asked.get(name) or 0)
    except ValueError:
        raise BadCutout(f"{name} must be a number") from None
    if not math.isfinite(found):
        raise BadCutout(f"{name} must be finite")
    return found


def _place(asked: dict[str, str]) -> tuple[float, float]:
    if not asked.get("ra") or not asked.get("dec"):
        raise BadCutout("ra and dec are needed, in degrees")
    ra, dec = _float(asked, "ra"), _float(asked, "dec")
    if abs(dec) > 90:
        raise BadCutout("dec must lie between -90 and 90 degrees")
    return ra % 360, dec


def _size(asked: dict[str, str], arcsec_per_pixel: float) -> tuple[int, int]:
    """Width and height in pixels, at most 100 in this archive."""
    scale = 3600 / arcsec_per_pixel if asked.get("units") == "d" else 1.0
    x, y = (round((_float(asked, name) or 5.0) * scale) for name in ("x", "y"))
    if not (0 < x <= _MAX_SIDE and 0 < y <= _MAX_SIDE):
        raise BadCutout(f"cut-outs of 1 to {_MAX_SIDE} pixels a side are made here")
    return x, y


def _at(ra_deg: float, dec_deg: float, place: tuple[float, float], within_deg: float = _MATCH_DEG) -> bool:
    return float(separations_deg(unit_vectors(ra_deg, dec_deg), unit_vectors(*place))) <= within_deg


def _ecliptic(ra_deg: float, dec_deg: float) -> tuple[float, float]:
    x, y, z = unit_vectors(ra_deg, dec_deg).tolist()
    tilt = math.radians(23.4393)
    y, z = y * math.cos(tilt) + z * math.sin(tilt), z * math.cos(tilt) - y * math.sin(tilt)
    return math.degrees(math.atan2(y, x)) % 360, math.degrees(math.asin(z))
