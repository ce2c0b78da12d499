"""The question: a place on the sky, conditions on columns, or both; printable, savable, and the same in every spelling.

`Query.service` and `Query.params` are exactly what is sent to the archive (the Mashup protocol that astroquery's
`Observations` speaks); the command line, the form, the history and the manifest all hold this noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mast_tui.core import sky
from mast_tui.core.columns import Column, queryable_column
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.target import Target, exact_names
from mast_tui.core.text import clean
from mast_tui.core.times import iso_to_mjd

#: Missions as `obs_collection` spells them (list_missions as recorded in astroquery's test data, and Roman).
MISSIONS = (
    "HST", "JWST", "TESS", "Kepler", "K2", "GALEX", "IUE", "FUSE", "PS1", "HLSP", "HLA", "SWIFT", "EUVE", "HUT",
    "WUPPE", "BEFS", "TUES", "KeplerFFI", "K2FFI", "SPITZER_SHA", "FIMS-SPEAR", "SDSS", "OPO", "Roman",
)  # fmt: skip
PRODUCT_TYPES = (
    "image", "spectrum", "timeseries", "cube", "sed", "visibility", "eventlist", "catalog", "engineering",
    "measurements",
)  # fmt: skip
RIGHTS = ("PUBLIC", "EXCLUSIVE_ACCESS", "RESTRICTED")
_SPELLINGS = {
    "obs_collection": MISSIONS,
    "dataproduct_type": PRODUCT_TYPES,
    "dataRights": RIGHTS,
    "intentType": ("science", "calibration"),
}
_DATES = frozenset({"t_min", "t_max", "t_obs_release"})
_RANGE = re.compile(r"^(.*?)\.\.(.*)$")


@dataclass(frozen=True)
class Position:
    """A cone: centre and radius in degrees (ICRS), and whose words the centre comes from."""

    ra_deg: float
    dec_deg: float
    radius_deg: float
    name: str = ""
    resolver: str = ""


@dataclass(frozen=True)
class Criterion:
    """A condition on one column: any of `values`, or a `pattern` with %, or the range `low`..`high`."""

    column: str
    values: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None

    def to_filter(self) -> dict[str, Any]:
        """The Mashup filter, as `PortalAPI.build_filter_set` of astroquery writes it."""
        if self.low is not None and self.high is not None:
            return {"paramName": self.column, "values": [{"min": self.low, "max": self.high}]}
        made: dict[str, Any] = {"paramName": self.column, "values": list(self.values)}
        if self.pattern:
            made["freeText"] = self.pattern
        if self.column in {"filters", "wavelength_region", "target_classification", "obs_collection"}:
            made["separator"] = ";"
        return made

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.column}={self.low!r}..{self.high!r}"
        return f"{self.column}={','.join((*self.values, *([self.pattern.replace('%', '*')] if self.pattern else [])))}"


@dataclass(frozen=True)
class Query:
    """What is asked of the archive. `asked` keeps the person's own words."""

    asked: str = ""
    position: Position | None = None
    criteria: tuple[Criterion, ...] = ()

    @property
    def service(self) -> str:
        if self.position is None:
            return "Mast.Caom.Filtered"
        return "Mast.Caom.Filtered.Position" if self.criteria else "Mast.Caom.Cone"

    def params(self, columns: Sequence[str] | None = None) -> dict[str, Any]:
        """The service's parameters; InvalidQuery for a question without any condition."""
        if self.position is None and not self.criteria:
            raise InvalidQuery("this would ask for the whole archive", "", "Give a target or at least one condition")
        p = self.position
        if p is not None and not self.criteria:
            return {"ra": p.ra_deg, "dec": p.dec_deg, "radius": p.radius_deg}
        params: dict[str, Any] = {
            "columns": ",".join(columns) if columns else "*",
            "filters": [c.to_filter() for c in self.criteria],
        }
        if p is not None:
            params["position"] = f"{p.ra_deg!r}, {p.dec_deg!r}, {p.radius_deg!r}"
        return params

    def describe(self) -> str:
        """One line: 'M8 (SIMBAD) within 72″ · obs_collection=HST'."""
        parts = []
        if self.position is not None:
            p = self.position
            name = f"{clean(p.name, 40)} ({clean(p.resolver, 20)})" if p.resolver else clean(p.name, 40)
            where = name or f"{p.ra_deg:.5f} {p.dec_deg:+.5f}"
            parts.append(f"{where} within {sky.format_radius(p.radius_deg)}")
        for c in self.criteria:
            # a target that stands for several spellings is said as it was asked
            own = {"target_name": f"{self.asked}, exactly", "proposal_id": f"proposal {''.join(c.values[:1])}"}
            several = len(c.values) > 1 and bool(self.asked)
            parts.append(clean(own.get(c.column, c) if several else c, 80))
        return " · ".join(parts)

    def to_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {"asked": self.asked, "service": self.service, "params": self.params()}
        if self.position is not None:
            p = self.position
            made["position"] = {
                "ra_deg": p.ra_deg,
                "dec_deg": p.dec_deg,
                "radius_deg": p.radius_deg,
                "name": p.name,
                "resolver": p.resolver,
            }
        made["criteria"] = [str(c) for c in self.criteria]
        return made

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Query:
        place = data.get("position")
        return cls(
            str(data.get("asked", "")),
            Position(**place) if isinstance(place, dict) else None,
            parse_criteria(data.get("criteria", ())),
        )


