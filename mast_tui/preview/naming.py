"""Target and instrument of a FITS file from whichever keyword the mission uses, and whether it is real.

Used by `jobs`.
"""

from __future__ import annotations

from collections.abc import Sequence

from mast_tui.core.text import clean
from mast_tui.preview.guard import Hdu

_NO_NAME = frozenset(("", "UNKNOWN", "NONE", "N/A", "DATA"))
_TARGETS = ("TARGNAME", "OBJECT", "TARGPROP", "LTARGET", "TARGETID", "FTARGET", "HLSPTARG", "TARGET")
#: Only the first HDUs say what the file is about; the 60th slit of a spectrum has a name of its own.
_FIRST = 2


def target(hdus: Sequence[Hdu]) -> str | None:
    """The target's name as the file writes it; a bare catalogue number of TESS or Kepler gets its catalogue's name."""
    for keyword in _TARGETS:
        for hdu in hdus[:_FIRST]:
            name = clean(hdu.header.text(keyword), 80)
            if name.upper() not in _NO_NAME:
                return f"{_catalogue(hdus)} {name}".strip() if name.isdigit() else name
    for keyword, catalogue in (("TICID", "TIC"), ("KEPLERID", _catalogue(hdus))):
        for hdu in hdus[:_FIRST]:
            number = hdu.header.text(keyword)
            if number.isdigit():
                return f"{catalogue} {number}"
    return None


def _catalogue(hdus: Sequence[Hdu]) -> str:
    telescope = _first(hdus, "TELESCOP").upper()
    if "TESS" in telescope:
        return "TIC"
    if "KEPLER" in telescope or telescope == "K2":
        return "EPIC" if _first(hdus, "CAMPAIGN") else "KIC"
    return ""


def instrument(hdus: Sequence[Hdu]) -> str | None:
    """'HST/COS', 'JWST/NIRCAM', 'TESS', 'IUE/LWP': telescope and instrument, each once."""
    telescope, name = clean(_first(hdus, "TELESCOP"), 60), clean(_first(hdus, "INSTRUME"), 60)
    telescope = "Kepler" if telescope == "KEPLER" else telescope  # as lightkurve writes it
    if telescope.upper() == "IUE" and not name:
        name = clean(_first(hdus, "CAMERA"), 60)
    if not telescope or not name:
        return telescope or name or None
    if name.upper().startswith(telescope.upper()):
        return telescope
    return f"{telescope}/{name}"


#: What is shown of a file that says so itself.
SIMULATED_NOTE = "simulated data, by the file's own words"


def is_simulated(hdus: Sequence[Hdu]) -> bool:
    """Whether the file itself says so in a comment, as the files of the embedded archive do."""
    return any(
        card.keyword == "COMMENT" and card.value.lstrip().startswith("SIMULATED")
        for hdu in hdus[:_FIRST]
        for card in hdu.header.cards
    )


def _first(hdus: Sequence[Hdu], keyword: str) -> str:
    return next((text for hdu in hdus[:_FIRST] if (text := hdu.header.text(keyword))), "")
