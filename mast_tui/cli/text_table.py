"""A table for people: aligned columns, cut to the terminal's width; in a pipe nothing is cut.

Cells come in already cleaned. Widths are in terminal cells, so that wide signs of East Asian names stay aligned.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mast_tui.cli import talk

#: A column is cut down to this before the last columns are left out.
_NARROWEST = 6
_GAP = "  "


@dataclass(frozen=True)
class Heading:
    text: str
    right: bool = False


def write_text_table(headings: Sequence[Heading], rows: Sequence[Sequence[str]]) -> int:
    """Print the table on stdout; how many columns did not fit and were left out, which the caller has to say."""
    width = talk.terminal_width(sys.stdout)
    widths = [max((cell_width(h.text), *(cell_width(row[i]) for row in rows))) for i, h in enumerate(headings)]
    shown = len(headings)
    if width is not None:
        shown, widths = _fitted(widths, width)
    talk.out(_line([h.text for h in headings[:shown]], widths, headings))
    for row in rows:
        talk.out(_line(row[:shown], widths, headings))
    return len(headings) - shown


def cell_width(text: str) -> int:
    """Terminal cells that `text` takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def _fitted(widths: Sequence[int], room: int) -> tuple[int, list[int]]:
    """How many columns fit into `room`, and their widths: the widest are cut first."""
    shown = len(widths)
    while shown > 1 and sum(min(w, _NARROWEST) for w in widths[:shown]) + len(_GAP) * (shown - 1) > room:
        shown -= 1
    fitted = list(widths[:shown])
    too_much = sum(fitted) + len(_GAP) * (shown - 1) - room
    while too_much > 0 and max(fitted) > _NARROWEST:
        widest = fitted.index(max(fitted))
        fitted[widest] -= 1
        too_much -= 1
    return shown, fitted


def _line(cells: Iterable[str], widths: Sequence[int], headings: Sequence[Heading]) -> str:
    parts = [_padded(cell, width, heading.right) for cell, width, heading in zip(cells, widths, headings, strict=False)]
    return _GAP.join(parts).rstrip()


def _padded(cell: str, width: int, right: bool) -> str:
    space = width - cell_width(cell)
    if space < 0:
        cell = cut(cell, width)
        space = width - cell_width(cell)
    return " " * space + cell if right else cell + " " * space


def cut(cell: str, width: int) -> str:
    """`cell` in at most `width` cells of the terminal: its end goes."""
    if cell_width(cell) <= width:
        return cell
    kept, used = [], 0
    for sign in cell:
        used += cell_width(sign)
        if used > width - 1:
            break
        kept.append(sign)
    return "".join(kept) + "…"
