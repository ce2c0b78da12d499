"""Terminals that do not tell where their cursor is, or late, or something else: never stuck, and right in the end."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.wire.teed import Teed

#: A key's picture may take so long at most, on a loaded machine, before somebody would press it again.
_SOON_S = 4.0


class Silent(Teed):
    """It answers nothing at all, as a printer or a recorder of sessions."""

    def tell_cursor(self, report: str) -> None:
        pass

    def _answer(self) -> None:
        pass


class Elsewhere(Teed):
    """It is always one row below where it should be, by its own words."""

    def tell_cursor(self, report: str) -> None:
        row, _, column = report.removeprefix("\x1b[").removesuffix("R").partition(";")
        self.send(f"\x1b[{int(row) + 1};{column}R")


class Forgetful(Teed):
    """It answers every third question."""

    n_asked = 0

    def tell_cursor(self, report: str) -> None:
        self.n_asked += 1
        if self.n_asked % 3 == 0:
            self.send(report)


class Chatty(Teed):
    """It answers each question twice, the second time with another place."""

    def tell_cursor(self, report: str) -> None:
        self.send(report + "\x1b[3;7R")


class Late(Teed):
    """Its answers take so many seconds."""

    late_s = 1.1

    def __init__(self, *arguments: str, **more: Any) -> None:
        self._due: list[tuple[float, str]] = []
        super().__init__(*arguments, **more)

    def tell_cursor(self, report: str) -> None:
        self._due.append((time.monotonic() + self.late_s, report))

    def pump(self, wait_s: float = 0.0) -> bool:
        while self._due and self._due[0][0] <= time.monotonic():
            self.send(self._due.pop(0)[1])
        return super().pump(wait_s)


class Wavering(Late):
    """Quick, then slow, then quick again, with answers that get lost: a link by radio."""

    n_asked = 0

    def tell_cursor(self, report: str) -> None:
        self.n_asked += 1
        if self.n_asked % 7 == 3:
            return
        self.late_s = (0.0, 0.05, 0.6, 0.0, 1.5)[self.n_asked // 4 % 5]
        super().tell_cursor(report)


@pytest.mark.parametrize("kinds", [(Silent, Elsewhere, Forgetful), (Chatty, Late, Wavering)], ids=["answers", "times"])
def test_it_is_right_in_the_end_and_never_stuck(kinds: tuple[type[Teed], ...], tmp_path: Path, demo_url: str) -> None:
    """Three at the same time: most of it is waiting for the terminal to be silent."""

    def looked_through(kind: type[Teed]) -> None:
        home = tmp_path / kind.__name__[:3]
        home.mkdir()
        with kind("--archive", demo_url, home=home) as terminal:
            terminal.wait_for("Radius")
            right_in_the_end(terminal)

    with ThreadPoolExecutor() as pool:
        for seen in [pool.submit(looked_through, kind) for kind in kinds]:
            seen.result()


def right_in_the_end(odd: Teed) -> None:
    odd.send("M101\r")
    odd.same(" of ", "M101", gone="⋯")
    for key in ("down", "down", "pagedown", "end", "home", "space", "d"):
        odd.press(key)
        began = time.monotonic()
        while not odd.pump(0.05):
            assert time.monotonic() < began + _SOON_S, key
        odd.same()
    odd.press("F")
    odd.same("Counts of which column?")
    odd.press("esc")
    odd.resize(100, 30)
    odd.same(" of ", "M101", gone="Counts")
    assert "not understood" not in odd.screen
    odd.press("q")
    code, took = odd.wait_exit()
    assert code == 0 and took < _SOON_S
