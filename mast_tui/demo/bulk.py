"""A simulated sky of up to half a million observations, made in seconds with numpy, for `--rows N`.

`sky` appends these columns to the rows it holds. Every row says SIMULATED in its title and its provenance, its ids lie
above those of any real observation, and none lies near the recorded cones, so that their numbers hold with any N.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.demo.footprints import Floats, boxes_distance_deg, separations_deg, unit_vectors
from mast_tui.demo.holdings import SIMULATED
from mast_tui.demo.proportions import MISSIONS, Mission, Setup
from mast_tui.demo.store import NO_INT, Codes, Index, MadeColumn, NumberColumn, StoredColumn, TextColumn

#: Ids of simulated observations start here; the largest real `obsid` known is 19,000,016,510.
FIRST_OBSID = 900_000_000_000
MAX_ROWS = 500_000
_KEEP_CLEAR_DEG = 3.0
_SEED = 20_260_101
_OBLIQUITY_DEG = 23.4393


def simulate(count: int, clear: Sequence[tuple[float, float]] = ()) -> Bulk:
    """`count` observations, the same for the same count; positions in `clear` (degrees) keep a distance of 3 degrees.

    Raises ValueError when `count` is negative or above 500,000.
    """
    if not 0 <= count <= MAX_ROWS:
        raise ValueError(f"the simulated sky has 0 to {MAX_ROWS:,} rows, not {count:,}")
    rng = np.random.default_rng(_SEED)
    shares = np.array([mission.share for mission in MISSIONS])
    edges = np.round(np.cumsum(shares / shares.sum()) * count).astype(int)
    bulk = Bulk(count)
    for number, (start, stop) in enumerate(zip([0, *edges[:-1].tolist()], edges.tolist(), strict=True)):
        if stop > start:
            bulk.fill(number, slice(start, stop), rng)
    bulk.keep_clear(clear)
    return bulk


@dataclass
class Bulk:
    """The columns of `count` simulated observations, and their footprints as numbers."""

    count: int
    ra_deg: Floats = field(init=False)
    dec_deg: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.ra_deg, self.dec_deg = np.zeros(self.count), np.zeros(self.count)
        self._mission = np.zeros(self.count, np.int8)
        self._size_deg, self._angle_deg = np.zeros(self.count), np.zeros(self.count)
        self._square = np.zeros(self.count, bool)
        self._floats = {
            name: np.full(self.count, np.nan)
            for name in ("t_min", "t_max", "t_exptime", "em_min", "em_max", "t_obs_release")
        }
        self._ints = {name: np.full(self.count, NO_INT, np.int32) for name in ("calib_level", "sequence_number")}
        self._codes: dict[str, Codes] = {}
        self._words: dict[str, dict[str | None, int]] = {}

    def fill(self, number: int, rows: slice, rng: np.random.Generator) -> None:
        """Write the observations of one mission into `rows`."""
        mission = MISSIONS[number]
        count = rows.stop - rows.start
        target = rng.integers(0, max(1, count // mission.per_target), count)
        targets_ra, targets_dec = _places(mission, int(target.max()) + 1, rng)
        spread = mission.size_deg / 2 if mission.square else mission.size_deg * 0.2
        self.dec_deg[rows] = np.clip(targets_dec[target] + rng.uniform(-spread, spread, count), -89.9, 89.9)
        aside = rng.uniform(-spread, spread, count) / np.cos(np.radians(self.dec_deg[rows]))
        self.ra_deg[rows] = (targets_ra[target] + aside) % 360
        self._mission[rows] = number
        self._size_deg[rows], self._square[rows] = mission.size_deg, mission.square
        self._angle_deg[rows] = rng.uniform(0, 90, count)
        self._times(mission, rows, rng)
        self._setups(mission, rows, rng)
        self._text("obs_collection", rows, [mission.collection])
        self._text("project", rows, [mission.collection])
        words = [f"{name} {SIMULATED}" for name in mission.provenances]
        self._text("provenance_name", rows, words, rng.integers(0, len(words), count))
        self._text("obs_title", rows, [f"{SIMULATED}: no such {mission.collection} observation was ever made"])
        first = 9_000_000 * (number + 1)
        names = [mission.target.format(first + i) for i in range(int(target.max()) + 1)]
        self._text("target_name", rows, names, target)
        programmes: list[str | None] = [f"{90_000 + 1000 * number + i}" for i in range(mission.proposals)]
        programmes = programmes or [None]
        self._text("proposal_id", rows, programmes, target % len(programmes))
        investigators: list[str | None] = [f"Simulated {i:03d}" for i in range(mission.proposals // 4)]
        investigators = investigators or [None]
        self._text("proposal_pi", rows, investigators, target % len(investigators))
        for name, word in (("intentType", "science"), ("dataRights", "PUBLIC")):
            self._text(name, rows, [word])

    def _times(self, mission: Mission, rows: slice, rng: np.random.Generator) -> None:
        count = rows.stop - rows.start
        span = mission.last_mjd - mission.first_mjd
        start = mission.first_mjd + rng.uniform(0, span, count)
        if mission.cadence_days:
            sequence = ((start - mission.first_mjd) // mission.cadence_days).astype(np.int32)
            self._ints["sequence_number"][rows] = sequence + 1
            start = mission.first_mjd + sequence * mission.cadence_days
        self._floats["t_min"][rows] = np.round(start, 6)

    def _setups(self, mission: Mission, rows: slice, rng: np.random.Generator) -> None:
        count = rows.stop - rows.start
        pick = rng.integers(0, len(mission.setups), count)
        chosen: Sequence[Setup] = mission.setups
        self._text("instrument_name", rows, [s.instrument for s in chosen], pick)
        self._text("filters", rows, [s.filters for s in chosen], pick)
        self._text("wavelength_region", rows, [s.band for s in chosen], pick)
        self._text("dataproduct_type", rows, [s.kind for s in chosen], pick)
        for name, values in (("em_min", [s.em_nm[0] for s in chosen]), ("em_max", [s.em_nm[1] for s in chosen])):
            self._floats[name][rows] = np.array(values, float)[pick]
        self._ints["calib_level"][rows] = np.array([s.calib_level for s in chosen])[pick]
        exposure = np.empty(count)
        for number, setup in enumerate(chosen):
            mine = pick == number
            exposure[mine] = rng.choice(setup.exposures_s, int(mine.sum()))
        t_min = self._floats["t_min"][rows]
        length_d = np.full(count, mission.cadence_days * 0.95) if mission.cadence_days else exposure / 86400
        self._floats["t_exptime"][rows] = exposure
        self._floats["t_max"][rows] = np.round(t_min + length_d, 6)
        self._floats["t_obs_release"][rows] = np.round(t_min + 90, 4)

    def _text(self, name: str, rows: slice, words: Sequence[str | None], pick: Any = 0) -> None:
        seen = self._words.setdefault(name, {})
        codes = self._codes.setdefault(name, np.zeros(self.count, np.int32))
        known = np.array([seen.setdefault(word, len(seen)) for word in words], np.int32)
        codes[rows] = known[pick]

    def keep_clear(self, places: Sequence[tuple[float, float]]) -> None:
        """Move what lies within 3 degrees of `places` (degrees) to the other side of the sky."""
        for ra, dec in places:
            near = separations_deg(unit_vectors(ra, dec), unit_vectors(self.ra_deg, self.dec_deg)) < _KEEP_CLEAR_DEG
            self.ra_deg[near] = (self.ra_deg[near] + 180) % 360
            self.dec_deg[near] = -self.dec_deg[near]

    def column(self, name: str) -> StoredColumn:
        """One column of the observations; columns that say nothing here are empty."""
        if name in ("s_ra", "s_dec"):
            return NumberColumn(self.ra_deg if name == "s_ra" else self.dec_deg)
        if name in self._floats or name in self._ints:
            return NumberColumn(self._floats[name] if name in self._floats else self._ints[name])
        if name == "srcDen":
            return NumberColumn(np.full(self.count, np.nan))
        if name == "mtFlag":
            return NumberColumn(np.zeros(self.count, np.int8), boolean=True)
        if name in ("obsid", "objID"):
            first = FIRST_OBSID if name == "obsid" else FIRST_OBSID + 1_000_000_000
            return NumberColumn(np.arange(first, first + self.count, dtype=np.int64))
        if name in ("obs_id", "s_region"):
            return MadeColumn([], self.obs_ids if name == "obs_id" else self.s_regions)
        if name in self._codes:
            return TextColumn(self._codes[name], list(self._words[name]))
        return TextColumn(np.zeros(self.count, np.int32), [None])

    def obs_ids(self, rows: Index) -> list[str | None]:
        names = [mission.collection.lower() for mission in MISSIONS]
        return [
            f"sim_{names[code]}_{row:06d}"
            for row, code in zip(rows.tolist(), self._mission[rows].tolist(), strict=True)
        ]

    def s_regions(self, rows: Index) -> list[str | None]:
        """The footprints as MAST writes them."""
        found: list[str | None] = []
        corners = self._corners(rows)
        ra = np.degrees(np.arctan2(corners[..., 1], corners[..., 0])) % 360
        dec = np.degrees(np.arcsin(np.clip(corners[..., 2], -1, 1)))
        for i, row in enumerate(rows.tolist()):
            if self._square[row]:
                pairs = " ".join(f"{a:.8f} {d:.8f}" for a, d in zip(ra[i].tolist(), dec[i].tolist(), strict=True))
                found.append(f"POLYGON ICRS {pairs} {ra[i, 0]:.8f} {dec[i, 0]:.8f}")
            else:
                place = f"{self.ra_deg[row]:.8f} {self.dec_deg[row]:.8f}"
                found.append(f"CIRCLE ICRS {place} {self._size_deg[row]:.8f}")
        return found

    @property
    def reach_deg(self) -> Floats:
        """How far each footprint reaches from its centre."""
        return np.where(self._square, self._size_deg * 0.7072, self._size_deg)

    def distances_deg(self, point: Floats, rows: Index) -> Floats:
        """From `point` (3,) to the footprints of `rows` in degrees, 0 inside."""
        centres = unit_vectors(self.ra_deg[rows], self.dec_deg[rows])
        found: Floats = np.maximum(0.0, separations_deg(point, centres) - self._size_deg[rows])
        square = self._square[rows]
        if square.any():
            found[square] = boxes_distance_deg(point, self._corners(rows[square]))
        return found

    def _corners(self, rows: Index) -> Floats:
        """Unit vectors (n, 4, 3) of the corners of squares around the positions."""
        centre = unit_vectors(self.ra_deg[rows], self.dec_deg[rows])
        ra = np.radians(self.ra_deg[rows])
        east = np.stack([-np.sin(ra), np.cos(ra), np.zeros_like(ra)], axis=-1)
        north = np.cross(centre, east)
        half = np.radians(self._size_deg[rows]) / np.sqrt(2)
        turns = np.radians(self._angle_deg[rows][:, None] + np.array([45.0, 135.0, 225.0, 315.0]))
        along = np.cos(turns)[..., None] * east[:, None] + np.sin(turns)[..., None] * north[:, None]
        corners = centre[:, None] + np.tan(half)[:, None, None] * along
        unit: Floats = corners / np.linalg.norm(corners, axis=-1, keepdims=True)
        return unit


def _places(mission: Mission, count: int, rng: np.random.Generator) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Right ascension and declination of `count` targets in degrees."""
    if mission.placement == "kepler":
        turn, away = rng.uniform(0, 2 * np.pi, count), 7.0 * np.sqrt(rng.uniform(0, 1, count))
        dec = 44.5 + away * np.sin(turn)
        return (290.667 + away * np.cos(turn) / np.cos(np.radians(dec))) % 360, dec
    if mission.placement == "ecliptic":
        return _equatorial(rng.uniform(0, 360, count), rng.normal(0, 5, count))
    if mission.placement == "fields":
        ra, dec = _uniform(max(1, count // 15), -1.0, rng)
        pick = rng.integers(0, len(ra), count)
        dec = np.clip(dec[pick] + rng.normal(0, 0.2, count), -89.9, 89.9)
        return (ra[pick] + rng.normal(0, 0.2, count) / np.cos(np.radians(dec))) % 360, dec
    return _uniform(count, -0.5 if mission.placement == "north" else -1.0, rng)


def _uniform(count: int, lowest_sine: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    return rng.uniform(0, 360, count), np.degrees(np.arcsin(rng.uniform(lowest_sine, 1, count)))


def _equatorial(longitude_deg: Floats, latitude_deg: Floats) -> tuple[Floats, Floats]:
    x, y, z = np.moveaxis(unit_vectors(longitude_deg, latitude_deg), -1, 0)
    tilt = np.radians(_OBLIQUITY_DEG)
    y, z = y * np.cos(tilt) - z * np.sin(tilt), y * np.sin(tilt) + z * np.cos(tilt)
    return np.degrees(np.arctan2(y, x)) % 360, np.degrees(np.arcsin(z))
