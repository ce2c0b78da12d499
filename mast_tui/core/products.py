"""The files of the marked observations: one row per unique file, calibrated science first, sums of bytes.

The archive lists a shared file (a Webb association, a guide-star table) under every observation that uses it; what is
downloaded is the file, once. Raw and auxiliary files are there, counted, and shown when asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mast_tui.core.fetch import FetchItem, local_path
from mast_tui.core.table import ColumnTable

#: Calibration level from which a product counts as calibrated (CAOM: 2 calibrated, 3 science, 4 contributed).
CALIBRATED = 2
_PICTURES = (".jpg", ".jpeg", ".png", ".gif")
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Amount:
    """How much: files, the bytes of those whose size is known, and how many sizes are not known."""

    files: int
    bytes: int
    unknown: int = 0


class ProductSet:
    """Unique files in a `ColumnTable` with the columns of `core.columns.PRODUCT_COLUMNS`.

    `listed` counts the rows the archive sent before rows of the same file were joined into one.
    """

    def __init__(self, table: ColumnTable, listed: int) -> None:
        self.table, self.listed = table, listed

    def __len__(self) -> int:
        """Number of unique files."""
        return len(self.table)

    def calibrated_science(self) -> BoolArray:
        """Which rows are shown at first: productType SCIENCE, calibration level 2 or more."""
        science = self._equals("productType", "SCIENCE")
        level = self.table.floats("calib_level")
        return science & (np.nan_to_num(level, nan=CALIBRATED) >= CALIBRATED)

    def recommended(self) -> BoolArray:
        return self._equals("productGroupDescription", "Minimum Recommended Products")

    def exclusive(self) -> BoolArray:
        rights = self.table.strings("dataRights")
        return np.fromiter((r not in ("", "PUBLIC") for r in rights), bool, len(self))

    def amount(self, rows: BoolArray | npt.NDArray[np.intp] | Iterable[int]) -> Amount:
        """Files and bytes of the rows that a mask or a list of indices names."""
        chosen = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows))
        if chosen.dtype != np.bool_:
            chosen = chosen.astype(np.intp)
        sizes = self.table.floats("size")[chosen]
        known = np.isfinite(sizes)
        return Amount(int(sizes.size), int(sizes[known].sum()), int((~known).sum()))

    def uri(self, row: int) -> str:
        return str(self.table.value(row, "dataURI") or "")

    def item(self, row: int) -> FetchItem:
        """What to fetch for one row. ValueError when its file name can't be used on this machine."""

        def word(name: str) -> str:
            value = self.table.value(row, name)
            return "" if value is None else str(value)

        size, level = self.table.value(row, "size"), self.table.value(row, "calib_level")
        return FetchItem(
            uri=self.uri(row),
            path=local_path(word("obs_collection"), word("obs_id"), word("productFilename")),
            size=int(size) if isinstance(size, int | float) else None,
            collection=word("obs_collection"),
            obs_id=word("obs_id"),
            obsid=word("obsID"),
            product_type=word("productType"),
            calib_level=int(level) if isinstance(level, int | float) else None,
            description=word("description"),
            rights=word("dataRights"),
            proposal_id=word("proposal_id"),
            version=word("prvversion"),
        )

    def _equals(self, column: str, value: str) -> BoolArray:
        return np.fromiter((s == value for s in self.table.strings(column)), bool, len(self))


def is_picture_uri(uri: str) -> bool:
    """Is this a picture that the archive serves as it serves files? Other servers are never asked for one."""
    return uri.startswith("mast:") and uri.lower().endswith(_PICTURES)
