"""The box that takes anything: what a person typed, and how it was read.

A name, coordinates, a catalogue number (TIC, KIC, EPIC), a proposal, an observation or data set id, a `mast:` URI, a
DOI. The reading is shown before anything is asked, so that a wrong one can be mended by the person, not guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from mast_tui.core import sky
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.text import clean

TargetKind = Literal["name", "position", "catalogue", "proposal", "observation", "uri", "doi"]


@dataclass(frozen=True)
class Target:
    """What was typed (`asked`), its kind, and the value in the spelling the archive wants."""

    asked: str
    kind: TargetKind
    value: str
    ra_deg: float | None = None
    dec_deg: float | None = None

    @property
    def read_as(self) -> str:
        """One line for the screen: 'read as: proposal 1979'.

        A name is not repeated, and what is stands at the end, so that a typed letter changes one cell or none.
        """
        if self.kind == "position":
            assert self.ra_deg is not None and self.dec_deg is not None
            return f"position {sky.format_position(self.ra_deg, self.dec_deg)}"
        shown = clean(self.value, 80)
        return {
            "name": "a name, to be resolved",
            "catalogue": f"exactly the target {shown}",
            "proposal": f"proposal {shown}",
            "observation": f"observation {shown}",
            "uri": f"file to look at: {shown}",
            "doi": f"DOI {shown}",
        }[self.kind]


_CATALOGUE = re.compile(r"^(TIC|KIC|EPIC)[\s_-]*0*(\d{1,12})$", re.I)
_KEPLER_TARGET = re.compile(r"^(kplr|ktwo)(\d{9})$", re.I)
_PROPOSAL = re.compile(r"^(?:proposal|program(?:me)?|prop|pid|go|gto|ers|ddt|pep)[\s#:-]*0*(\d{2,6})$", re.I)
_DOI = re.compile(r"^(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)$", re.I)
_OBSERVATION = re.compile(
    r"""^(?:
      tess\d{13}-s\d{4}-\S+            # TESS light curve, pixel file or full frame
    | (?:kplr|ktwo)\d{9}[-_]\S+        # Kepler, K2
    | jw\d{5}\S*                       # Webb
    | hst_\d+_\S+ | hst_skycell\S+     # Hubble advanced products
    | hlsp_\S+                         # contributed
    | (?:lwp|lwr|swp)\d{5}             # IUE
    | [ijlnouvwxyz][0-9a-z]{3}[0-9a-z]{2}[0-9a-z]{2}[0-9a-jmopqrst]  # Hubble rootname, ipppssoot
    )$""",
    re.I | re.X,
)


def read_target(text: str) -> Target:
    """How `text` is read. InvalidQuery when it is empty, or has the form of coordinates and names no point."""
    asked = text.strip()
    if not asked:
        raise InvalidQuery("nothing to search for", "", "Type a name, coordinates, TIC number, proposal or data set")
    if asked.lower().startswith("mast:"):
        return Target(asked, "uri", asked)
    doi = _DOI.match(asked)
    if doi:
        return Target(asked, "doi", doi[1])
    catalogue = _CATALOGUE.match(asked)
    if catalogue:
        return Target(asked, "catalogue", f"{catalogue[1].upper()} {catalogue[2]}")
    kepler = _KEPLER_TARGET.match(asked)
    if kepler:
        return Target(asked, "catalogue", f"{'KIC' if kepler[1].lower() == 'kplr' else 'EPIC'} {int(kepler[2])}")
    proposal = _PROPOSAL.match(asked) or re.match(r"^0*(\d{3,5})$", asked)
    if proposal:
        return Target(asked, "proposal", proposal[1])
    position = sky.parse_position(asked)
    if position is not None:
        return Target(asked, "position", asked, *position)
    if sky.looks_like_position(asked):
        raise InvalidQuery(
            f"“{clean(asked, 60)}” can't be read as coordinates",
            "",
            "Write them as 270.904 -24.387 or 18 03 37 -24 23 12",
        )
    if _OBSERVATION.match(asked) and re.search(r"\d", asked):
        return Target(asked, "observation", asked)
    return Target(asked, "name", asked)


def exact_names(catalogue_id: str) -> tuple[str, ...]:
    """The `target_name` values under which missions file a catalogue number.

    TESS files the bare TIC number, Kepler `kplr` and nine digits, K2 `ktwo` and nine digits; contributed products
    also use the catalogue's prefix.
    """
    catalogue, _, number = catalogue_id.partition(" ")
    first = {"TIC": number, "KIC": f"kplr{int(number):09d}", "EPIC": f"ktwo{int(number):09d}"}[catalogue]
    return first, f"{catalogue} {number}", f"{catalogue}{number}"
