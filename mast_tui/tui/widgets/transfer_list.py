"""The transfers, a line each, and their sums: how far every file is, and how sure we are of it.

For the downloads screen. What a line means is in its sign and its words; colour only helps. Words come from names and
servers, so they pass the gate here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from rich.style import Style
from rich.text import Text

from mast_tui.core.fetch import Transfer
from mast_tui.core.text import clean, human_bytes, human_duration, plural
from mast_tui.tui.widgets.line_list import LineList, shorten

#: States in which something happens, or will by itself.
MOVING = ("running", "queued", "waiting")
BAR_CELLS = 10
_AMOUNT_CELLS = 17
_GOOD, _BAD, _ASKS = Style(color="green"), Style(color="red"), Style(color="yellow")

_SIGNS: dict[str, tuple[str, Style]] = {
    "queued": ("…", Style()),
    "running": ("↓", Style(bold=True)),
    "waiting": ("…", Style()),
    "paused": ("‖", Style()),
    "needs_login": ("?", _ASKS),
    "failed": ("!", _BAD),
    "cancelled": ("×", Style()),
    "done": ("✓", _GOOD),
}


def key_of(transfer: Transfer) -> tuple[str, str]:
    """A transfer's identity: one file of one session."""
    return transfer.session, transfer.uri


def name_of(transfer: Transfer) -> str:
    return clean(transfer.path.rpartition("/")[2] or transfer.uri.rpartition("/")[2], 200)


