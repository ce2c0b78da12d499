"""Simulated bytes for files that the archive lists but does not have, and product lists for rows without one.

A recorded product list has true names and sizes, a simulated observation has neither; both are downloaded in the
demo and in tests, so there must be bytes: a FITS image of noise of exactly the stated size, which says in its header
that it is simulated. Called by `recorded`, `bulk` and `missions`.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np

from mast_tui.demo.fits import BLOCK, FitsFile, Image, hdu_header
from mast_tui.demo.holdings import SIMULATED, Cell, Content, HeldProduct, Row, TiledContent

_WIDTH = BLOCK // 2
_SIDE = 96


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


def simulated_products(row: Row) -> Sequence[HeldProduct]:
    """One small calibrated file and its text log for an observation whose true products are not known.

    Planned observations (`calib_level` -1) have none.
    """
    level = row.get("calib_level")
    if isinstance(level, int) and level < 0:
        return []
    collection, obs_id, obsid = row.get("obs_collection"), str(row.get("obs_id")), row.get("obsid")
    stem = f"{obs_id.lower()}_sim"
    shared: dict[str, Cell] = {
        "obs_collection": collection,
        "obs_id": obs_id,
        "dataproduct_type": row.get("dataproduct_type"),
        "type": "S",
        "productDocumentationURL": None,
        "project": row.get("project"),
        "prvversion": None,
        "proposal_id": row.get("proposal_id"),
        "parent_obsid": obsid,
        "dataRights": row.get("dataRights"),
        "filters": row.get("filters"),
    }
    image: dict[str, Cell] = shared | {
        "description": f"{SIMULATED}: noise, the real files of this observation are not held here",
        "dataURI": f"mast:{collection}/simulated/{obsid}/{stem}.fits",
        "productType": "SCIENCE",
        "productGroupDescription": "Minimum Recommended Products",
        "productSubGroupDescription": "SIM",
        "productFilename": f"{stem}.fits",
        "calib_level": level,
    }
    log: dict[str, Cell] = shared | {
        "description": f"{SIMULATED}: text in place of a processing log",
        "dataURI": f"mast:{collection}/simulated/{obsid}/{stem}.txt",
        "productType": "INFO",
        "productGroupDescription": None,
        "productSubGroupDescription": "LOG",
        "productFilename": f"{stem}.txt",
        "calib_level": level,
        "size": 4096,
    }
    return [
        HeldProduct(image | {"size": _image(row).size}, _image(row)),
        HeldProduct(log, filler(f"{stem}.txt", 4096)),
    ]


def _image(row: Row) -> FitsFile:
    obs_id = str(row.get("obs_id"))
    cards = [
        ("ORIGIN", SIMULATED, "made by the embedded archive of mast-tui"),
        ("TELESCOP", str(row.get("obs_collection"))[:60], ""),
        ("INSTRUME", str(row.get("instrument_name"))[:60], ""),
        ("OBS_ID", obs_id[:60], ""),
        ("COMMENT", f"{SIMULATED}: a star field in place of the real file", ""),
    ]
    return FitsFile([Image(cards, (_SIDE, _SIDE), "f4")], lambda: [_stars(obs_id)])


def _stars(name: str) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    y, x = np.mgrid[:_SIDE, :_SIDE]
    field = rng.normal(10.0, 1.0, (_SIDE, _SIDE))
    for _ in range(25):
        cx, cy = rng.uniform(0, _SIDE, 2)
        field += rng.pareto(1.5) * 40 * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 4.5)
    return field.astype(np.float32)
