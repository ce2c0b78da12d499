"""The line above a curve: target, what was done to the numbers, how many there are, which of how many items it is."""

from __future__ import annotations

from rich.text import Text

from mast_tui.core.look import Look, Preview, Series, TextLook
from mast_tui.core.text import clean
from mast_tui.tui.asked import Asked, Drawn, fold_words
from mast_tui.tui.screens.listing import chips


def about_curve(
    file: str,
    preview: Preview,
    item: Look | None,
    place: int,
    shown: Series | None,
    state: tuple[str, ...],
    mask: str,
) -> Text:
    """`file` is the name to show, `place` that of `item` in it, `shown` the series that is counted.

    `state` is what is drawn, in words; `mask` the level of the quality mask that was asked for.
    """
    notes = list(item.notes) if item is not None else []
    # that data are simulated stands before everything that a narrow screen may cut off
    said = [note for note in notes if "simulated" in note]
    parts: list[tuple[str, bool] | str | None] = [(preview.target or file, True), *said]
    if shown is not None:
        parts += [(step, True) for step in state]
        parts += [f"{shown.n_good:,} of {shown.n_rows:,} points", _masked(shown, mask)]
    else:
        parts.append(preview.kind)
    if len(preview.items) > 1:
        parts.append(f"{place + 1} of {len(preview.items)} [ ]")
    parts.append(preview.instrument)
    parts += [note for note in notes if note not in said][:1]
    if item is not None:
        parts.append(clean(item.name, 40))
    if preview.target:
        parts.append(file)
    return chips(*parts)


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
    """'masked 9.0 % by QUALITY (17087)'."""
    if series.quality is None:
        return "no mask" if mask == "none" else None
    share = series.quality.n_flagged / max(1, series.n_rows)
    return f"masked {share:.1%} by {series.quality.column} ({series.quality.bitmask or 'rule'})".replace("%", " %")


def in_words(item: Look | None, preview: Preview) -> Text:
    """A text's first lines; of a file that shows nothing, why."""
    if isinstance(item, TextLook):
        return Text("\n".join(item.lines), no_wrap=True, overflow="ellipsis")
    return Text(" ".join(preview.problems) or "There is nothing in this file that can be shown.")