def bar(transfer: Transfer) -> str:
    """Ten cells; full only when every byte is here."""
    if transfer.state == "done":
        return "█" * BAR_CELLS
    if transfer.state == "cancelled":
        return "·" * BAR_CELLS
    cells = min(BAR_CELLS - 1, transfer.got * BAR_CELLS // transfer.total) if transfer.total else 0
    return "█" * cells + "·" * (BAR_CELLS - cells)


def amount(got: int, total: int | None) -> str:
    """'1.2 / 3.4 MB', the unit once where both have it; '1.2 MB / ?' while nobody knows how much it will be."""
    if total is None:
        return f"{human_bytes(got)} / ?" if got else "?"
    if got == total:
        return human_bytes(total)
    have, unit = human_bytes(got).split(" ")
    all_of_it, unit_of_all = human_bytes(total).split(" ")
    return f"{have} / {all_of_it} {unit}" if unit == unit_of_all else f"{have} {unit} / {all_of_it} {unit_of_all}"


def share(got: int, total: int) -> str:
    """'35 % of 3.4 MB': whole percent, which change seldom; 100 only when every byte is here."""
    return f"{100 * got // total if total else 100} % of {human_bytes(total)}"


def time_left(transfer: Transfer) -> str:
    """How long at this rate; empty when it can't be told."""
    if transfer.total is None or transfer.rate < 1:
        return ""
    words = human_duration((transfer.total - transfer.got) / transfer.rate)
    return words if len(words) <= 6 else " ".join(words.split(" ")[:2])


def state_words(transfer: Transfer) -> str:
    """What the line ends with: the rate and the time left, or the verdict, or what the file waits for."""
    match transfer.state:
        case "done":
            return transfer.verdict or "unverified"
        case "running":
            return f"{human_bytes(transfer.rate):>7}/s {time_left(transfer)}".rstrip()
        case "needs_login":
            return "log in: L"
        case "failed" | "waiting" if transfer.why:
            return f"{transfer.state}: {clean(transfer.why, 120)}"
        case ("queued" | "waiting" | "paused") as state if transfer.priority != "normal":
            return f"{state}, {transfer.priority}"
        case state:
            return state


class TransferList(LineList[Transfer]):
    """Lines of `core.fetch.Transfer`s in the order of the queue. `coarse` tells running ones in whole percent and
    without their rate, for few bytes."""

    coarse = False

    def key_of(self, item: Transfer) -> Hashable:
        return key_of(item)

    def line_of(self, item: Transfer, width: int) -> Text:
        sign, style = _SIGNS[item.state]
        end = 20 if width < 99 else 34
        room = max(8, width - 2 - 1 - BAR_CELLS - 1 - _AMOUNT_CELLS - 2 - end)
        name = Text(shorten(name_of(item), room))
        name.truncate(room, pad=True)
        coarse = self.coarse and item.state == "running" and item.total is not None
        words = "running" if coarse else state_words(item)
        line = Text(no_wrap=True, end="")
        line.append(sign, style).append(" ").append_text(name).append(" ")
        held = 0 if item.state == "cancelled" else item.got
        much = share(held, item.total) if coarse and item.total is not None else amount(held, item.total)
        line.append(f"{bar(item)} {much:>{_AMOUNT_CELLS}}  ")
        line.append(words, Style() if item.state == "running" else style)
        line.truncate(width, overflow="ellipsis")
        return line

    def follow(self) -> None:
        """Until somebody moves the cursor, bring the first running file into sight when none is."""
        if self.touched or not self.items or not self.size.height:
            return
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if any(t.state == "running" for t in self.items[top : top + height]):
            return
        first = next((i for i, t in enumerate(self.items) if t.state == "running"), None)
        if first is not None:
            self.scroll_to(y=first, animate=False, immediate=True)
            self.place(first)


class Totals:
    """Sums over all transfers, kept up to date by what changed: `update` is called twice a second."""

    def __init__(self) -> None:
        self._seen: Sequence[Transfer] = ()
        self._begin()

    def _begin(self) -> None:
        self.states: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self.got = self.total = self.unknown = 0
        self.running: dict[tuple[str, str], Transfer] = {}

    def update(self, transfers: Sequence[Transfer]) -> None:
        if len(transfers) == len(self._seen):
            changed = [(old, new) for old, new in zip(self._seen, transfers, strict=True) if old is not new]
            for old, _ in changed:
                self._count(old, -1)
            for _, new in changed:
                self._count(new, 1)
        else:
            self._begin()
            for transfer in transfers:
                self._count(transfer, 1)
        self._seen = transfers

    def _count(self, transfer: Transfer, by: int) -> None:
        self.states[transfer.state] += by
        if transfer.state == "done":
            self.verdicts[transfer.verdict or "unverified"] += by
        if transfer.state == "running" and by > 0:
            self.running[key_of(transfer)] = transfer
        elif by < 0:
            self.running.pop(key_of(transfer), None)
        if transfer.state != "cancelled":
            self.got += by * transfer.got
            self.total += by * (transfer.total or 0)
            self.unknown += by * (transfer.total is None)

    @property
    def moving(self) -> int:
        return sum(self.states[s] for s in MOVING)

    def words(self, width: int, *, coarse: bool = False) -> tuple[str, str]:
        """('6 files: 2 running, 1 queued, 3 verified', '1.2 / 3.4 GB · 2.1 MB/s, 3 min left').

        Where not all words fit in `width`, signs stand for them: the same signs as on the lines. `coarse` sums the
        bytes up in whole percent and says nothing of the rate.
        """
        states = [(self.states[s], word, _SIGNS[s][0]) for s, word in _STATE_WORDS if self.states[s]]
        verdicts = [f"{self.verdicts[v]:,} {v}" for v in _VERDICTS if self.verdicts[v]]
        files = plural(sum(self.states.values()), "file")
        first = f"{files}: {', '.join([f'{n:,} {word}' for n, word, _ in states] + verdicts)}"
        if len(first) > width:
            first = f"{files}: {'  '.join([f'{sign} {n:,}' for n, _, sign in states] + [f'✓ {v}' for v in verdicts])}"
        parts = [share(self.got, self.total) if coarse else amount(self.got, self.total)]
        if self.unknown:
            parts[0] += f" and {plural(self.unknown, 'file')} of unknown size"
        rate = sum(t.rate for t in self.running.values())
        if rate >= 1 and not coarse:
            left = human_duration((self.total - self.got) / rate) if not self.unknown else ""
            parts.append(f"{human_bytes(rate)}/s" + (f", {left} left" if left else ""))
        return first, " · ".join(parts)


_VERDICTS = ("verified", "complete", "unverified")
_STATE_WORDS = (
    ("running", "running"),
    ("waiting", "waiting"),
    ("queued", "queued"),
    ("paused", "paused"),
    ("needs_login", "need login"),
    ("failed", "failed"),
    ("cancelled", "cancelled"),
)
