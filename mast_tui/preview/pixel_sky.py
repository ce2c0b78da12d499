"""Where the pixels of a pixel file lie on the sky. Used by `pixels`.

Two places say it: the APERTURE image, which has the pixels of a frame, and the keywords of the flux column (FITS 4.0,
table 22). Some old cutouts of full-frame images have reference pixels of the image they were cut from; a place that
does not hold the target of the file is not shown, and that is said.
"""

from __future__ import annotations

import math

import numpy as np

from mast_tui.core.look import SkyGrid
from mast_tui.preview.fits_file import FitsFile, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import Header, Value
from mast_tui.preview.sky import sky_grid

#: Keyword of an image, and of column n of a table.
_OF_COLUMN = {
    "CTYPE1": "1CTYP{}", "CTYPE2": "2CTYP{}", "CUNIT1": "1CUNI{}", "CUNIT2": "2CUNI{}", "CRPIX1": "1CRPX{}",
    "CRPIX2": "2CRPX{}", "CRVAL1": "1CRVL{}", "CRVAL2": "2CRVL{}", "CDELT1": "1CDLT{}", "CDELT2": "2CDLT{}",
    "PC1_1": "11PC{}", "PC1_2": "12PC{}", "PC2_1": "21PC{}", "PC2_2": "22PC{}", "CD1_1": "11CD{}", "CD1_2": "12CD{}",
    "CD2_1": "21CD{}", "CD2_2": "22CD{}", "RADESYS": "RADE{}", "EQUINOX": "EQUI{}",
}  # fmt: skip
#: A target lies in its file's pixels, or at most so many of their diagonals away from their middle.
_DIAGONALS = 3.0
_ELSEWHERE = "the place on the sky in its header is not that of its target, and is left out"


def pixel_sky(file: FitsFile, hdu: Hdu, column: str, shape: tuple[int, int]) -> tuple[SkyGrid | None, str]:
    """The sky at the frames, (ny, nx) = `shape`, of the table `hdu`; and a note where it is not to be trusted."""
    ny, nx = shape
    note = ""
    for header in (*_apertures(file, shape), _of_column(file, hdu, column)):
        grid = sky_grid(header, (0, nx), (0, ny))
        if grid is not None and _holds_target(grid, file.primary, shape):
            return grid, ""
        note = _ELSEWHERE if grid is not None else note
    return None, note


def _apertures(file: FitsFile, shape: tuple[int, int]) -> list[Header]:
    return [h.header for h in file.walk.hdus if h.header.name.upper() == "APERTURE" and image_axes(h) == shape]


def _of_column(file: FitsFile, hdu: Hdu, column: str) -> Header:
    """The keywords of one column of the table as those of an image."""
    n = next((k for k in range(1, 1000) if hdu.header.text(f"TTYPE{k}").upper() == column.upper()), 0)
    values: dict[str, Value] = {
        keyword: hdu.header.get(form.format(n))
        for keyword, form in _OF_COLUMN.items()
        if hdu.header.get(form.format(n)) is not None
    }
    if not all(isinstance(values.get(f"CTYPE{k}"), str) for k in (1, 2)):
        return Header((), {})
    if file.primary.text("RADESYS"):
        values.setdefault("RADESYS", file.primary.text("RADESYS"))
    return Header((), values)


def _holds_target(grid: SkyGrid, primary: Header, shape: tuple[int, int]) -> bool:
    """Whether RA_OBJ and DEC_OBJ are near the middle of the pixels; true where the file names no place."""
    ra, dec = primary.number("RA_OBJ"), primary.number("DEC_OBJ")
    middle = grid.at((shape[1] - 1) / 2, (shape[0] - 1) / 2)
    corner = grid.at(-0.5, -0.5)
    if ra is None or dec is None or middle is None or corner is None or not (-90 <= dec <= 90):
        return True
    return _apart((ra, dec), middle) <= _DIAGONALS * 2 * _apart(corner, middle)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Degrees between two places (right ascension, declination), by the haversine formula."""
    (ra, dec), (other_ra, other_dec) = np.radians(one), np.radians(other)
    h = math.sin((dec - other_dec) / 2) ** 2 + math.cos(dec) * math.cos(other_dec) * math.sin((ra - other_ra) / 2) ** 2
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(h))))
