"""Simulated bytes for files that the archive lists but does not have.

A recorded product list has true names and sizes; its files are downloaded in the demo and in tests, so there must be
bytes: a FITS image of noise of exactly the stated size, which says in its header that it is simulated. Called by
`recorded` and `missions`.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from mast_tui.demo.fits import BLOCK, Image, hdu_header
from mast_tui.demo.holdings import SIMULATED, Content, TiledContent

_WIDTH = BLOCK // 2


@cache
def _noise(seed: int = 0) -> bytes:
    """Sixteen rows of 16-bit noise, whole FITS blocks, so that a file can repeat it."""
    rows = np.random.default_rng(seed).normal(100, 8, (16, _WIDTH))
    return rows.astype(">i2").tobytes()


def _datasum(size: int) -> int:
    """FITS DATASUM of the noise repeated to `size` bytes: the ones' complement sum of its 32-bit words."""
    words = np.frombuffer(_noise(), dtype=">u4")
    whole, rest = divmod(size // 4, len(words))
    total = whole * int(words.sum(dtype=np.uint64)) + int(words[:rest].sum(dtype=np.uint64))
    while total >> 32:
        total = (total & 0xFFFFFFFF) + (total >> 32)
    return total


def filler(name: str, size: int) -> Content:
    """`size` bytes under `name`: a FITS image where both allow it, else lines of text that say what they are."""
    if name.endswith((".fits", ".fit")) and size % BLOCK == 0 and size >= 2 * BLOCK:
        rows = size // BLOCK - 1
        cards = [
            ("ORIGIN", SIMULATED, "made by the embedded archive of mast-tui"),
            ("FILENAME", name[:60], ""),
            ("COMMENT", f"{SIMULATED}: noise in the size of the real file, which is not held here", ""),
        ]
        image = Image(cards, (rows, _WIDTH), "i2")
        return TiledContent(hdu_header(image, primary=True, datasum=_datasum(rows * BLOCK)), _noise(), size)
    line = f"{SIMULATED}: bytes in the size of {name}, which is not held here\n".encode()
    return TiledContent(line, line, size)
