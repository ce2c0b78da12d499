"""A field of cells that layers are drawn into: one sign and one style each, the last layer on top. Used by `layers`."""

from __future__ import annotations

from typing import get_args

import numpy as np
import numpy.typing as npt

from mast_tui.plot import raster
from mast_tui.plot.plot_frame import Span, StyleName

BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.int64]

STYLES: tuple[StyleName, ...] = get_args(StyleName)
_BLANK = 0x20


class Cells:
    def __init__(self, columns: int, rows: int, ascii_only: bool) -> None:
        self.columns, self.rows, self.ascii_only = columns, rows, ascii_only
        self._signs = np.full((rows, columns), _BLANK, np.uint32)
        self._styles = np.full((rows, columns), STYLES.index("data"), np.uint8)

    @property
    def dot_columns(self) -> int:
        return self.columns * (1 if self.ascii_only else raster.DOT_COLUMNS)

    @property
    def dot_rows(self) -> int:
        return self.rows * (1 if self.ascii_only else raster.DOT_ROWS)

    def dots(self, dots: BoolArray, style: StyleName, sign: str = "") -> None:
        """Dots (dot_rows, dot_columns) in place of what was in their cells; in ASCII as `sign`, or as strokes."""
        codes = self.codes(dots, sign)
        filled = codes != _BLANK
        self._signs[filled] = codes[filled]
        self._styles[filled] = STYLES.index(style)

    def codes(self, dots: BoolArray, sign: str = "") -> npt.NDArray[np.uint32]:
        if not self.ascii_only:
            return raster.braille_codes(dots)
        return np.where(dots, np.uint32(ord(sign)), np.uint32(_BLANK)) if sign else raster.ascii_codes(dots)

    def levels(self, codes: npt.NDArray[np.uint32], styles: IndexArray) -> None:
        """Signs with a style (index into `STYLES`) each, where they are not blank."""
        filled = codes != _BLANK
        self._signs[filled] = codes[filled]
        self._styles[filled] = styles[filled]

    def sign(self, row: int, column: int, sign: str, style: StyleName) -> None:
        self._signs[row, column] = ord(sign)
        self._styles[row, column] = STYLES.index(style)

    def column(self, column: int, sign: str, style: StyleName) -> None:
        """A vertical line behind the data: only in cells that are blank."""
        blank = self._signs[:, column] == _BLANK
        self._signs[blank, column] = ord(sign)
        self._styles[blank, column] = STYLES.index(style)

    def row(self, row: int, left: int) -> tuple[str, list[Span]]:
        """The text of a row and its spans, counted from `left`; a blank belongs to the span before it."""
        signs, styles = self._signs[row], self._styles[row]
        filled = np.flatnonzero(signs != _BLANK)
        if filled.size == 0:
            return " " * self.columns, [Span(left, left + self.columns, "data")]
        changes = filled[np.flatnonzero(np.diff(styles[filled].astype(np.int16))) + 1].tolist()
        edges = [0, *changes, self.columns]
        names = [STYLES[styles[at]] for at in (int(filled[0]), *changes)]
        spans = [Span(left + a, left + b, name) for a, b, name in zip(edges[:-1], edges[1:], names, strict=True)]
        return signs.astype("<u4").tobytes().decode("utf-32-le"), spans
