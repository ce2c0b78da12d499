"""Changing single cards of a FITS header as bytes, and the world coordinates of an array of which rows were left out.

Used by `sparse`. The card format is that of the FITS standard 4.0, section 4; the keywords those of its section 8 and,
for the polynomial distortion, of Shupe et al. 2005 (SIP).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mast_tui.preview.headers import BLOCK_BYTES, CARD_BYTES, Header

Changes = Mapping[str, int | float | None]
#: Distortions kept in tables that are not fetched: fractions of a pixel.
_TABLES = re.compile(r"^(D2IM|CPDIS|CQDIS|CPERR|DP\d|DQ\d)")
_SIP = re.compile(r"^(A|B|AP|BP)_(\d)_(\d)$")


def edited(header: bytes, changes: Changes) -> bytes:
    """The header with other values, in whole blocks: None removes a card, a keyword that is not there is added."""
    kept: list[bytes] = []
    left = dict(changes)
    for at in range(0, len(header) - CARD_BYTES + 1, CARD_BYTES):
        card = header[at : at + CARD_BYTES]
        keyword = card[:8].rstrip().decode("ascii", "replace")
        if card[:8] == b"END     ":
            break
        if keyword not in changes:
            kept.append(card)
        elif keyword in left:
            value = left.pop(keyword)
            if value is not None:
                kept.append(_card(keyword, value))
    kept += [_card(keyword, value) for keyword, value in left.items() if value is not None]
    body = b"".join(kept) + b"END".ljust(CARD_BYTES)
    return body + b" " * (-len(body) % BLOCK_BYTES)


def _card(keyword: str, value: int | float) -> bytes:
    written = str(value) if isinstance(value, int) else repr(float(value)).upper()
    return f"{keyword:<8}= {written:>20}".encode("ascii").ljust(CARD_BYTES)


def shrunk_axis(header: Header, axis: int, first: int, step: int) -> dict[str, int | float | None]:
    """The cards that change when of an array's `axis` (FITS, from 1) only every `step`-th pixel from `first` (from 0)
    is kept: pixel p becomes (p - 1 - first) / step + 1, all world coordinates stay.
    """
    changes: dict[str, int | float | None] = {}
    for keyword in header.values:
        if _TABLES.match(keyword):
            changes[keyword] = None
            continue
        value = header.number(keyword)
        if value is None:
            continue
        sip = _SIP.match(keyword)
        if re.fullmatch(rf"CRPIX{axis}[A-Z]?", keyword):
            changes[keyword] = (value - 1 - first) / step + 1
        elif re.fullmatch(rf"(CD|PC)\d_{axis}[A-Z]?", keyword):
            changes[keyword] = value * step
        elif sip and axis <= 2:
            power = int(sip[1 + axis])
            own = "AB".index(sip[1][0]) + 1 == axis
            changes[keyword] = value * float(step) ** (power - own)
        elif (found := re.fullmatch(rf"CDELT{axis}([A-Z]?)", keyword)) and not _has_matrix(header, axis, found[1]):
            changes[keyword] = value * step
    if header.get(f"CTYPE{axis}") is not None and f"CRPIX{axis}" not in changes:
        changes[f"CRPIX{axis}"] = (0.0 - 1 - first) / step + 1  # CRPIX is 0 where it is not given
    return changes


def _has_matrix(header: Header, axis: int, version: str) -> bool:
    return any(re.fullmatch(rf"(CD|PC)\d_{axis}{version}", keyword) for keyword in header.values)
