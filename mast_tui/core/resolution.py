"""What the resolvers say of a name: every answer side by side, so that a disagreement is seen before it misleads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mast_tui.core import sky


@dataclass(frozen=True)
class Resolution:
    """One resolver's answer: position in ICRS degrees, the name it knows the object by, and its type."""

    name: str
    resolver: str
    canonical_name: str
    ra_deg: float
    dec_deg: float
    object_type: str = ""

    def to_json(self) -> dict[str, str | float]:
        return {
            "name": self.name,
            "resolver": self.resolver,
            "canonical_name": self.canonical_name,
            "ra_deg": self.ra_deg,
            "dec_deg": self.dec_deg,
            "object_type": self.object_type,
        }


def largest_separation_arcsec(answers: Sequence[Resolution]) -> float:
    """How far the resolvers disagree at worst; 0 for one answer or none."""
    return max(
        (
            sky.separation_arcsec(a.ra_deg, a.dec_deg, b.ra_deg, b.dec_deg)
            for i, a in enumerate(answers)
            for b in answers[i + 1 :]
        ),
        default=0.0,
    )


def disagree(answers: Sequence[Resolution], radius_deg: float) -> bool:
    """Do the answers differ by more than a tenth of the search radius? Then a person must choose."""
    return largest_separation_arcsec(answers) > radius_deg * 3600 / 10
