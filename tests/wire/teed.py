"""The app in a terminal, next to what a terminal behind Textual's own driver would show in the same moment."""

from __future__ import annotations

import codecs
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from pyte.screens import Char

from tests.journeys.ptyharness import UNFINISHED, UNSEEN, Terminal
from tests.wire.emulated import Emulated, cells_seen

#: How long the wire may take to bring the terminal to the picture that was painted; a machine under load is slow.
_PATIENCE_S = 15.0


class Teed(Terminal):
    """`arguments` of the app. `home` holds nothing but what it writes."""

    def __init__(
        self,
        *arguments: str,
        home: Path,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
        term: str = "xterm-256color",
        argv: Sequence[str] = (),
    ) -> None:
        self._tee = home / "painted"
        self._tee.touch()
        self._read_to = 0
        self._half = b""
        #: The file may be read in the midst of a write, and of a sign.
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.stock = Emulated(*size)
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "LANG": "C.UTF-8"}
        environment["COLORTERM"] = "truecolor"
        environment |= {"PYTHONPATH": str(Path(__file__).parents[2]), "TEED_INTO": str(self._tee), **(env or {})}
        argv = argv or [sys.executable, "-m", "tests.wire.teed_app"]
        super().__init__([*argv, *arguments], size=size, env=environment, cwd=home, term=term)
        self._screen.write_process_input = self.tell_cursor  # type: ignore[method-assign,assignment]

    def tell_cursor(self, report: str) -> None:
        """The terminal's answer to where its cursor is."""
        self.send(report)

    def pump(self, wait_s: float = 0.0) -> bool:
        came = super().pump(wait_s)
        return self._take_painted() or came

    def resize(self, columns: int, rows: int) -> None:
        self._take_painted()
        self.stock.resize(columns, rows)
        super().resize(columns, rows)

    @property
    def seen(self) -> tuple[list[list[Char]], tuple[int, int] | None]:
        """All cells of the terminal, and where its cursor is to be seen."""
        return [cells_seen(row) for row in self.cells], self.cursor

    @property
    def seen_by_stock(self) -> tuple[list[list[Char]], tuple[int, int] | None]:
        return self.stock.cells, None if self.stock.screen.cursor.hidden else self.stock.cursor

    def same(self, *words: str, gone: str = "") -> None:
        """`words` come (and `gone` goes); then the terminal shows what was painted, cell by cell, and its cursor."""
        if words:
            self.wait_for(*words)
        if gone:
            self.wait_gone(gone)
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            if not self.pump(0.1) and self.seen == self.seen_by_stock:
                return
        (cells, cursor), (painted, painted_cursor) = self.seen, self.seen_by_stock
        differing = [
            f"({y}, {x}): {cells[y][x]} for {painted[y][x]}"
            for y in range(self.rows)
            for x in range(self.columns)
            if cells[y][x] != painted[y][x]
        ]
        assert not differing, "\n".join([self.screen, "row, column: shown, painted", *differing[:8]])
        assert cursor == painted_cursor
        raise AssertionError("it is painted without end")

    def go(self, *keys: str) -> None:
        """Keys one by one, each picture compared."""
        for key in keys:
            self.press(key)
            self.same()

    def _take_painted(self) -> bool:
        if self._tee.stat().st_size == self._read_to:
            return False
        with self._tee.open("rb") as file:
            file.seek(self._read_to)
            data = file.read()
        self._read_to += len(data)
        data = self._half + data
        half = UNFINISHED.search(data)
        self._half = data[half.start() :] if half else b""
        self.stock.feed(self._decoder.decode(UNSEEN.sub(b"", data[: half.start()] if half else data)))
        return True
