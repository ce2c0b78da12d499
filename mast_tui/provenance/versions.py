"""Do files that are to be used together come out of one version of one pipeline? If not, that is said before they are.

The archive reprocesses missions one after the other, so one search can give exposures calibrated by different versions;
a difference between them may then come from the software. Versions are compared within one instrument of a mission
(for contributed products within one project), and only for calibrated science.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from mast_tui.core.text import clean
from mast_tui.provenance.names import read_name

#: So many versions, and so many files without one's own, are named in a sentence.
_NAMED = 4
#: Level from which a product counts as calibrated (CAOM).
_CALIBRATED = 2
#: Suffixes of light curves.
_CURVES = frozenset(("lc", "llc", "slc", "fast-lc"))
_NUMBER = re.compile(r"\d+")


class Versioned(Protocol):
    """What a `FetchItem` and a `FileRecord` have in common."""

    @property
    def uri(self) -> str: ...
    @property
    def collection(self) -> str: ...
    @property
    def product_type(self) -> str: ...
    @property
    def calib_level(self) -> int | None: ...
    @property
    def version(self) -> str: ...


def mixed_versions(items: Iterable[Versioned], read: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """A sentence for every instrument whose calibrated files were made by several versions, and one where light curves
    of several pipelines come together; () when nothing is mixed.

    `read` has the versions that headers say, by URI; they are trusted more than the archive's list. A file of which
    no version is known is not counted.
    """
    versions: dict[str, Counter[str]] = {}
    makers: dict[str, Counter[str]] = {}
    for item in items:
        if not _counts(item):
            continue
        group, curve = _group_of(item)
        version = clean((read or {}).get(item.uri) or item.version, 60).strip()
        # a name without a number ("CALACS") is no version
        if version and _NUMBER.search(version):
            versions.setdefault(group, Counter())[version] += 1
        if curve:
            mission = "TESS" if "tess" in item.uri.lower() else "Kepler"
            makers.setdefault(mission, Counter())[group] += 1
    return (
        *(_sentence(group, found) for group, found in sorted(versions.items()) if len(found) > 1),
        *(_curves(mission, found) for mission, found in sorted(makers.items()) if len(found) > 1),
    )


def _counts(item: Versioned) -> bool:
    """Is it calibrated science? Where nothing is known of a file, its name says so or it is not counted."""
    if item.product_type not in ("", "SCIENCE"):
        return False
    if item.calib_level is not None:
        return item.calib_level >= _CALIBRATED
    return read_name(item.uri).stage in ("calibrated", "combined", "high-level")


def _group_of(item: Versioned) -> tuple[str, bool]:
    """'JWST NIRCam', 'HST ACS', 'TESS', 'HLSP qlp'; and whether it is a light curve."""
    named = read_name(item.uri)
    project = re.match(r"mast:HLSP/([A-Za-z0-9-]{1,60})/", item.uri)
    if project is not None:
        return f"HLSP {project[1].lower()}", named.suffix in _CURVES
    mission = named.mission or clean(item.collection, 40) or "files"
    return f"{mission} {named.instrument}".strip(), named.suffix in _CURVES


def _sentence(group: str, found: Counter[str]) -> str:
    return (
        f"{group}: made by {len(found)} versions of the pipeline or its data: {_counted(_in_order(found), found)}. "
        "Differences between these files may come from that."
    )


def _curves(mission: str, found: Counter[str]) -> str:
    return (
        f"{mission} light curves of {len(found)} pipelines: {_counted(sorted(found), found)}. "
        "Their apertures and detrending differ."
    )


def _counted(names: Sequence[str], found: Counter[str]) -> str:
    shown = [f"{name} ({found[name]:,})" for name in names[:_NAMED]]
    more = len(names) - len(shown)
    return "; ".join(shown) + (f"; and {more:,} more" if more else "")


def _in_order(found: Iterable[str]) -> list[str]:
    """1.8.2 before 1.12.5: by their numbers, not by their letters."""
    return sorted(found, key=lambda version: ([int(n) for n in _NUMBER.findall(version)[:6]], version))
