"""Which software made a file, in which version: read from the cards of its primary header, without astropy.

The archive reprocesses what it holds, so the same URI gives other bytes next year; the versions in the header tell why.
Used by the record of a fetch and by whoever compares versions. Keywords and what they say:

- JWST: SDP_VER (data processing system), CAL_VER (the `jwst` package), CRDS_CTX (reference files); PROGRAM.
  https://jwst-pipeline.readthedocs.io, "Keyword dictionary" https://mast.stsci.edu/portal/Mashup/Clients/jwkeywords/
- HST: OPUS_VER (data processing system), CAL_VER (the instrument's calibration task), CRDS_CTX; PROPOSID, ROOTNAME.
  https://hst-docs.stsci.edu/hstdhb
- Kepler, K2, TESS and products made in their layout: CREATOR, PROCVER, DATA_REL.
  Kepler Archive Manual (KDMC-10008-006) §2.3; TESS Science Data Products Description (EXP-TESS-ARC-ICD-0014)
- Contributed products: HLSPID, HLSPVER, DOI. https://outerspace.stsci.edu/display/MASTDOCS/HLSP+Contributor+Guide

Another mission is one keyword more in one of the tables below.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from mast_tui.core.text import clean

#: Keywords that name the system a file came out of; the first one that is there is taken.
_PIPELINE = ("SDP_VER", "OPUS_VER", "CREATOR", "HLSPID")
#: Keywords that say with which version and which reference data it was calibrated; all that are there are joined.
_CALIBRATION = ("CAL_VER", "CRDS_CTX", "PROCVER", "DATA_REL", "HLSPVER")
#: Kept besides, as they stand.
_OTHERS = ("TELESCOP", "INSTRUME", "ORIGIN", "DATE", "FILEVER", "CRDS_VER", "ROOTNAME", "PROPOSID", "PROGRAM", "DOI")
_KEPT = frozenset((*_PIPELINE, *_CALIBRATION, *_OTHERS))

_CARD, _PIECE = 80, 1 << 15
#: A header is not read on beyond this (Webb's have some 400 cards, mosaics of Hubble some 4,000).
_MOST_CARDS = 20_000
_FITS, _GZIP = b"SIMPLE  =", b"\x1f\x8b"
#: FITS Standard 4.0 §4.1: keyword, value indicator, then a string in quotes (' doubled inside) or a word up to `/`.
_CARD_PATTERN = re.compile(rb"([A-Z0-9_-]{1,8}) *= +('(?:[^']|'')*'|[^/']*)")


@dataclass(frozen=True)
class Processing:
    """What a header says of its making. `header` holds the cards that are kept, as text without quotes; all are clean.

    `pipeline` and `calibration` are '' where the header names none.
    """

    header: Mapping[str, str] = field(default_factory=dict)

    @property
    def pipeline(self) -> str:
        """The system that wrote the file: 'HSTDP 2025_1', 'LightCurveExporterPipelineModule'."""
        name = next((self.header[key] for key in _PIPELINE if self.header.get(key)), "")
        # Kepler and TESS number their runs: '26493 LightCurveExporterPipelineModule'
        return re.sub(r"^\d+ (?=[A-Za-z])", "", name)

    @property
    def calibration(self) -> str:
        """Version and reference data: '3.6.0, hst_1260.pmap', 'spoc-5.0.10-20200904, data release 42'."""
        words = {**self.header}
        release = words.pop("DATA_REL", "")
        if release.isdecimal():  # contributed light curves write -1 for none
            words["DATA_REL"] = f"data release {release}"
        return ", ".join(words[key] for key in _CALIBRATION if words.get(key))

    @property
    def proposal_id(self) -> str:
        """Hubble's or Webb's programme number, '' for none; leading zeros as the header has them."""
        return self.header.get("PROPOSID") or self.header.get("PROGRAM") or ""

    @property
    def doi(self) -> str:
        """The DOI that the file names itself, only if it is one of MAST's (prefix 10.17909)."""
        found = re.search(r"10\.17909/[A-Za-z0-9-]+", self.header.get("DOI", ""))
        return found[0] if found else ""


def read_processing(file: BinaryIO) -> Processing:
    """Of a FITS file, also gzipped, read from its start; empty for any other kind of file and for a damaged one."""
    return Processing(read_cards(file, _KEPT.__contains__))


def read_cards(file: BinaryIO, wanted: Callable[[str], bool]) -> dict[str, str]:
    """The wanted cards of the primary header by keyword, clean text without quotes; {} for any other kind of file."""
    file.seek(0)
    packed = file.read(len(_GZIP)) == _GZIP
    file.seek(0)
    try:
        return _kept(_cards(_unpacked(file) if packed else iter(lambda: file.read(_PIECE), b"")), wanted)
    except zlib.error:
        return {}


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    while not member.eof and (packed := member.unconsumed_tail or file.read(_PIECE)):
        yield member.decompress(packed, _PIECE)


def _cards(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The cards of the first header, without END; none when it is no FITS file."""
    rest, count = b"", 0
    for piece in pieces:
        rest += piece
        whole = len(rest) // _CARD * _CARD
        for at in range(0, whole, _CARD):
            card = rest[at : at + _CARD]
            count += 1
            if (count == 1 and not card.startswith(_FITS)) or card.rstrip() == b"END" or count > _MOST_CARDS:
                return
            yield card
        rest = rest[whole:]


def _kept(cards: Iterable[bytes], wanted: Callable[[str], bool]) -> dict[str, str]:
    found: dict[str, str] = {}
    for card in cards:
        match = _CARD_PATTERN.match(card)
        if match is None or not wanted(key := match[1].decode("ascii")):
            continue
        value = match[2].decode("latin-1").strip()
        if value.startswith("'"):
            value = value[1:-1].replace("''", "'").strip()
        if value:
            found.setdefault(key, clean(value, _CARD))
    return found
