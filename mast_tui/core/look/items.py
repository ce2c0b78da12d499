"""What is shown as it is: tables, texts, pictures, and the headers of a FITS file."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from mast_tui.core.look.common import ByteArray, Json, item_json


@dataclass(frozen=True)
class TableColumn:
    """`low`, `median`, `high`: over the finite values of a column of numbers, NaN for others."""

    name: str
    unit: str = ""
    low: float = math.nan
    median: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class TableLook:
    """The first rows of a table, as text. `rows` has one tuple of cells a row, as many cells as `columns`."""

    name: str
    hdu: int | None
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    n_rows: int
    shape: tuple[int, ...]
    notes: tuple[str, ...] = ()
    kind: Literal["table"] = "table"

    @property
    def n_good(self) -> int:
        return self.n_rows

    def to_json(self) -> Json:
        return item_json(self)


@dataclass(frozen=True)
class TextLook:
    """The first lines of a text file. `n_rows` is the number of lines read."""

    name: str
    lines: tuple[str, ...]
    n_rows: int
    notes: tuple[str, ...] = ()
    kind: Literal["text"] = "text"
    hdu: int | None = None

    @property
    def n_good(self) -> int:
        return self.n_rows

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.n_rows,)

    def to_json(self) -> Json:
        return item_json(self)


@dataclass(frozen=True, eq=False)
class PictureLook:
    """A JPEG, PNG or other picture. `shape` is (height, width) in pixels of the file.

    `pixels`: uint8 (ny, nx, 3), top row first, made small for a terminal; None where it could not be decoded.
    """

    name: str
    format: str
    shape: tuple[int, ...]
    pixels: ByteArray | None = None
    notes: tuple[str, ...] = ()
    kind: Literal["picture"] = "picture"
    hdu: int | None = None
    n_rows: int = 0
    n_good: int = 0

    def to_json(self) -> Json:
        return item_json(self)


@dataclass(frozen=True)
class Card:
    keyword: str
    value: str
    comment: str


@dataclass(frozen=True)
class HduLook:
    """One header-data unit. `kind` is 'image', 'table', 'ascii table', 'compressed image', 'groups' or 'other'.

    `shape` is the array's in numpy order (rows, columns), or (rows, fields) of a table; `columns` are its field names.
    """

    index: int
    name: str
    version: int
    kind: str
    shape: tuple[int, ...]
    cards: tuple[Card, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeaderLook:
    """All headers of a FITS file, for the header browser; the last item of a file with nothing that can be drawn."""

    hdus: tuple[HduLook, ...]
    notes: tuple[str, ...] = ()
    kind: Literal["header"] = "header"
    name: str = "headers"
    hdu: int | None = None

    @property
    def n_rows(self) -> int:
        return sum(len(hdu.cards) for hdu in self.hdus)

    @property
    def n_good(self) -> int:
        return self.n_rows

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.hdus),)

    def to_json(self) -> Json:
        return item_json(self)