def parse_criteria(words: Iterable[str]) -> tuple[Criterion, ...]:
    """Conditions from COLUMN=VALUE words; two on one column are an error, since the archive would take only one."""
    made: dict[str, Criterion] = {}
    for word in words:
        criterion = parse_criterion(word)
        if criterion.column in made:
            raise InvalidQuery(
                f"{criterion.column} is given twice", "", f"Join the values: {criterion.column}=A,B or =LOW..HIGH"
            )
        made[criterion.column] = criterion
    return tuple(made.values())


def parse_criterion(word: str) -> Criterion:
    """One condition from COLUMN=VALUE: VALUE is A,B for any of them, * a wildcard, LOW..HIGH a range, dates in ISO."""
    name, equals, value = word.partition("=")
    value = value.strip()
    if not equals or not value:
        raise InvalidQuery(f"“{clean(word, 60)}” is not a condition", "", "Write it as COLUMN=VALUE")
    column = queryable_column(name.strip())
    if column.continuous:
        low, high = _range(column, value)
        return Criterion(column.name, low=low, high=high)
    if column.kind == "int":
        return Criterion(column.name, values=_integers(column, value))
    words = tuple(v.strip() for v in value.split(",") if v.strip()) if "," in value else (value,)
    plain = tuple(_spelling(column.name, v) for v in words if not re.search(r"[*%]", v))
    patterns = [v.replace("*", "%") for v in words if re.search(r"[*%]", v)]
    if len(patterns) > 1:
        raise InvalidQuery(f"{column.name} takes one wildcard only", "The archive reads no more", "Ask twice")
    return Criterion(column.name, values=plain, pattern=patterns[0] if patterns else "")


def _spelling(column: str, value: str) -> str:
    """The archive's own case of a value that has a fixed list; unknown ones stay as typed: the archive may grow."""
    known = {k.lower(): k for k in _SPELLINGS.get(column, ())}
    return known.get(value.lower(), value)


def _integers(column: Column, value: str) -> tuple[str, ...]:
    try:
        span = _RANGE.match(value)
        if span:
            first, last = int(span[1]), int(span[2])
            if not 0 <= last - first <= 500:
                raise ValueError
            return tuple(str(i) for i in range(first, last + 1))
        return tuple(str(int(v)) for v in value.split(","))
    except ValueError:
        raise InvalidQuery(
            f"“{clean(value, 40)}” is no value for {column.name}",
            "It takes whole numbers",
            f"{column.name}=2,3 or 2..3",
        ) from None


