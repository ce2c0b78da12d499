"""The headers of a FITS file for the header browser. Used by `jobs`."""

from __future__ import annotations

from collections.abc import Callable

from mast_tui.core.look import HduLook, HeaderLook
from mast_tui.preview.columns import Columns, columns_of
from mast_tui.preview.fits_file import image_axes
from mast_tui.preview.guard import Hdu, Walk

#: So many cards travel to the app; the list of HDUs is always whole.
MAX_SHOWN_CARDS = 20_000


def header_look(walk: Walk, columns_in: Callable[[Hdu], Columns] | None = None) -> HeaderLook:
    """The cards of all HDUs; `columns_in` gives the columns of a table where they are known already."""
    hdus: list[HduLook] = []
    left = MAX_SHOWN_CARDS
    for hdu in walk.hdus:
        cards = hdu.header.cards[: max(0, left)]
        left -= len(cards)
        kind, shape = _kind_and_shape(hdu)
        columns = (columns_of(hdu.header) if columns_in is None else columns_in(hdu)).values()
        name = hdu.header.name or ("PRIMARY" if hdu.index == 0 else "")
        hdus.append(
            HduLook(
                hdu.index, name, hdu.header.integer("EXTVER") or 1, kind, shape, cards, tuple(c.name for c in columns)
            )
        )
    notes = (f"only the first {MAX_SHOWN_CARDS:,} cards are shown",) if left <= 0 else ()
    return HeaderLook(tuple(hdus), notes)


def _kind_and_shape(hdu: Hdu) -> tuple[str, tuple[int, ...]]:
    fields = hdu.header.integer("TFIELDS") or 0
    if hdu.extension == "BINTABLE" and hdu.header.get("ZIMAGE") is True:
        return "compressed image", image_axes(hdu)
    if hdu.extension in ("BINTABLE", "TABLE"):
        rows = hdu.header.integer("NAXIS2") or 0
        return ("table" if hdu.extension == "BINTABLE" else "ascii table"), (rows, fields)
    if hdu.header.get("GROUPS") is True:
        return "groups", hdu.axes
    return ("image" if hdu.extension in ("", "IMAGE") else "other"), hdu.axes
