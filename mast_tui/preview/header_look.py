"""The headers of a FITS file for the header browser. Used by `jobs`."""

from __future__ import annotations

from mast_tui.core.look import HduLook, HeaderLook
from mast_tui.preview.columns import columns_of
from mast_tui.preview.fits_file import image_axes
from mast_tui.preview.guard import Hdu, Walk

#: So many cards travel to the app; the list of HDUs is always whole.
MAX_SHOWN_CARDS = 20_000


def header_look(walk: Walk) -> HeaderLook:
    hdus: list[HduLook] = []
    left = MAX_SHOWN_CARDS
    for hdu in walk.hdus:
        cards = hdu.header.cards[: max(0, left)]
        left -= len(cards)
        kind, shape = _kind_and_shape(hdu)
        columns = tuple(column.name for column in columns_of(hdu.header).values())
        name = hdu.header.name or ("PRIMARY" if hdu.index == 0 else "")
        hdus.append(HduLook(hdu.index, name, hdu.header.integer("EXTVER") or 1, kind, shape, cards, columns))
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
