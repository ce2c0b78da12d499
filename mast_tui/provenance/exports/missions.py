"""How MAST asks to acknowledge the data of its missions, word for word, with the page each text stands on.

The texts change rarely, but they do: the source is exported with each, to be looked at before printing.
"""

from __future__ import annotations

from dataclasses import dataclass

#: MAST's page of acknowledgements by mission; its texts as quoted by several projects in 2025 and 2026.
MISSIONS_PAGE = "https://archive.stsci.edu/publishing/mission-acknowledgements"
DATA_USE_PAGE = "https://archive.stsci.edu/data_use.html"
ATTRIBUTIONS_PAGE = "https://archive.stsci.edu/publishing/data-attributions"

_STSCI = "STScI is operated by the Association of Universities for Research in Astronomy, Inc., under NASA contract "


@dataclass(frozen=True)
class Acknowledgement:
    """`text` is MAST's; where it names programmes, PROGRAMS stands in it."""

    text: str
    source: str


_KEPLER = Acknowledgement(
    "This paper includes data collected by the Kepler mission and obtained from the MAST data archive at the Space "
    "Telescope Science Institute (STScI). Funding for the Kepler mission is provided by the NASA Science Mission "
    f"Directorate. {_STSCI}NAS 5–26555.",
    MISSIONS_PAGE,
)
#: By obs_collection.
BY_MISSION: dict[str, Acknowledgement] = {
    "HST": Acknowledgement(
        "This research is based on observations made with the NASA/ESA Hubble Space Telescope obtained from the Space "
        "Telescope Science Institute, which is operated by the Association of Universities for Research in Astronomy, "
        "Inc., under NASA contract NAS 5–26555. These observations are associated with program(s) PROGRAMS.",
        MISSIONS_PAGE,
    ),
    "JWST": Acknowledgement(
        "This work is based [in part] on observations made with the NASA/ESA/CSA James Webb Space Telescope. The data "
        "were obtained from the Mikulski Archive for Space Telescopes at the Space Telescope Science Institute, which "
        "is operated by the Association of Universities for Research in Astronomy, Inc., under NASA contract NAS "
        "5-03127 for JWST. These observations are associated with program #PROGRAMS.",
        MISSIONS_PAGE,
    ),
    "TESS": Acknowledgement(
        "This paper includes data collected with the TESS mission, obtained from the MAST data archive at the Space "
        "Telescope Science Institute (STScI). Funding for US Institutions for the TESS mission is provided by the NASA "
        f"Explorer Program. {_STSCI}NAS5–26555.",
        MISSIONS_PAGE,
    ),
    "Kepler": _KEPLER,
    "KeplerFFI": _KEPLER,
    "K2": _KEPLER,
    "K2FFI": _KEPLER,
}
#: For every other collection.
GENERAL = Acknowledgement(
    "Some/all of the data presented in this paper were obtained from the Mikulski Archive for Space Telescopes (MAST). "
    f"{_STSCI}NAS5-26555. Support for MAST for non-HST data is provided by the NASA Office of Space Science via grant "
    "NNX09AF08G and by other grants and contracts.",
    DATA_USE_PAGE,
)
