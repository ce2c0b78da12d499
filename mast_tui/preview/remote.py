"""The app's side of a look at parts of a large file: ask `sparse` what is needed, and put what was read in its place.

The controller fetches what `Condenser.ask` says is missing and asks again, until there is a small file to read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mast_tui.core.errors import ServerError, TemporarilyUnavailable, UnreadableFile
from mast_tui.core.look import Frames, HeaderLook, ImageLook, Look, Preview, Series, TableLook
from mast_tui.core.text import clean
from mast_tui.core.workers import Limits, WorkerPool
from mast_tui.preview.parts import Aim, Side
from mast_tui.preview.passing import from_wire

_LIMITS = Limits(memory_bytes=1 << 30, cpu_s=30)
_DEADLINE_S = 20.0
_WHOLE = "download it to see all of it"

Window = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sampled:
    """Of which rows of one HDU the small file has the data: `sides` as `parts.Taken`, `axes` those of the file."""

    table: bool
    axes: tuple[int, ...]
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class Condensed:
    """A small file at `path` that stands for parts of a large one, and what to ask of it in the place of what was
    asked of the large one. `left_out` names the HDUs whose data were not fetched.
    """

    path: Path
    aim: Aim
    sampled: Mapping[int, Sampled]
    header: HeaderLook | None
    left_out: tuple[str, ...]
    problem: str


class Condenser:
    """One worker, without astropy, that walks headers and copies rows. `close` ends it."""

    def __init__(self) -> None:
        self._pool = WorkerPool("mast_tui.preview.sparse", size=1, limits=_LIMITS)

    async def ask(
        self,
        data: Path,
        known: Sequence[tuple[int, int]],
        n_bytes: int | None,
        ranges: bool,
        target: Path,
        aim: Aim,
    ) -> list[tuple[int, int]] | Condensed | None:
        """The spans to fetch first, or the small file; None where the file is not FITS.

        `n_bytes` is the file's length, `ranges` false where only its start can be had. UnreadableFile.
        """
        try:
            answer = await self._pool.run(
                "condense",
                _DEADLINE_S,
                path=str(data),
                known=[list(span) for span in known],
                n_bytes=n_bytes,
                ranges=ranges,
                target=str(target),
                **vars(aim),
            )
            if "need" in answer:
                return [(int(a), int(b)) for a, b in answer["need"]]
            return None if "plain" in answer else _condensed(answer, target)
        except (TemporarilyUnavailable, ServerError) as error:
            raise UnreadableFile("this file can't be shown in parts", error.why or error.what, _WHOLE) from None
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableFile("this file can't be shown in parts", clean(error, 200), _WHOLE) from None

    async def close(self) -> None:
        await self._pool.close()


def _condensed(answer: Mapping[str, Any], target: Path) -> Condensed:
    sampled: dict[int, Sampled] = {}
    for index, part in answer["parts"].items():
        sides = tuple(Side(*(int(n) for n in side)) for side in part["sides"])
        if any(min(s.step, s.length) < 1 or s.count < 0 for s in sides):
            raise ValueError("the parts are not those of an array")
        sampled[int(index)] = Sampled(bool(part["table"]), tuple(int(n) for n in part["axes"]), sides)
    aim = answer["aim"]
    window = aim["window"]
    return Condensed(
        target,
        Aim(aim["hdu"], aim["row"], aim["plane"], None if window is None else (*(int(n) for n in window),)),  # type: ignore[arg-type]
        sampled,
        from_wire(answer["headers"]).header,
        tuple(clean(name, 60) for name in answer["left_out"]),
        clean(answer["problem"], 400),
    )


def placed(preview: Preview, small: Condensed, n_bytes: int | None) -> Preview:
    """What was read from the small file, with the rows, planes and pixels numbered as in the large one."""
    items = [_placed(item, small.sampled.get(item.hdu if item.hdu is not None else -1)) for item in preview.items]
    items = [small.header if isinstance(item, HeaderLook) and small.header else item for item in items]
    if items and small.left_out:
        named = ", ".join(small.left_out[:6]) + (", …" if len(small.left_out) > 6 else "")
        note = f"not fetched: {named}; choose one by its HDU, or download the file"
        items[0] = replace(items[0], notes=(*items[0].notes, note))
    problems = tuple(p for p in preview.problems if p)
    if small.problem:
        problems = (*problems, small.problem + ".")
    facts = tuple(fact for fact in preview.facts if "complete" not in fact.name.lower())  # that of the small file
    return replace(
        preview,
        items=tuple(items),
        problems=problems,
        header=small.header,
        facts=facts,
        n_bytes=n_bytes or preview.n_bytes,
    )


def placed_frames(frames: Frames, small: Condensed) -> Frames:
    """Frames that were read from the small file, numbered as in the large one."""
    part = small.sampled.get(frames.hdu)
    if part is None:
        return frames
    rows = part.sides[-1]
    return replace(frames, first=rows.at(frames.first), step=rows.step * frames.step, n_rows=rows.length)


def _placed(item: Look, part: Sampled | None) -> Look:
    if part is None:
        return item
    rows = part.sides[-1]
    match item:
        case ImageLook() if not part.table:
            return _placed_image(item, part)
        case ImageLook() if item.kind == "pixels":
            plane = None if item.plane is None else rows.at(item.plane)
            return replace(
                item,
                n_rows=rows.length,
                n_planes=rows.length,
                plane=plane,
                shape=(rows.length, *item.shape[1:]),
                notes=(*item.notes, _rows_note(rows, "cadences")),
            )
        case ImageLook():
            return replace(item, notes=(*item.notes, _rows_note(rows, "rows")))
        case Series():
            if not part.table:
                return item
            row = None if item.row is None else rows.at(item.row)
            n_rows = rows.length if item.row is None and item.n_rows == rows.count else item.n_rows
            return replace(item, row=row, n_rows=n_rows, notes=(*item.notes, _rows_note(rows, "rows")))
        case TableLook():
            shape = (rows.length, *item.shape[1:])
            return replace(item, n_rows=rows.length, shape=shape, notes=(*item.notes, _rows_note(rows, "rows")))
        case _:
            return item


def _placed_image(item: ImageLook, part: Sampled) -> ImageLook:
    rows, planes = part.sides[-1], part.sides[:-1]
    ny, nx = part.axes[-2:]
    notes = item.notes
    if rows.step > 1:
        notes = (*notes, f"only every {_ordinal(rows.step)} row was fetched: small things may be missing; {_WHOLE}")
    elif not rows.whole:
        notes = (*notes, f"rows {rows.first + 1:,} to {rows.first + rows.count:,} of {rows.length:,} were fetched")
    if any(1 < side.count < side.length for side in planes):
        n = math.prod(side.count for side in planes)
        notes = (*notes, f"{n} of {math.prod(side.length for side in planes):,} planes were fetched; {_WHOLE}")
    sky = item.sky if item.sky is None else replace(item.sky, y=np.asarray(rows.first + rows.step * item.sky.y))
    extent = item.extent
    if extent is not None and extent.y_axis.unit == "pix":  # a spectrum on the detector, of which rows were fetched
        extent = replace(extent, y_low=0.5, y_high=ny + 0.5)
    plane = item.plane
    if planes and all(side.count == 1 for side in planes):
        plane = _raveled([0] * len(planes), planes)
    elif plane is not None and planes:
        plane = _raveled(np.unravel_index(plane, [side.count for side in planes]), planes)
    return replace(
        item,
        step=(item.step[0] * rows.step, item.step[1]),
        origin=(rows.at(item.origin[0]), item.origin[1]),
        full=(ny, nx),
        shape=part.axes,
        plane=plane,
        n_planes=math.prod(side.length for side in planes) if planes else item.n_planes,
        sky=sky,
        extent=extent,
        notes=notes,
    )


def _raveled(index: Sequence[Any], planes: Sequence[Side]) -> int:
    at = 0
    for k, side in zip(index, planes, strict=True):
        at = at * side.length + side.at(int(k))
    return at


def _rows_note(rows: Side, what: str) -> str:
    how = "the first " if rows.step == 1 and rows.first == 0 else ""
    spread = ", evenly spread," if rows.step > 1 else ""
    return f"{how}{rows.count:,} of {rows.length:,} {what}{spread} were fetched; {_WHOLE}"


def _ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
