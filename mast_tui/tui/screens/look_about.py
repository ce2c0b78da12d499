"""The line above a curve: target, what was done to the numbers, how many there are, which of how many items it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from mast_tui.core.look import Look, Preview, Series, TextLook
from mast_tui.core.text import clean
from mast_tui.tui.asked import Asked, Drawn, fold_words
from mast_tui.tui.screens.listing import chips

#: Words, and whether they stand out; None is nothing.
Chip: TypeAlias = tuple[str, bool] | str | None
#: The parts of the surveys, as their users abbreviate them.
_SPANS = (("SECTOR", "S"), ("QUARTER", "Q"), ("CAMPAIGN", "C"))
#: From here on a cadence is told in minutes.
_LONG_S = 600.0


def about_curve(
    file: str,
    preview: Preview,
    item: Look | None,
    place: int,
    shown: Series | None,
    state: tuple[str, ...],
    mask: str,
) -> list[Chip]:
    """`file` is the name to show, `place` that of `item` in it, `shown` the series that is counted.

    `state` is what is drawn, in words; `mask` the level of the quality mask that was asked for.
    """
    notes = list(item.notes) if item is not None else []
    # that data are simulated stands before everything that a narrow screen may cut off
    said = [note for note in notes if "simulated" in note]
    parts: list[Chip] = [(preview.target or file, True), *said]
    if shown is not None:
        parts += [(step, True) for step in state]
        parts += [f"{shown.n_good:,} of {shown.n_rows:,} points", _masked(shown, mask)]
    else:
        parts.append(preview.kind)
    if len(preview.items) > 1:
        parts.append(f"{place + 1} of {len(preview.items)} [ ]")
    parts += taken_when(preview)
    parts += [note for note in notes if note not in said][:1]
    if item is not None:
        parts.append(clean(item.name, 40))
    if preview.target:
        parts.append(file)
    return parts


def taken_when(preview: Preview) -> list[Chip]:
    """'TESS S1', '120 s': instrument, the sector, quarter or campaign and the cadence, as far as the headers say."""
    said = {fact.name: fact.value for fact in preview.facts}
    words = " ".join(f"{letter}{said[name]}" for name, letter in _SPANS if name in said)
    seconds, _, unit = said.get("TIMEDEL", "").partition(" ")
    parts: list[Chip] = [" ".join(part for part in (preview.instrument, words) if part) or None]
    if unit == "s":
        long = float(seconds) >= _LONG_S
        parts.append(f"{float(seconds) / 60:.3g} min" if long else f"{float(seconds):.3g} s")
    return parts


def laid_out(parts: Sequence[Chip], width: int, lines: int) -> Text:
    """The words of a chip stay on one line; those that `lines` of `width` cells do not hold are left out."""
    rows: list[list[Chip]] = [[]]
    room = width
    for part in parts:
        if part is None:
            continue
        words, strong = part if isinstance(part, tuple) else (part, False)
        needed = cell_len(words) + (len(" · ") if rows[-1] else 0)
        if needed > room and rows[-1]:
            if len(rows) == lines:
                continue  # a shorter one after it may still fit
            rows.append([])
            room, needed = width, cell_len(words)
        rows[-1].append((set_cell_size(words, room - 1) + "…" if needed > room else words, strong))
        room -= min(needed, room)
    return Text("\n").join(chips(*row) for row in rows)


def curve_state(drawn: Drawn | None, asked: Asked) -> tuple[str, ...]:
    """What is drawn other than the file's own numbers, in words."""
    if drawn is None:
        return ()
    folded = fold_words(asked.fold, drawn.epoch) if asked.fold is not None and drawn.epoch is not None else ()
    return (
        *drawn.steps,
        *folded,
        *(("even turns as the line, odd ones apart",) if asked.odd_even and asked.fold is not None else ()),
        *(("trend",) if asked.flatten == "trend" and asked.fold is None else ()),
        *((f"lines at z = {asked.redshift:g}",) if asked.lines else ()),
        *(("errors",) if asked.errors else ()),
    )


def _masked(series: Series, mask: str) -> str | None:
    """'masked 9.0 % by QUALITY & 17087'."""
    if series.quality is None:
        return "no mask" if mask == "none" else None
    share = series.quality.n_flagged / max(1, series.n_rows)
    return f"masked {share:.1%} by {series.quality.rule}".replace("%", " %")


def in_words(item: Look | None, preview: Preview) -> Text:
    """A text's first lines; of a file that shows nothing, why."""
    if isinstance(item, TextLook):
        return Text("\n".join(item.lines), no_wrap=True, overflow="ellipsis")
    return Text(" ".join(preview.problems) or "There is nothing in this file that can be shown.")
