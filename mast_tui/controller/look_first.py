"""What to show first of a product of the archive: often the archive has made a picture of it already.

A picture of 10 to 300 kB says in a second what the file holds; the data are one key away. Used by `looks`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

from mast_tui.core.products import ProductSet
from mast_tui.core.text import human_bytes

PICTURES = (".jpg", ".jpeg", ".png", ".gif")
#: A file of this size or less is shown itself: that takes no longer than its picture.
SHOWN_ITSELF = 3 << 20
#: Thumbnails tell less than the picture they were made of.
_SMALL = ("thumb", "_small", "_th.")


def first_look(products: ProductSet, row: int, taken: Callable[[str], Path | None]) -> tuple[str, str]:
    """The URI to look at first for a row of the product list, and why in a few words ('' for the file itself)."""
    uri = products.uri(row)
    size = products.table.value(row, "size")
    if taken(uri) is not None or (isinstance(size, int | float) and size <= SHOWN_ITSELF):
        return uri, ""
    picture = preview_of(products, row)
    if picture is None or picture == uri:
        return uri, ""
    of = f" of {human_bytes(int(size))}" if isinstance(size, int | float) else ""
    return picture, f"the archive's preview of this file{of}"


def preview_of(products: ProductSet, row: int) -> str | None:
    """The picture that the archive lists for the same data set (its PREVIEW product), or None."""
    table = products.table
    uri, own = products.uri(row), str(table.value(row, "productFilename") or "")
    if uri.lower().endswith(PICTURES):
        return uri
    observation, kinds, names = table.value(row, "obs_id"), table.strings("productType"), table.strings("obs_id")
    best: tuple[int, int, str] | None = None
    for other, (kind, name) in enumerate(zip(kinds, names, strict=True)):
        if kind != "PREVIEW" or name != observation:
            continue
        picture = products.uri(other)
        file = str(table.value(other, "productFilename") or picture).lower()
        if not picture.startswith("mast:") or not file.endswith(PICTURES):
            continue
        shared = _shared(own.lower().partition(".")[0], file.partition(".")[0])
        rank = (shared, -sum(sign in file for sign in _SMALL), picture)
        best = rank if best is None else max(best, rank)
    return None if best is None else best[2]


def _shared(a: str, b: str) -> int:
    """How many letters two names have in common at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
