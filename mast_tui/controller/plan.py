"""Before anything is fetched: how many files and bytes, what is here already, is there room, how long it will take."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from mast_tui.core.errors import LocalFailure, MastTuiError
from mast_tui.core.fetch import FetchItem
from mast_tui.core.products import CALIBRATED, Amount, ProductSet
from mast_tui.core.text import clean, human_bytes
from mast_tui.provenance import mixed_versions
from mast_tui.transfer import PART_SUFFIX, Library, Sought, stands_in

#: Bytes of disk that a fetch leaves free for everybody else.
RESERVE_BYTES = 200_000_000
#: A data folder that is not read by then is not counted; the transfers have more patience.
_PATIENCE_S = 5.0

#: What a file is to somebody who wants calibrated data.
Part = Literal["science", "raw", "auxiliary", "previews"]
LEFT_OUT: tuple[Part, ...] = ("raw", "auxiliary", "previews")
NOTHING = Amount(0, 0)


@dataclass(frozen=True)
class Places:
    """Where files may be, and what is known of the way: the host's name of the `archive` (no port), the user's
    `data_folders`, bytes a second `measured` by source. With `refetch` nothing that is here already counts.

    `source` is the user's choice between them, or "auto"; `limit` the most bytes a second that the user allows.
    """

    archive: str = ""
    data_folders: tuple[Path, ...] = ()
    refetch: bool = False
    source: str = "auto"
    measured: Mapping[str, float] = field(default_factory=dict)
    limit: int | None = None

    @property
    def rate(self) -> float | None:
        """Bytes a second to be expected; None where none was measured."""
        known = [rate for source, rate in self.measured.items() if self.source in ("auto", source)]
        if not known:
            return None
        return min(max(known), self.limit or float("inf"))


@dataclass(frozen=True)
class FetchPlan:
    """What would happen: `items` into `folder`; `refused` names files that can't be fetched and why.

    `total_bytes` sums the known sizes, `unknown` counts the others; `free_bytes` is None where it can't be told. What
    is in the folder already, whole or in part, needs no room. `here` is in the folder, by its record; `elsewhere` will
    be copied from the user's data folders; `coming` over the network, of which `left_out` by kind could stay away;
    `rate` in bytes a second is what was measured before, or None. `mixed` are sentences on files that were made by
    several versions of one pipeline.
    """

    items: tuple[FetchItem, ...]
    folder: Path
    total_bytes: int
    unknown: int
    free_bytes: int | None
    exclusive: int
    refused: tuple[tuple[str, str], ...] = ()
    problem: MastTuiError | None = None
    here: Amount = NOTHING
    elsewhere: Amount = NOTHING
    coming: Amount = NOTHING
    left_out: Mapping[Part, Amount] = field(default_factory=dict)
    rate: float | None = None
    refetch: bool = False
    mixed: tuple[str, ...] = ()

    @property
    def seconds(self) -> float | None:
        """How long it will take at the measured rate, for the files whose size is known."""
        return self.coming.bytes / self.rate if self.rate else None


def items_of(
    products: ProductSet, rows: Sequence[int], releases: Callable[[int], float | None]
) -> tuple[list[FetchItem], list[tuple[str, str]]]:
    """What to fetch for these rows of the product list, and the rows that can't be fetched, with the reason."""
    items: list[FetchItem] = []
    refused: list[tuple[str, str]] = []
    for row in rows:
        try:
            items.append(replace(products.item(row), release_mjd=releases(row)))
        except ValueError as error:
            refused.append((clean(products.uri(row), 120), clean(error, 120)))
    return items, refused


def plan_items(
    items: Sequence[FetchItem],
    folder: Path,
    refused: Sequence[tuple[str, str]] = (),
    places: Places = Places(),
) -> FetchPlan:
    """The plan for a list of files, with the folders' state looked at, nothing made. Reads disks: not in a loop."""
    total = sum(i.size or 0 for i in items)
    home = _nearest_existing(folder)
    need = sum(max(0, (i.size or 0) - _held(folder, i.path)) for i in items) if home == folder.absolute() else total
    free = free_bytes(folder)
    problem: MastTuiError | None = None
    if home == folder.absolute() and not folder.is_dir():
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
    here, elsewhere, coming = _sorted_by_place(items, folder, places)
    return FetchPlan(
        items=tuple(items),
        folder=folder,
        total_bytes=total,
        unknown=sum(i.size is None for i in items),
        free_bytes=free,
        exclusive=sum(i.rights not in ("", "PUBLIC") for i in items),
        refused=tuple(refused),
        problem=problem,
        here=_amount(here),
        elsewhere=_amount(elsewhere),
        coming=_amount(coming),
        left_out={part: amount for part in LEFT_OUT if (amount := _amount(_of(part, coming))).files},
        rate=places.rate,
        refetch=places.refetch,
        mixed=mixed_versions(items),
    )


def free_bytes(folder: Path) -> int | None:
    """Bytes free on the disk where `folder` is, or would be made; None where it can't be told."""
    try:
        return shutil.disk_usage(_nearest_existing(folder)).free
    except OSError:
        return None


def part_of(item: FetchItem) -> Part:
    """What a file is, by the archive's product type and calibration level; science where nothing else is said."""
    kind = item.product_type.upper()
    if kind in ("PREVIEW", "THUMBNAIL"):
        return "previews"
    if kind not in ("", "SCIENCE"):
        return "auxiliary"
    return "raw" if item.calib_level is not None and item.calib_level < CALIBRATED else "science"


def _sorted_by_place(
    items: Sequence[FetchItem], folder: Path, places: Places
) -> tuple[list[FetchItem], list[FetchItem], list[FetchItem]]:
    """Files that are in the folder already, those in the data folders, and those that must come over the network."""
    here: list[FetchItem] = []
    elsewhere: list[FetchItem] = []
    coming: list[FetchItem] = []
    if places.refetch:
        return here, elsewhere, list(items)
    stands = stands_in(folder, places.archive)
    library = Library((path for path in places.data_folders if path != folder.absolute()), _PATIENCE_S)
    for item in items:
        name = PurePosixPath(item.path).name
        sought = Sought(item.uri, name, places.archive, item.size, item.sha256)
        if stands(item):
            here.append(item)
        elif next(library.find(sought), None) is not None:
            elsewhere.append(item)
        else:
            coming.append(item)
    return here, elsewhere, coming


def _amount(items: Sequence[FetchItem]) -> Amount:
    return Amount(len(items), sum(i.size or 0 for i in items), sum(i.size is None for i in items))


def _of(part: Part, items: Iterable[FetchItem]) -> list[FetchItem]:
    return [item for item in items if part_of(item) == part]


def _held(folder: Path, path: str) -> int:
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
