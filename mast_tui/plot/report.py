"""A whole preview as plain text, for `mast-tui preview --format text`, pipes and screen readers.

All lines together fit the size asked for, where it is at least that of a small terminal.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from mast_tui.core.look import HeaderLook, ImageLook, Look, PictureLook, Preview, Series, TableLook, TextLook
from mast_tui.core.text import human_bytes, plural
from mast_tui.plot.image_text import half_block_lines, legend, ramp_lines
from mast_tui.plot.image_windows import window_words
from mast_tui.plot.images import draw_image
from mast_tui.plot.labels import number, pretty_unit, to_ascii
from mast_tui.plot.pictures import draw_picture, picture_lines
from mast_tui.plot.plot_frame import PlotFrame
from mast_tui.plot.series import draw_series

COLUMNS, ROWS = 80, 24
#: SGR codes of 16 colours, which every terminal with colour has.
_COLOURS = {
    "data": "36", "data1": "33", "data2": "35", "data3": "32", "mark": "1;33", "frame": "90", "label": "39",
    "cursor": "7", "over": "1;37", "error": "2;36", "line": "33",
    "density0": "2;34", "density1": "34", "density2": "94", "density3": "36", "density4": "96", "density5": "92",
    "density6": "1;93",
}  # fmt: skip
_COLUMN_WIDTH = 24
#: Rows of a plot's frame and labels, and two within; where there are fewer, its numbers are worth more.
_LEAST_PLOT = 7


def text(
    preview: Preview,
    columns: int = COLUMNS,
    rows: int = ROWS,
    colour: bool = False,
    ascii_only: bool = False,
    also: Sequence[Series] = (),
    over: Series | None = None,
) -> str:
    """The preview on `columns` by `rows` cells: what it is, its first item drawn, what else there is.

    A series gets `also` overlaid and `over` as a line over its points.
    """
    head = [_title(preview, columns)]
    wrong = _wrapped([f"! {problem}" for problem in preview.problems], columns)
    if not preview.items:
        return _finished(head + wrong, columns, ascii_only)
    item = preview.items[0]
    steps = ["; ".join(item.steps)] if isinstance(item, Series) and item.steps else []
    foot, more = _wrapped([_count(item), *steps, *item.notes], columns), []
    others = preview.items[1:]
    if others:
        names = [other.name for other in others]
        if len(names) > 6:
            names = [*names[:4], "…", f"{names[-1]} ({len(names)} in all)"]
        more = _wrapped([f"also: {', '.join(names)}"], columns)
    left = rows - len(head) - len(wrong)
    room = max(min(8, left) if left >= _LEAST_PLOT else 2, left - len(foot) - len(more))
    spare = max(0, left - room)
    foot = foot[:spare] + wrong + more[: max(0, spare - len(foot))]
    body, coloured = _drawn(item, columns, room, colour and not ascii_only, ascii_only, also, over)
    if not coloured:
        return _finished(head + body + foot, columns, ascii_only)
    return _finished(head, columns, ascii_only) + "\n".join(body) + "\n" + _finished(foot, columns, ascii_only)


def _finished(lines: list[str], columns: int, ascii_only: bool) -> str:
    if ascii_only:
        lines = [to_ascii(line) for line in lines]
    return "".join(line.rstrip()[:columns] + "\n" for line in lines)


def _wrapped(lines: list[str], columns: int) -> list[str]:
    """Words under the plot, each item on at most two lines."""
    return [part for line in lines for part in textwrap.wrap(line, columns, max_lines=2, placeholder=" …")]


def _title(preview: Preview, columns: int) -> str:
    parts = [preview.target, preview.instrument, _what(preview)]
    title = " · ".join(part for part in parts if part)
    item = preview.items[0] if preview.items else None
    if len(title) > columns and isinstance(item, Series) and item.product:  # what it is, before which column it is
        title = " · ".join(part for part in (*parts[:2], item.product) if part)
    rest = f"{preview.file} ({human_bytes(preview.n_bytes)})" if preview.n_bytes else preview.file
    return f"{title} · {rest}" if len(title) + len(rest) + 3 <= columns else title or rest


def _what(preview: Preview) -> str:
    item = preview.items[0] if preview.items else None
    if isinstance(item, Series):
        return f"{item.product or item.kind}: {item.name}"
    if item is None or item.kind in ("header", "picture", "text"):
        return preview.kind
    return item.name if item.name.startswith(item.kind) else f"{item.kind} {item.name}"


def _count(item: Look) -> str:
    match item:
        case Series():
            words = f"{item.n_good:,} of {item.n_rows:,} points"
            quality = item.quality
            if quality is not None and item.n_rows:
                share = 100 * quality.n_flagged / item.n_rows
                words += f", masked {quality.n_flagged:,} ({share:.1f} %) by {quality.rule}"
            if item.n_good:
                unit = pretty_unit(item.y_axis.unit)
                words += f", median {number(item.summary.y_median)} {unit}".rstrip()
            return words
        case ImageLook():
            shape = " × ".join(str(n) for n in item.shape)
            unit = "cadences" if item.kind == "pixels" else "pixels"
            part = f"{words}; " if (words := window_words(item)) else ""
            return f"{shape}, {part}{item.n_good:,} of {item.n_rows:,} {unit} good"
        case TableLook():
            return f"{plural(item.n_rows, 'row')}, {plural(len(item.columns), 'column')}"
        case TextLook():
            return plural(item.n_rows, "line")
        case PictureLook():
            return f"a {item.format} picture" + (f" of {item.shape[1]} × {item.shape[0]} pixels" if item.shape else "")
        case HeaderLook():
            return plural(len(item.hdus), "HDU")


def _drawn(
    item: Look, columns: int, rows: int, colour: bool, ascii_only: bool, also: Sequence[Series], over: Series | None
) -> tuple[list[str], bool]:
    """The lines of the first item, and whether they hold escape sequences of their own."""
    match item:
        case Series() if item.x.size:
            frame = draw_series(item, columns, rows, ascii_only=ascii_only, also=also, over=over)
            return (coloured(frame), True) if colour else (list(frame.lines), False)
        case Series():
            return ["no good point to draw"], False
        case ImageLook():
            picture = draw_image(item, columns, rows - 1)
            if colour:
                return [*half_block_lines(picture), legend(picture, False)[:columns]], True
            return [*ramp_lines(picture, ascii_only), legend(picture, ascii_only, ramp=True)[:columns]], False
        case TableLook():
            return _table_lines(item, columns, rows), False
        case TextLook():
            return [line[:columns] for line in item.lines[:rows]], False
        case HeaderLook():
            return [_hdu_line(hdu.index, hdu.name, hdu.kind, hdu.shape)[:columns] for hdu in item.hdus[:rows]], False
        case PictureLook() if item.pixels is not None:
            shown = draw_picture(item, columns, rows)
            return (picture_lines(shown), True) if colour else (ramp_lines(shown.as_image(), ascii_only), False)
        case PictureLook():
            return [], False


def coloured(frame: PlotFrame) -> list[str]:
    """The lines with the escape sequences of 16 colours."""
    return [
        "".join(f"\x1b[{_COLOURS[s.style]}m{line[s.start : s.end]}\x1b[0m" for s in spans if s.end > s.start)
        for line, spans in zip(frame.lines, frame.spans, strict=True)
    ]


def _table_lines(table: TableLook, columns: int, rows: int) -> list[str]:
    """The first rows under their heads, and below them the range and median of the columns of numbers."""
    heads = [f"{c.name} [{c.unit}]" if c.unit else c.name for c in table.columns]
    measured = any(math.isfinite(c.median) for c in table.columns)
    below = [
        ("least", *(_or_blank(c.low) for c in table.columns)),
        ("median", *(_or_blank(c.median) for c in table.columns)),
        ("most", *(_or_blank(c.high) for c in table.columns)),
    ] if measured else []  # fmt: skip
    shown = [("", *row) for row in table.rows[: max(0, rows - 1 - len(below))]]
    every = [("", *heads), *shown, *below]
    widths = [min(_COLUMN_WIDTH, max(len(row[k]) for row in every)) for k in range(len(heads) + 1)]
    first = 0 if measured else 1
    return [
        "  ".join(cell[:w].ljust(w) for cell, w in zip(row[first:], widths[first:], strict=True))[:columns]
        for row in every
    ]


def _or_blank(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""


def _hdu_line(index: int, name: str, kind: str, shape: tuple[int, ...]) -> str:
    size = " × ".join(str(n) for n in shape) or "no data"
    return f"{index:>3}  {name:<20} {kind:<17} {size}"
