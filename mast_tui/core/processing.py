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
from collections.abc import Mapping
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

_BLOCK, _CARD = 2880, 80
#: A primary header longer than this is not read on (Webb's have some 10 blocks, Hubble's mosaics some 100).
_MOST_BLOCKS = 400
_PACKED_PIECE = 1 << 15
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
    file.seek(0)
    start = file.read(len(_FITS))
    file.seek(0)
    if start.startswith(_GZIP):
        return Processing(_kept(_unpacked(file)))
    return Processing(_kept(file.read(_MOST_BLOCKS * _BLOCK) if start == _FITS else b""))


def _unpacked(file: BinaryIO) -> bytes:
    """The first bytes of a gzip stream, at most as many as are looked at."""
    member, made = zlib.decompressobj(wbits=31), bytearray()
    most = _MOST_BLOCKS * _BLOCK
    try:
        while len(made) < most and not member.eof and (packed := file.read(_PACKED_PIECE)):
            made += member.decompress(packed, most - len(made))
            if _end(made) >= 0:
                break
    except zlib.error:
        pass
    return bytes(made)


def _end(data: bytes | bytearray) -> int:
    """Where the END card stands, -1 for nowhere yet."""
    return next((at for at in range(0, len(data), _CARD) if data[at : at + _CARD].rstrip() == b"END"), -1)


def _kept(data: bytes) -> dict[str, str]:
    if not data.startswith(_FITS):
        return {}
    found: dict[str, str] = {}
    for at in range(0, len(data) - _CARD + 1, _CARD):
        card = data[at : at + _CARD]
        if card.rstrip() == b"END":
            break
        match = _CARD_PATTERN.match(card)
        if match is None or (key := match[1].decode("ascii")) not in _KEPT:
            continue
        value = match[2].decode("latin-1").strip()
        if value.startswith("'"):
            value = value[1:-1].replace("''", "'").strip()
        if value:
            found.setdefault(key, clean(value, _CARD))
    return found
