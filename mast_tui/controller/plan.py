"""Before anything is fetched: how many files and bytes, is there room, what can't be had, and why."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mast_tui.core.errors import LocalFailure, MastTuiError
from mast_tui.core.fetch import FetchItem
from mast_tui.core.products import ProductSet
from mast_tui.core.text import clean, human_bytes
from mast_tui.transfer import PART_SUFFIX

#: Bytes of disk that a fetch leaves free for everybody else.
RESERVE_BYTES = 200_000_000


@dataclass(frozen=True)
class FetchPlan:
    """What would happen: `items` into `folder`; `refused` names files that can't be fetched and why.

    `total_bytes` sums the known sizes, `unknown` counts the others; `free_bytes` is None where it can't be told. What
    is in the folder already, whole or in part, needs no room.
    """

    items: tuple[FetchItem, ...]
    folder: Path
    total_bytes: int
    unknown: int
    free_bytes: int | None
    exclusive: int
    refused: tuple[tuple[str, str], ...] = ()
    problem: MastTuiError | None = None


def plan_fetch(
    products: ProductSet, rows: Sequence[int], folder: Path, releases: Callable[[int], float | None]
) -> FetchPlan:
    """The plan for these rows of the product list."""
    items: list[FetchItem] = []
    refused: list[tuple[str, str]] = []
    for row in rows:
        try:
            items.append(replace(products.item(row), release_mjd=releases(row)))
        except ValueError as error:
            refused.append((clean(products.uri(row), 120), clean(error, 120)))
    return plan_items(items, folder, refused)


def plan_items(items: Sequence[FetchItem], folder: Path, refused: Sequence[tuple[str, str]] = ()) -> FetchPlan:
    """The plan for a list of files, with the folder's state looked at, nothing made."""
    total = sum(i.size or 0 for i in items)
    home = _nearest_existing(folder)
    need = sum(max(0, (i.size or 0) - _here(folder, i.path)) for i in items) if home == folder else total
    try:
        free: int | None = shutil.disk_usage(home).free
    except OSError:
        free = None
    problem: MastTuiError | None = None
    if home == folder and not folder.is_dir():
        problem = LocalFailure(f"{clean(folder, 200)} is not a folder", "", "Choose another one")
    elif not os.access(home, os.W_OK | os.X_OK):
        problem = LocalFailure(
            f"nothing can be written in {clean(home, 200)}", "Permission denied", "Choose another folder"
        )
    elif free is not None and need + RESERVE_BYTES > free:
        problem = LocalFailure(
            f"not enough room in {clean(home, 200)}",
            f"{human_bytes(need)} are to come, {human_bytes(free)} are free, {human_bytes(RESERVE_BYTES)} stay free",
            "Take fewer files, or choose another folder",
        )
    return FetchPlan(
        items=tuple(items),
        folder=folder,
        total_bytes=total,
        unknown=sum(i.size is None for i in items),
        free_bytes=free,
        exclusive=sum(i.rights not in ("", "PUBLIC") for i in items),
        refused=tuple(refused),
        problem=problem,
    )


def _here(folder: Path, path: str) -> int:
    """Bytes of a file that are in the folder already, whole or as a part: they need no room."""
    for name in (path, path + PART_SUFFIX):
        try:
            return (folder / name).lstat().st_size
        except (OSError, ValueError):
            continue
    return 0


def _nearest_existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
