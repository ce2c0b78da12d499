"""What was asked of one preview, and how much may be sent back. Used by `jobs` and the readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Window
from mast_tui.core.text import clean, nearest
from mast_tui.preview.building import Points
from mast_tui.preview.columns import Columns, present_values
from mast_tui.preview.masks import Level
from mast_tui.preview.recipe import Value

#: The first series of a file is always sent whole; the others share this many points. 24 bytes a point.
SHARED_POINTS = 400_000
#: Of a table with a spectrum a row, so many points are read unasked; further rows are listed, and read when asked for.
UNASKED_POINTS = 1 << 16
#: So many series are read of one file; more are said, and reached by their HDU or row.
MAX_SERIES = 200


@dataclass
class Asked:
    """`hdu`, `row`, `column`, `plane` narrow the look down; None means the product's own choice.

    `plane` counts slices of a cube, frames or cadences from 0; `window` is (x0, y0, x1, y1) in the file's pixels from
    0, the upper ends excluded. `path` is where the file lies, for products of several files.
    """

    hdu: int | None = None
    row: int | None = None
    quality: Level = "default"
    column: str | None = None
    file_name: str = ""
    plane: int | None = None
    window: Window | None = None
    path: Path | None = None
    _points_left: int = field(default=SHARED_POINTS, repr=False)
    _first: bool = field(default=True, repr=False)

    @property
    def is_first(self) -> bool:
        """Whether no series has been read of the file yet."""
        return self._first

    def afford(self, points: Points) -> Points:
        """`points`, or none of them where the answer would grow too large."""
        if self._first:
            self._first = False
            return points
        self._points_left -= points.x.size
        return points if self._points_left >= 0 else points.dropped()

    def affords_after(self, other: Asked) -> None:
        """What was read for `other`, a copy of this, counts here too."""
        self._first, self._points_left = other._first, other._points_left

    def choose(self, values: tuple[Value, ...], columns: Columns) -> tuple[Value, tuple[str, ...]] | None:
        """The y column to read, and the names of all that may be asked for; None where the table has none.

        InvalidQuery for a column that is not there or holds no numbers.
        """
        present = present_values(values, columns)
        names = tuple(columns[value.column].name for value in present)
        if self.column is None:
            return (present[0], names) if present else None
        wanted = self.column.upper()
        for value in present:
            if value.column == wanted:
                return value, names
        if wanted in columns and columns[wanted].numeric:
            error = next((name for name in (f"{wanted}_ERR", f"{wanted}_ERROR") if name in columns), None)
            return Value(wanted, (error,) if error else (), label=columns[wanted].name), names
        near = nearest(self.column, [column.name for column in columns.values() if column.numeric])
        raise InvalidQuery(
            f"this file has no column of numbers named {clean(self.column, 60)}",
            "",
            f"Did you mean {near}?" if near else f"It has {', '.join(names)}",
        )