def _range(column: Column, value: str) -> tuple[float, float]:
    span = _RANGE.match(value)
    try:
        if span:
            low = _bound(column, span[1], first=True) if span[1].strip() else -1e308
            high = _bound(column, span[2], first=False) if span[2].strip() else 1e308
        elif value[:1] in "<>":
            edge = value.lstrip("<>= ")
            low, high = (-1e308, _bound(column, edge, first=False)) if value[0] == "<" else (
                _bound(column, edge, first=True), 1e308)  # fmt: skip
        elif column.name in _DATES:
            low, high = _bound(column, value, first=True), _bound(column, value, first=False)
        else:
            raise InvalidQuery(
                f"{column.name} is measured: it needs a range",
                "An exact value would match nothing",
                f"Write {column.name}=LOW..HIGH or {column.name}=>LOW",
            )
    except ValueError:
        unit = f" in {column.unit}" if column.unit else ""
        raise InvalidQuery(
            f"“{clean(value, 40)}” is no range for {column.name}",
            f"It takes numbers{unit}" + (", or dates as 2018-07-25" if column.name in _DATES else ""),
            f"Write {column.name}=LOW..HIGH",
        ) from None
    if low > high:
        raise InvalidQuery(f"the range of {column.name} ends before it begins", "", "Swap its ends")
    return low, high


def _bound(column: Column, text: str, first: bool) -> float:
    text = text.strip()
    if column.name in _DATES and re.match(r"^\d{4}(-\d\d(-\d\d.*)?)?$", text):
        return iso_to_mjd(text) if first else _end_of(text)
    return float(text)


def _end_of(date: str) -> float:
    """The last moment of a year, a month or a day, as MJD."""
    if len(date) == 4:
        return iso_to_mjd(f"{int(date) + 1:04d}-01-01")
    if len(date) == 7:
        year, month = int(date[:4]), int(date[5:7])
        return iso_to_mjd(f"{year + month // 12:04d}-{month % 12 + 1:02d}-01")
    return iso_to_mjd(date) + (1.0 if len(date) == 10 else 0.0)


def query_for(target: Target, radius_deg: float | None, criteria: Sequence[Criterion] = ()) -> Query | None:
    """The query of a target that needs no resolver, or None when its name must be resolved first.

    A catalogue number asks for exactly that target unless a radius is given; then it is a name like any other.
    """
    if target.kind == "position":
        assert target.ra_deg is not None and target.dec_deg is not None
        place = Position(target.ra_deg, target.dec_deg, radius_deg or sky.DEFAULT_RADIUS_DEG)
        return Query(target.asked, place, tuple(criteria))
    if target.kind == "catalogue" and radius_deg is None:
        own = Criterion("target_name", values=exact_names(target.value))
    elif target.kind == "proposal":
        own = Criterion("proposal_id", values=(target.value, *_padded(target.value)))
    elif target.kind == "observation":
        own = Criterion("obs_id", values=(target.value,))
    elif target.kind in ("uri", "doi"):
        raise InvalidQuery(
            f"“{clean(target.asked, 80)}” names {'one file' if target.kind == 'uri' else 'a selection'}, not a target",
            "",
            "Fetch it with `mast-tui get`" if target.kind == "uri" else "Open it at https://doi.org",
        )
    else:
        return None
    if any(c.column == own.column for c in criteria):
        raise InvalidQuery(f"{own.column} is given twice", "The target already sets it", "Leave one of the two out")
    return Query(target.asked, None, (own, *criteria))


def _padded(proposal: str) -> tuple[str, ...]:
    """Webb and some Hubble proposals are filed with leading zeros as well: '1979' and '01979'."""
    return (f"{int(proposal):05d}",) if len(proposal) < 5 else ()
