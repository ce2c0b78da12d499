"""Small FITS files made by hand, with or without checksums, for the tests of the transfers."""

from __future__ import annotations

import random
from collections.abc import Mapping

BLOCK = 2880


def card(key: str, value: object) -> bytes:
    if isinstance(value, bool):
        word = f"{'T' if value else 'F':>20}"
    elif isinstance(value, str):
        word = f"'{value:8}'"
    else:
        word = f"{value!s:>20}"
    return f"{key:8}= {word}".ljust(80).encode()


def sum32(data: bytes, total: int = 0) -> int:
    """The ones' complement sum, as the FITS standard's appendix J gives it, byte by byte."""
    for i in range(0, len(data), 4):
        total += int.from_bytes(data[i : i + 4], "big")
    while total >> 32:
        total = (total & 0xFFFFFFFF) + (total >> 32)
    return total


def encoded(total: int) -> str:
    """The ASCII form of a complemented sum (appendix J.2)."""
    forbidden = set(b":;<=>?@[\\]^_`")
    quarters = []
    for byte in ((~total) & 0xFFFFFFFF).to_bytes(4, "big"):
        four = [byte // 4 + 48 + (byte % 4 if i == 0 else 0) for i in range(4)]
        while any(c in forbidden for c in four):
            for i in (0, 2):
                if four[i] in forbidden or four[i + 1] in forbidden:
                    four[i] += 1
                    four[i + 1] -= 1
        quarters.append(four)
    word = "".join(chr(quarters[j][i]) for i in range(4) for j in range(4))
    return word[-1] + word[:-1]


def hdu(cards: Mapping[str, object], data: bytes = b"", *, sums: bool = False) -> bytes:
    body = data + bytes(-len(data) % BLOCK)
    words = dict(cards)
    if sums:
        words |= {"CHECKSUM": "0" * 16, "DATASUM": str(sum32(body))}

    def header() -> bytes:
        made = b"".join(card(k, v) for k, v in words.items()) + b"END".ljust(80)
        return made + b" " * (-len(made) % BLOCK)

    if sums:
        words["CHECKSUM"] = encoded(sum32(header(), sum32(body)))
    return header() + body


def light_curve(*, sums: bool, rows: int = 1200) -> bytes:
    table = random.Random(3).randbytes(rows * 12)
    cards = {
        "XTENSION": "BINTABLE", "BITPIX": 8, "NAXIS": 2, "NAXIS1": 12, "NAXIS2": rows, "PCOUNT": 0, "GCOUNT": 1,
        "TFIELDS": 2, "TTYPE1": "TIME", "TFORM1": "D", "TTYPE2": "FLUX", "TFORM2": "E",
    }  # fmt: skip
    return hdu({"SIMPLE": True, "BITPIX": 8, "NAXIS": 0, "EXTEND": True}, sums=sums) + hdu(cards, table, sums=sums)
