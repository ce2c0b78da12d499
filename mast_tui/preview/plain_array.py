"""The array of an image HDU read straight from its bytes, where they are the values: no scaling, no blanks, no tiles.

astropy has to parse the headers of all HDUs before the one that is asked for, about a millisecond each; of a file of
84 images or 25 tables that is most of the time to its first picture. What is not plain is left to astropy. Used by
`fits_file`. The layout is that of the FITS standard 4.0, section 3.3.2 and table 8.
"""

from __future__ import annotations

import math
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from mast_tui.preview.guard import Hdu
from mast_tui.preview.plain_rows import MAX_BYTES, mapped

_KINDS = {8: "u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}


def plain_array(file: BinaryIO, hdu: Hdu) -> npt.NDArray[Any] | None:
    """The array in numpy order, big-endian as it is stored; None where it is not one to be read in this way."""
    header = hdu.header
    kind = _KINDS.get(header.integer("BITPIX") or 0)
    if kind is None or hdu.extension not in ("", "IMAGE") or header.get("GROUPS") is True:
        return None
    scaled = header.number("BSCALE") not in (None, 1.0) or header.number("BZERO") not in (None, 0.0)
    # BLANK stands for NaN in arrays of integers (FITS 4.0, 4.4.2.5); a keyword that is no number is astropy's to judge
    odd = any(keyword in header.values and header.number(keyword) is None for keyword in ("BSCALE", "BZERO"))
    if scaled or odd or "BLANK" in header.values or (header.integer("PCOUNT") or 0) > 0:
        return None
    size = math.prod(hdu.axes) * np.dtype(kind).itemsize
    if not hdu.axes or size == 0 or size > MAX_BYTES or size != hdu.data_bytes or not hdu.complete:
        return None
    return mapped(file, hdu.data_offset, np.dtype(kind), math.prod(hdu.axes)).reshape(hdu.axes)
