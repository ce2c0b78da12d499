"""What goes out on a real pty: what, when, and what happens when the terminal answers late, wrongly, or not at all."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import time
import tty
from collections.abc import Callable, Iterator

import pytest

from mast_tui.tui.wire.difference import Abilities
from mast_tui.tui.wire.screen import WireScreen
from tests.wire.emulated import Emulated

WIDTH, HEIGHT = 24, 10
_QUESTION = re.compile(rb"\x1b\[6n")


class Far:
    """The far end of a pty: reads what the wire sends, and answers only when told to."""

    def __init__(self) -> None:
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.size = (WIDTH, HEIGHT)
        self.wire = WireScreen(slave, lambda: self.size, abilities=Abilities(bce=True))
        self.terminal = Emulated(WIDTH, HEIGHT)
        self.came = b""
        self.n_read = 0
        #: Cursor positions at the questions that have not been answered.
        self.asked: list[tuple[int, int]] = []

    def read(self, quiet_s: float = 0.15) -> bytes:
        """What came until nothing has for `quiet_s`."""
        came = b""
        while select.select([self.master], [], [], quiet_s)[0]:
            came += os.read(self.master, 65536)
        at = 0
        for match in _QUESTION.finditer(came):
            self.terminal.feed(came[at : match.start()].decode())
            self.asked.append(self.terminal.cursor)
            at = match.end()
        self.terminal.feed(came[at:].decode())
        self.came += came
        return came

    def answer(self) -> None:
        self.wire.cursor_is_at(*self.asked.pop(0))

    def started(self) -> None:
        self.wire.write("\x1b[?1049h")
        self.read()
        self.answer()

    def draw(self, y: int, words: str) -> None:
        self.wire.write(f"\x1b[{y + 1};1H{words.ljust(WIDTH)}")

    def shows(self, y: int) -> str:
        return self.terminal.screen.display[y].rstrip()


@pytest.fixture
def far() -> Iterator[Far]:
    end = Far()
    yield end
    end.wire.drain()
    os.close(end.master)
    os.close(end.wire.fileno())


def within(seconds: float, true: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_the_first_picture_waits_for_no_answer(far: Far) -> None:
    far.wire.write("\x1b[?1049h")
    assert b"\x1b[2b\x1b[6n" in far.read()  # asks whether it repeats
    far.draw(3, "IUE")
    far.read()
    assert far.shows(3) == "IUE"


def test_one_picture_is_on_its_way_and_the_newest_follows(far: Far) -> None:
    far.started()
    far.draw(0, "sector 1")
    far.read()
    for n in range(2, 30):
        far.draw(0, f"sector {n}")
    assert far.read() == b""
    far.answer()
    assert b"29" in far.read()
    assert b"28" not in far.came and far.shows(0) == "sector 29"


def test_what_is_no_picture_waits_for_nothing(far: Far) -> None:
    far.started()
    far.draw(0, "TESS")
    far.read()
    far.wire.write("\x1b]52;c;TUFTVA==\x07")
    assert far.read() == b"\x1b]52;c;TUFTVA==\x07"


@pytest.mark.parametrize("column", [1, 3], ids=["it does not", "it does"])
def test_repeating_is_used_where_the_terminal_has_shown_that_it_does(far: Far, column: int) -> None:
    far.wire.write("\x1b[?1049h")
    far.read()
    far.asked.clear()
    far.wire.cursor_is_at(0, column)
    far.draw(2, "─" * WIDTH)
    assert (b"\x1b[23b" in far.read()) is (column == 3)
    assert far.shows(2) == "─" * WIDTH


def test_a_terminal_that_never_answers_gets_every_picture_after_a_second_at_most(far: Far) -> None:
    far.wire.write("\x1b[?1049h")
    far.draw(0, "one")
    far.read()
    far.draw(0, "two")
    began = time.monotonic()
    assert within(2.0, lambda: b"two" in far.came + far.read(0.01))
    assert time.monotonic() - began < 1.2
    began = time.monotonic()
    for n in range(5):
        far.draw(0, f"picture {n}")
        assert within(1.0, lambda n=n: f"{n}".encode() in far.read(0.01))  # type: ignore[misc]
    assert time.monotonic() - began < 1.0
    assert not far.wire.link.answers


def test_a_terminal_elsewhere_than_it_must_be_is_painted_anew_three_times_and_then_not_believed(far: Far) -> None:
    far.started()
    far.draw(0, "GALEX")
    for n in range(8):
        far.draw(1, f"row {n}")
        far.read()
        far.wire.cursor_is_at(7, 7)
        far.read()
    assert far.came.count(b"\x1b[2J") == 1 + 3  # the first picture, and three
    far.wire.cursor_is_at(7, 7)
    far.draw(1, "the end")
    far.read()
    assert far.shows(0) == "GALEX" and far.shows(1) == "the end"


def test_the_redraw_key_paints_all_and_believes_the_terminal_again(far: Far) -> None:
    far.started()
    far.draw(4, "HST")
    far.read()
    far.answer()
    far.terminal.feed("\x1b[5;1H\x1b[41mwall: going down\x1b[0m")
    far.wire.repaint()
    assert b"\x1b[2J" in far.read()
    assert far.shows(4) == "HST" and far.terminal.cells[4][10].bg == "default"


def test_a_report_that_nobody_asked_for_is_not_ours(far: Far) -> None:
    far.started()
    assert not far.wire.cursor_is_at(0, 1)  # it may be shift+F3
    far.draw(0, "JWST")
    far.read()
    assert far.wire.cursor_is_at(*far.asked[0])


_SIXELS = "\x1bPq#0;2;0;0;0#0~~@@vv@@~~$-\x1b\\"


def test_sixels_stand_in_their_place_behind_the_cells_and_go_when_other_cells_are_drawn_there(far: Far) -> None:
    """As textual-image writes them: a move, the picture, a move."""
    far.started()
    far.draw(0, "an image")
    far.read()
    far.answer()
    far.wire.write(f"\x1b[10;1H{'keys'.ljust(WIDTH)}\x1b[3;5H{_SIXELS}\x1b[9;20H")
    came = far.read()
    assert came.index(b"keys") < came.index(b"\x1b[3;5H" + _SIXELS.encode()) and came.count(b"\x1bP") == 1
    far.answer()
    far.wire.write(f"\x1b[1;1H{'an image'.ljust(WIDTH)}\x1b[3;1H{' ' * WIDTH}")
    assert far.read().startswith(b"\x1b[3H\x1b[K")  # blank as before for the cells, but the picture was over it
    far.answer()
    far.draw(2, "")
    assert far.read() == b""


def test_after_a_resize_all_is_painted_and_answers_from_before_are_no_drift(far: Far) -> None:
    far.started()
    far.draw(0, "Kepler")
    far.read()
    far.size = far.terminal.width, far.terminal.height = (30, 12)
    far.terminal.screen.resize(12, 30)
    far.wire.resized()
    far.wire.write("\x1b[12;1Hbottom")
    far.read(0.05)
    far.answer()  # of before
    assert b"\x1b[2J" in far.read()
    far.answer()
    assert far.read() == b""


def test_all_passes_and_the_pen_is_the_terminal_s_own_when_it_ends(far: Far) -> None:
    far.started()
    far.wire.write("\x1b[3;1H\x1b[31mred\x1b[0m")
    far.read()
    assert far.terminal.screen.cursor.attrs.fg != "default"
    far.answer()
    far.wire.settle()
    far.wire.write("\x1b[?1049l")
    far.wire.write("\x1b[?25h")
    far.wire.drain()
    assert far.read() == b"\x1b[m\x1b[?1049l\x1b[?25h"


def test_the_end_waits_for_an_answer_under_way(far: Far) -> None:
    """It would be typed into the shell else."""
    far.started()
    far.draw(0, "HLA")
    far.read()
    began = time.monotonic()
    far.wire.settle()
    assert 0.4 < time.monotonic() - began < 1.5
    far.answer()
    began = time.monotonic()
    far.wire.settle()
    assert time.monotonic() - began < 0.4


def test_a_line_that_takes_nothing_ends_within_a_second_and_gets_its_modes_back(far: Far) -> None:
    far.started()
    # far more than any pty takes in: nobody reads
    stale = "\x1b]2;" + "x" * 300_000 + "\x07"
    far.wire.write(stale)
    assert within(2.0, lambda: far.wire._output.stuck)
    began = time.monotonic()
    far.draw(0, "never seen")
    far.wire.settle()
    far.wire.write("\x1b[?1006l")
    far.wire.write("\x1b[?1049l")
    far.wire.drain()
    assert time.monotonic() - began < 1.0
    came = b""
    while select.select([far.master], [], [], 0.2)[0]:
        came += os.read(far.master, 65536)
    assert len(came) < 300_000
    assert came.endswith(b"\x18\x1b[0m\x1b[?2026l\x1b[?1006l\x1b[?1049l")


def test_a_line_that_others_have_filled_gets_all_last_words(far: Far) -> None:
    far.started()
    other = os.open(os.ttyname(far.wire.fileno()), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(other, b"x" * 512)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(other, b"x")
    os.close(other)
    far.wire.settle()
    words = ["\x1b[?2004l", "\x1b[<u", "\x1b[?1049l", "\x1b[?25h"]
    for word in words:
        far.wire.write(word)
        time.sleep(0.02)
    began = time.monotonic()
    far.wire.drain()
    assert time.monotonic() - began < 1.0
    came = b""
    while select.select([far.master], [], [], 0.2)[0]:
        came += os.read(far.master, 65536)
    assert came.endswith("".join(words).encode())


def test_it_goes_on_after_it_was_ended(far: Far) -> None:
    far.started()
    far.draw(0, "before")
    far.read()
    far.answer()
    far.wire.settle()
    far.wire.write("\x1b[?1049l")
    far.wire.drain()
    far.read()
    far.wire.write("\x1b[?1049h")
    far.read()
    far.answer()
    far.draw(2, "after")
    far.read()
    assert (far.shows(0), far.shows(2)) == ("", "after")


def test_a_terminal_that_is_gone_costs_nothing_any_more() -> None:
    end = Far()
    end.started()
    os.close(end.master)
    for n in range(5):
        end.draw(n, "nobody there")
        end.wire.write("\x1b]2;title\x07")
    assert within(1.0, lambda: end.wire._gone)
    kept = len(end.wire._passing)
    end.wire.write("\x1b]2;title\x07")
    assert len(end.wire._passing) == kept
    began = time.monotonic()
    end.wire.settle()
    end.wire.drain()
    assert time.monotonic() - began < 0.5
    os.close(end.wire.fileno())


def test_a_defect_of_ours_is_told_and_the_terminal_is_restored(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Exception] = []
    far.wire._on_defect = told.append
    far.started()

    def broken(*args: object) -> str:
        raise IndexError("a row too many")

    monkeypatch.setattr(far.wire._difference, "to", broken)
    far.draw(0, "never seen")
    assert within(1.0, lambda: bool(told)) and isinstance(told[0], IndexError)
    far.wire.write("\x1b[?1049l")
    far.wire.drain()
    assert far.read().endswith(b"\x1b[?1049l")
