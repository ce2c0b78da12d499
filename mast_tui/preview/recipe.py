"""What a recipe may say about a product. The recipes themselves are data, one each product, in the order in which they
are tried: `light_curve_recipes` and `spectrum_recipes`.

A recipe says how an HDU of the product is known (`where`), which columns are time or wavelength, value and error, which
rule masks bad points, and how rows are named or joined. The readers `light_curves` and `spectra` follow it; neither
knows a product by name.

To add a product, take two steps:

1. Write one recipe, a `LightCurve`, `PixelFile` or `Spectrum`, and put it into the tuple of its kind, before the first
   more general recipe that would also match: the first that fits wins, and the generic ones are last. `where` is
   compared with: the HDU's column names in upper case (`columns`: all must be there); header values by regular
   expression, case ignored, in the HDU first, then in the primary (`headers`); EXTNAME (`extname`) and the file's name
   (`file_name`), which only breaks ties between layouts that look the same. The first of `values` that the table has is
   drawn, the others can be asked for; units are the file's, `unit` is for files without. Masks are those of `masks`:
   bits, weights, letters, grades or shares; what bits mean is in `quality_bits`.
2. Add one test that writes a small file in the product's layout with `made_files.table` and `write`, looks at it and
   asserts the product's name, the good points, the units and the mask; `tests/preview/test_spectrum_products.py` and
   `test_products.py` hold one of each.

A detector of several chips is one line of `mosaics.LAYOUTS`. Nothing else has to be told of a new product.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from mast_tui.preview.masks import Mask


@dataclass(frozen=True)
class Where:
    columns: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    extname: str = ""
    file_name: str = ""


@dataclass(frozen=True)
class Value:
    """A y column, the columns that may hold its error (first one present), and its name for people.

    `unit`: where the file gives none. `error_of`: the error is that of another column and scales with it, so that
    error = value · error / that column. `lower`: the column of the errors downwards, where those of `errors` are
    upwards; it is named, not drawn. `magnitudes` are drawn upside down. `masks` instead of the recipe's.
    """

    column: str
    errors: tuple[str, ...] = ()
    label: str = "Flux"
    unit: str = ""
    error_of: str = ""
    lower: str = ""
    magnitudes: bool = False
    masks: tuple[Mask, ...] = ()


#: Columns that number the cadences: the missions', EVEREST's, TGLC's and eleanor's (as in lightkurve 2.6, `io`).
CADENCE = ("CADENCENO", "CADN", "CADENCE_NUM", "FFIINDEX", "CADENCE")


@dataclass(frozen=True)
class LightCurve:
    """`time` and `values`: candidates, the first present column is taken; `masks` likewise.

    `offset_jd` overrides what the header says of the time's zero point. `also`: further masks that are applied with
    the first. Values at or below `lowest` hold no data. `ephemeris`: the header gives period, epoch, duration and
    depth of a transit under TPERIOD, TEPOCH, TDUR (hours) and TDEPTH (ppm). `stacked`: so many of the values are read
    as a series each, not the first one alone. `time_unit`: where the file gives none. `cadence`: columns that may
    number the cadences, the first present is taken.
    """

    product: str
    where: Where
    values: tuple[Value, ...]
    time: tuple[str, ...] = ("TIME",)
    masks: tuple[Mask, ...] = ()
    offset_jd: float | None = None
    also: tuple[Mask, ...] = ()
    lowest: float = -math.inf
    ephemeris: bool = False
    stacked: int = 1
    time_unit: str = ""
    cadence: tuple[str, ...] = CADENCE


@dataclass(frozen=True)
class PixelFile:
    """A table with an image a row. `flux`, `error`, `time` name columns, `masks` and `cadence` as in `LightCurve`."""

    product: str
    where: Where
    flux: str = "FLUX"
    error: str = "FLUX_ERR"
    time: str = "TIME"
    masks: tuple[Mask, ...] = ()
    cadence: tuple[str, ...] = CADENCE


@dataclass(frozen=True)
class Spectrum:
    """`wavelength`: how x is made: a column; IUE's start and step (from the pixel in STARTPIX where there is one); a
    block: one row with a vector of wavelengths and an array of exposures by pixels.

    `rows`: columns that name a row of a table with a vector a row; `hdus`: keywords that name an HDU. `join`: the rows
    are parts of one spectrum and are shown together first, 'orders' with overlaps cut at the fraction `cut_at`.
    `empty`: points with flux 0 (and error 0 or less) hold no data. `extended`: the value of an extended source
    (SRCTYPE). `airglow`: ranges of x in the file's unit that the choice of y limits leaves out. `unit`: the flux's
    where the file gives none. `white_light`: time columns of a table with an integration a row; with the first that is
    there, the sum over wavelength becomes a light curve, which is shown first. `row_type`: the column that says of each
    row whether its source is extended. `medium` is what the wavelengths were measured in, where that is known. `log`:
    both axes are drawn logarithmic.
    """

    product: str
    where: Where
    values: tuple[Value, ...]
    x: tuple[str, ...] = ("WAVELENGTH", "WAVE")
    masks: tuple[Mask, ...] = ()
    wavelength: Literal["column", "start and step", "block"] = "column"
    rows: tuple[str, ...] = ()
    hdus: tuple[str, ...] = ()
    join: Literal["", "segments", "orders"] = ""
    cut_at: float = 0.5
    empty: Literal["never", "zero flux", "zero flux and error"] = "never"
    length: tuple[str, ...] = ()
    extended: Value | None = None
    airglow: tuple[tuple[float, float], ...] = ()
    unit: str = ""
    white_light: tuple[str, ...] = ()
    row_type: str = ""
    medium: Literal["", "vacuum", "air"] = ""
    log: bool = False


#: HDUs that belong to another one; they are offered in the header browser and by their number, not drawn unasked.
COMPANIONS = frozenset(
    (
        "ASDF",
        "HDRTAB",
        "INT_TIMES",
        "GROUP",
        "GROUPDQ",
        "PIXELDQ",
        "ERR",
        "DQ",
        "WHT",
        "CON",
        "CTX",
        "VAR",
        "IVAR",
        "ERROR",
        "VAR_POISSON",
        "VAR_RNOISE",
        "VAR_FLAT",
        "AREA",
        "D2IMARR",
        "WCSDVARR",
        "SAMP",
        "TIME",
        "ENSEMBLE",
        "APERTURE",
        "PROVENANCE",
        "WAVELENGTH",
        "REFOUT",
        "QUALITY",
        "UNCERT",
        "REF",
        "SEG",
        "CONTAM",
        "TRACE",
    )
)
