"""What the archive room answers with: pages of observations, lists of products, and what failed among them.

The controller turns `packed` into rows with `core.table.ColumnTable.append`; nothing here knows tables or screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mast_tui.core.errors import MastTuiError
from mast_tui.core.table_pick import packed_texts, picked


@dataclass(frozen=True)
class Page:
    """One page of an answer.

    `packed` is made by `core.table_pack.pack_rows`; `number` counts from 1 to `n_pages`; `total` is how many rows the
    archive says it holds for the whole question, as of this page: it may change while pages are read.
    """

    packed: dict[str, Any]
    number: int
    n_pages: int
    total: int


@dataclass(frozen=True)
class PageFailed:
    """A page that could not be had, also after trying again; the pages after it still come."""

    number: int
    error: MastTuiError


@dataclass(frozen=True)
class ProductsAnswer:
    """The products of the observations `obsids`: one row per unique file, of `listed_rows` rows that were listed."""

    packed: dict[str, Any]
    listed_rows: int
    obsids: tuple[str, ...] = ()

    def without(self, seen: set[str]) -> dict[str, Any]:
        """The packed rows whose file is not in `seen`, to which they are added: two answers may share files.

        Rows without an address are all kept.
        """
        fresh = unseen(packed_texts(self.packed, "dataURI"), seen)
        return self.packed if fresh.all() else picked(self.packed, fresh)


def unseen(uris: Iterable[str], seen: set[str]) -> NDArray[np.bool_]:
    """Which of `uris` are met for the first time; they are added to `seen`."""
    fresh = []
    for uri in uris:
        fresh.append(not uri or uri not in seen)
        seen.add(uri)
    return np.array(fresh, dtype=np.bool_)
