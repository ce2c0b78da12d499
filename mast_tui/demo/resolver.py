"""The name resolver (SANTA): recorded names, the demo's own targets, and the target names of all observations.

The server calls it for `GET /Santa-war/query`, direct or as a proxy, and `invoke` for `Mast.Name.Lookup`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mast_tui.demo import recorded
from mast_tui.demo.criteria import Criterion
from mast_tui.demo.fields import OBSERVATION_FIELDS
from mast_tui.demo.messages import Json, Request, Response
from mast_tui.demo.sky import Sky

Entry = dict[str, Any]
#: SANTA takes at most this many names in one request.
MAX_NAMES = 30
_CATALOGS = (
    (re.compile(r"tic0*(\d+)"), "TIC", ("{}",)),
    (re.compile(r"kic0*(\d+)"), "KEPLER", ("kplr{:0>9}",)),
    (re.compile(r"epic0*(\d+)"), "K2", ("ktwo{:0>9}",)),
)
#: Catalogue numbers that a TESS, Kepler or K2 target name is made of, so that `TIC 1234` finds target `1234`.
_TARGETS = (
    (re.compile(r"kplr0*(\d+)"), "KIC {}", "KEPLER"),
    (re.compile(r"ktwo0*(\d+)"), "EPIC {}", "K2"),
    (re.compile(r"0*(\d{4,})"), "TIC {}", "TIC"),
)


def plain(name: str) -> str:
    """A name without case, blanks and hyphens, so that `pi Men`, `PI  MEN` and `WASP-18`, `wasp 18` meet."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


class Resolver:
    """Positions by name. Of several resolvers for one name, the first listed is the one MAST prefers."""

    def __init__(self, sky: Sky, entries: Iterable[Mapping[str, Any]] = ()):
        """`entries` have canonicalName, searchStrings, resolver, ra, decl (degrees) and objectType."""
        self._sky = sky
        self._by_name: dict[str, list[Entry]] = {}
        for row in recorded.table("resolver.json")["resolvedCoordinate"]:
            kept = {k: v for k, v in row.items() if k != "searchString"}
            self._add([row["searchString"], row["canonicalName"]], kept)
        for entry in entries:
            names = [*entry["searchStrings"], entry["canonicalName"]]
            self._add(names, {k: v for k, v in entry.items() if k != "searchStrings"})
        for held in sky.held:
            row = held.row
            if row.get("target_name") and row.get("s_ra") is not None:
                self._add_target(str(row["target_name"]), float(row["s_ra"] or 0), float(row["s_dec"] or 0))

    def _add(self, names: Sequence[str], entry: Entry) -> None:
        for name in {plain(name) for name in names}:
            known = self._by_name.setdefault(name, [])
            if entry["resolver"] not in {other["resolver"] for other in known}:
                known.append(entry)

    def _add_target(self, target: str, ra_deg: float, dec_deg: float) -> None:
        canonical, resolver = target, "SIMBAD"
        for pattern, written, name in _TARGETS:
            number = pattern.fullmatch(target)
            if number:
                canonical, resolver = written.format(number[1]), name
                break
        if plain(canonical) not in self._by_name:
            self._add([canonical, target], _entry(canonical, resolver, ra_deg, dec_deg))

    def lookup(self, name: str) -> list[Entry]:
        """All answers for one name, none when it is unknown; a catalogue comes first for its own numbers."""
        key = plain(name)
        found = self._by_name.get(key) or self._by_name.get(key.removeprefix("name")) or self._simulated(key)
        own = next((resolver for pattern, resolver, _ in _CATALOGS if pattern.fullmatch(key)), None)
        return sorted(found, key=lambda entry: entry["resolver"] != own) if own else found

    def _simulated(self, key: str) -> list[Entry]:
        """A catalogue number that only a simulated observation has."""
        for pattern, resolver, targets in _CATALOGS:
            number = pattern.fullmatch(key)
            if not number:
                continue
            values = [written.format(number[1]) for written in targets] + [number[1].zfill(9)]
            wanted = Criterion.read({"paramName": "target_name", "values": values})
            first = self._sky.select([wanted]).part(0, 1)
            if len(first):
                fields = [field for field in OBSERVATION_FIELDS if field.name in ("s_ra", "s_dec")]
                ra, dec = next(iter(self._sky.rows(first, fields)))
                canonical = f"{'KIC' if resolver == 'KEPLER' else 'EPIC' if resolver == 'K2' else 'TIC'} {number[1]}"
                return [_entry(canonical, resolver, float(ra or 0), float(dec or 0))]
        return []

    def answer(self, names: Sequence[str], resolve_all: bool, only: Sequence[str]) -> Json:
        """SANTA's answer: `searchString` is the name in lower case, as astroquery compares it."""
        found: list[Entry] = []
        for name in names:
            entries = self.lookup(name)
            if only and not resolve_all:
                entries = [entry for entry in entries if entry["resolver"] in only]
            elif not resolve_all:
                entries = entries[:1]
            found += [{"searchString": name.lower()} | entry for entry in entries]
        return {"resolvedCoordinate": found, "status": ""}

    def respond(self, request: Request) -> Response:
        """`GET /Santa-war/query?name=...&resolver=...&resolveAll=True&outputFormat=json`."""
        names = request.query.get("name", [])
        if not names:
            return Response.text("no name was given\n", 400)
        if len(names) > MAX_NAMES:
            return Response.text(f"at most {MAX_NAMES} names can be resolved at once\n", 400)
        only = [name.upper() for name in request.query.get("resolver", [])]
        return Response.of_json(self.answer(names, request.first("resolveAll").lower() == "true", only))


def _entry(canonical: str, resolver: str, ra_deg: float, dec_deg: float) -> Entry:
    return {
        "resolver": resolver,
        "cached": True,
        "resolverTime": 1,
        "searchRadius": -1.0,
        "canonicalName": canonical,
        "ra": ra_deg,
        "decl": dec_deg,
        "objectType": "",
    }
