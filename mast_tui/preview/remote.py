"""The app's side of a look at parts of a large file: ask `sparse` what is needed, and put what was read in its place.

The controller fetches what `Condenser.ask` says is missing and asks again, until there is a small file to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mast_tui.core.errors import ServerError, TemporarilyUnavailable, UnreadableFile
from mast_tui.core.look import Frames, HeaderLook, Preview
from mast_tui.core.text import clean
from mast_tui.core.workers import Limits, WorkerPool
from mast_tui.preview.parts import Aim, Side
from mast_tui.preview.passing import from_wire
from mast_tui.preview.placing import FETCHED, WHOLE, Sampled, placed_item, placed_rows

_LIMITS = Limits(memory_bytes=1 << 30, cpu_s=30)
_DEADLINE_S = 20.0


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
            raise UnreadableFile("this file can't be shown in parts", error.why or error.what, WHOLE) from None
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableFile("this file can't be shown in parts", clean(error, 200), WHOLE) from None

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
    parts = [small.sampled.get(item.hdu if item.hdu is not None else -1) for item in preview.items]
    items = [
        item if part is None else placed_item(item, part, FETCHED)
        for item, part in zip(preview.items, parts, strict=True)
    ]
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
    return frames if part is None else placed_rows(frames, part)
