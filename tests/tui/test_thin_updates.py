"""A repaint of some cells gives the picture that Textual's own gives, for the bytes of those cells."""

from __future__ import annotations

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from mast_tui.tui.thin_updates import ThinUpdate

CONSOLE = Console(color_system="truecolor", force_terminal=True, width=60)


def shown(*sequences: str) -> list[str]:
    screen = pyte.Screen(60, 4)
    stream = pyte.Stream(screen)
    for sequence in sequences:
        stream.feed(sequence)
    return list(screen.display)


def update(texts: list[str], spans: list[tuple[int, int, int]]) -> ChopsUpdate:
    """Lines of two widgets side by side, 20 and 40 cells wide."""
    chops = [{0: Strip([Segment("left widget".ljust(20))]), 20: Strip([Segment(text)])} for text in texts]
    return ChopsUpdate(chops, spans, [[20, 60]] * len(texts))


@pytest.mark.parametrize(
    "spans", [[(0, 25, 26)], [(0, 25, 26), (1, 25, 26), (1, 41, 43)], [(0, 10, 30)], [(1, 20, 60)]]
)
@pytest.mark.parametrize("new", ["B" * 40, "行" * 20, "αβγδ" * 10])
def test_the_picture_is_the_same_for_fewer_bytes(spans: list[tuple[int, int, int]], new: str) -> None:
    before = update(["A" * 40, "A" * 40], [(0, 0, 60), (1, 0, 60)]).render_segments(CONSOLE)
    theirs = update([new, new], spans)
    ours = ThinUpdate(theirs.chops, theirs.spans, theirs.chop_ends).render_segments(CONSOLE)
    if new[0] == "行":
        assert shown(before, ours) == shown(before, theirs.render_segments(CONSOLE))
    else:
        expected = [list(line) for line in shown(before)]
        for y, first, last in spans:
            for x in range(max(20, first), last):
                expected[y][x] = new[x - 20]
        assert shown(before, ours) == ["".join(line) for line in expected]
    assert len(ours.encode()) <= len(theirs.render_segments(CONSOLE).encode())


def test_one_column_of_a_wide_line_costs_a_few_bytes() -> None:
    theirs = update(["B" * 40], [(0, 58, 59)])
    ours = ThinUpdate(theirs.chops, theirs.spans, theirs.chop_ends).render_segments(CONSOLE)
    assert len(ours) < 12 < 40 < len(theirs.render_segments(CONSOLE))
