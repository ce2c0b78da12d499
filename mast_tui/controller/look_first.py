"""What to show first of a product of the archive: often the archive has made a picture of it already.

A picture of 10 to 300 kB says in a second what the file holds; the data are one key away. Used by `looks`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from mast_tui.core.products import ProductSet, is_picture_uri
from mast_tui.core.text import human_bytes

#: A curve of this size or less is shown itself: that takes about as long as its picture, and a plot in a plot's
#: picture can't be read in a terminal.
SHOWN_ITSELF = 3 << 20
_CURVES = ("spectrum", "timeseries")
#: Files that pictures are made of; a catalogue or a list beside them is shown itself.
_PICTURED = (".fits", ".fits.gz", ".fits.fz", ".fit", ".fit.gz", ".asdf")
#: Thumbnails tell less than the picture they were made of.
_SMALL = ("thumb", "_small", "_th.")
#: CAOM's types for pictures; MAST lists thumbnails under either.
_PICTURE_TYPES = ("PREVIEW", "THUMBNAIL")


@dataclass(frozen=True)
class FirstLook:
    """`uri` is what to look at first; `why` says in words what picture this is, '' where it is the file itself."""

    uri: str
    why: str = ""


def first_look(
    products: ProductSet, row: int, taken: Callable[[str], Path | None], observation_picture: str = ""
) -> FirstLook:
    """What to look at first for a row of the product list.

    The archive's picture, where one is listed and is smaller than the file; the file itself where it was downloaded
    (`taken` gives its path), where it is a small curve, a catalogue, or no science. `observation_picture` is the
    observation's `jpegURL`: used where the product list has no picture and it is a `mast:` URI.
    """
    table, uri = products.table, products.uri(row)
    itself = FirstLook(uri)
    size = table.value(row, "size")
    known_size = int(size) if isinstance(size, int | float) else None
    if taken(uri) is not None or table.value(row, "productType") != "SCIENCE":
        return itself
    if not str(table.value(row, "productFilename") or uri).lower().endswith(_PICTURED):
        return itself
    if known_size is not None and known_size <= SHOWN_ITSELF and table.value(row, "dataproduct_type") in _CURVES:
        return itself
    of = f" of {human_bytes(known_size)}" if known_size is not None else ""
    found = preview_of(products, row)
    if found is None:
        if not is_picture_uri(observation_picture):
            return itself
        return FirstLook(observation_picture, f"the archive's picture of this observation, not of this file{of}")
    picture_size = table.value(found, "size")
    if known_size is not None and isinstance(picture_size, int | float) and picture_size >= known_size:
        return itself
    own, picture = (str(table.value(r, "productFilename") or "").lower().partition(".")[0] for r in (row, found))
    if own and picture.startswith(own):
        return FirstLook(products.uri(found), f"the archive's preview of this file{of}")
    return FirstLook(products.uri(found), f"the archive's picture of this observation, not of this file{of}")


def preview_of(products: ProductSet, row: int) -> int | None:
    """The row of the picture that the archive lists for the same data set as `row`, or None.

    The name that begins like the file's own is taken first, a thumbnail last.
    """
    table = products.table
    own = str(table.value(row, "productFilename") or "")
    observation, kinds, names = table.value(row, "obs_id"), table.strings("productType"), table.strings("obs_id")
    best: tuple[int, bool, str, int] | None = None
    for other, (kind, name) in enumerate(zip(kinds, names, strict=True)):
        if kind not in _PICTURE_TYPES or name != observation:
            continue
        picture = products.uri(other)
        file = str(table.value(other, "productFilename") or picture).lower()
        if not is_picture_uri(picture):
            continue
        shared = _shared(own.lower().partition(".")[0], file.partition(".")[0])
        thumbnail = kind == "THUMBNAIL" or any(sign in file for sign in _SMALL)
        rank = (shared, not thumbnail, picture, other)
        best = rank if best is None else max(best, rank)
    return None if best is None else best[3]


def _shared(a: str, b: str) -> int:
    """How many letters two names have in common at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
