"""The fewest bytes we know of that bring a terminal from the picture it shows to the one that is wanted.

Scrolled bands first, then row by row: cursor moves, changes of the pen, runs of changed cells, erasing where blanks are
many. What each step costs is counted in bytes, and the cheaper of two ways is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rich.cells import get_character_cell_size

from mast_tui.tui.wire.cells import BLANK, PLAIN, SEEN_ON_BLANKS, UNKNOWN, Cell, Pen, Picture, Row

#: The parameter that ends each attribute (ECMA-48 §8.3.117; 53 and 55 xterm's and VTE's overline).
_ENDS = {"1": "22", "2": "22", "3": "23", "4": "24", "21": "24", "5": "25", "7": "27", "8": "28", "9": "29", "53": "55"}
#: So many unchanged cells in one pen are written again rather than jumped over: a jump is three bytes and more.
_BRIDGE = 4
#: Erasing pays from so many blanks on: `CSI n X` and the move behind it, or `CSI K`.
_ERASE, _ERASE_LINE = 9, 4
#: What wiping must leave of the bytes, as on a terminal that shows a frame in parts it is seen.
_WIPED = 0.8
#: How far a band may have scrolled, and in how many rows at least.
_FARTHEST, _BAND = 40, 4


@dataclass(frozen=True)
class Abilities:
    """What a terminal can do beyond a VT100. `bce`: what is erased gets the pen's background; `rep`: it repeats a
    character on request (ECMA-48 REP). `italics`: has them; GNU screen reverses instead."""

    bce: bool = False
    rep: bool = False
    italics: bool = True


@lru_cache(16384)
def change_of_pen(old: Pen, new: Pen) -> str:
    """The escape text that turns one pen into another, the shorter of a delta and a fresh start."""
    link = "" if old.link == new.link else f"\x1b]8;;{new.link}\x1b\\"
    if old[:3] == new[:3]:
        return link
    colours = (new.foreground, new.background)
    fresh = ";".join(["0", *sorted(new.attributes), *(colour for colour in colours if colour)])
    fresh = "" if fresh == "0" else fresh
    ends = {_ENDS[attribute] for attribute in old.attributes - new.attributes}
    # bold and dim end together, as single and double underlines do
    kept = {attribute for attribute in old.attributes & new.attributes if _ENDS[attribute] not in ends}
    steps = [*sorted(ends), *sorted(new.attributes - kept)]
    if old.foreground != new.foreground:
        steps.append(new.foreground or "39")
    if old.background != new.background:
        steps.append(new.background or "49")
    return f"\x1b[{min(fresh, ';'.join(steps), key=len)}m{link}"


class Difference:
    """`shown` is what the terminal shows; each call of `to` brings it to another picture of the same size."""

    def __init__(self, width: int, height: int, abilities: Abilities) -> None:
        self.abilities = abilities
        self.shown = Picture(width, height, UNKNOWN)
        self.pen = PLAIN
        #: Where the terminal's cursor stands; None where that is not certain.
        self.at: tuple[int, int] | None = None
        self._out: list[str] = []

    def forget(self, width: int, height: int) -> None:
        """Nothing is known any more of what the terminal shows."""
        self.shown = Picture(width, height, UNKNOWN)
        self.at = None

    def cleared(self) -> None:
        """The terminal has just become blank (as the alternate screen is)."""
        self.shown.fill(BLANK)
        self.at = None

    def to(self, wanted: Picture, cursor: tuple[int, int] | None) -> str:
        """The escape text for the way to `wanted`, with the cursor at (row, column) in the end, or anywhere."""
        self._out = []
        shown = self.shown.rows
        changed = [y for y in range(wanted.height) if wanted.rows[y] != shown[y]]
        if len(changed) == wanted.height and all(row[0] is UNKNOWN and row[-1] is UNKNOWN for row in shown):
            self._set_pen(PLAIN)
            self._out.append("\x1b[2J")
            self.cleared()
            shown = self.shown.rows
            changed = [y for y in changed if wanted.rows[y] != shown[y]]
        if len(changed) >= _BAND and self._scroll(wanted, changed):
            changed = [y for y in range(wanted.height) if wanted.rows[y] != shown[y]]
        self._rows(wanted, changed)
        if cursor is not None and self.at != cursor:
            self._move(*cursor)
        return "".join(self._out)

    def _rows(self, wanted: Picture, changed: list[int]) -> None:
        """Write the changed rows; where they are many, after wiping all from the first on if that is far shorter."""
        before = list(self.shown.rows), self.pen, self.at, list(self._out)
        n_before = len(self._out)
        self._each_row(wanted, changed)
        if 2 * len(changed) < wanted.height:
            return
        # each sign that is not wiped is a byte and more
        signs = sum(wanted.width - wanted.rows[y].count(BLANK) for y in range(changed[0], wanted.height))
        if sum(map(len, self._out[n_before:])) <= signs or 2 * signs > wanted.width * (wanted.height - changed[0]):
            return
        after = self.shown.rows, self.pen, self.at, self._out
        self.shown.rows, self.pen, self.at, self._out = before
        self._move(changed[0], 0)
        self._set_pen(PLAIN)
        self._out.append("\x1b[J")
        self.shown.rows[changed[0] :] = [[BLANK] * wanted.width for _ in range(wanted.height - changed[0])]
        self._each_row(wanted, [y for y in range(changed[0], wanted.height) if wanted.rows[y] != self.shown.rows[y]])
        if sum(map(len, self._out)) > _WIPED * sum(map(len, after[3])):
            self.shown.rows, self.pen, self.at, self._out = after

    def _each_row(self, wanted: Picture, changed: list[int]) -> None:
        for y in changed:
            self._row(y, wanted.rows[y], self.shown.rows[y])
            self.shown.rows[y] = list(wanted.rows[y])

    def through(self, place: tuple[int, int], text: str) -> str:
        """`text` as it is, at a (row, column); where the cursor is behind it is not known."""
        self._out = []
        self._move(*place)
        self._set_pen(PLAIN)
        self.at = None
        return "".join(self._out) + text

    def plain(self) -> str:
        """Back to the terminal's own pen: before anything that is not ours is written."""
        self._out = []
        self._set_pen(PLAIN)
        return "".join(self._out)

    # --- scrolling -----------------------------------------------------------------------------------------------

    def _scroll(self, wanted: Picture, changed: list[int]) -> bool:
        """Scroll the band of changed rows where most of them stand there already, some rows up or down."""
        top, bottom = changed[0], changed[-1]
        shown, rows = self.shown.rows, wanted.rows
        where: dict[int, list[int]] = {}
        for y in range(top, bottom + 1):
            where.setdefault(hash(tuple(shown[y])), []).append(y)
        votes: dict[int, int] = {}
        for y in changed:
            if _is_blank(rows[y]):
                continue
            for other in where.get(hash(tuple(rows[y])), ()):
                if other != y and abs(other - y) <= _FARTHEST:
                    votes[other - y] = votes.get(other - y, 0) + 1
        if not votes:
            return False
        by = max(votes, key=lambda k: (votes[k], -abs(k)))
        if votes[by] < max(_BAND - 1, len(changed) // 2):
            return False
        self._set_pen(PLAIN)
        count, height = abs(by), bottom + 1 - top
        # index and reverse index at the region's edges, as every terminal since the VT100 has them; for more lines than
        # two, deleting and inserting them, as since the VT102
        steps = ("\x1bD" if by > 0 else "\x1bM") * count if count < 3 else f"\x1b[{count}{'M' if by > 0 else 'L'}"
        edge = bottom if by > 0 and count < 3 else top
        self._out.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{edge + 1}H{steps}\x1b[r")
        self.at = None
        blank: list[Row] = [[BLANK] * wanted.width for _ in range(min(count, height))]
        kept = shown[top + count : bottom + 1] if by > 0 else shown[top : bottom + 1 - count]
        shown[top : bottom + 1] = [*kept, *blank] if by > 0 else [*blank, *kept]
        return True

    # --- one row -------------------------------------------------------------------------------------------------

    def _row(self, y: int, new: Row, old: Row) -> None:
        width = len(new)
        end, tail = width, new[-1]
        if self._can_erase(tail):
            while end > 0 and new[end - 1] == tail:
                end -= 1
            differing = sum(1 for x in range(end, width) if old[x] != tail)
            if differing < _ERASE_LINE:
                end = width
        x = 0
        while x < end:
            if new[x] == old[x]:
                x += 1
                continue
            x = self._start_of(x, new, old)
            self._bridge(y, x, new)
            stop = self._end_of(x, end, new, old)
            self._run(y, x, stop, new, old)
            x = stop
        if end < width:
            # a wide character that straddles the place is wiped with it
            self._move(y, end)
            if not _takes(self.pen, tail):
                self._set_pen(tail[1])
            self._out.append("\x1b[K")

    def _start_of(self, x: int, new: Row, old: Row) -> int:
        """Where writing must begin for the cell at `x`: at the first half of what is wide there, in either picture."""
        while x > 0 and (new[x][0] == "" or old[x][0] == ""):
            x -= 1
        return x

    def _end_of(self, x: int, end: int, new: Row, old: Row) -> int:
        """Behind the last changed cell of the run in one pen that begins at `x`."""
        pen, last = new[x][1], x
        at = x
        while at < end and _takes(pen, new[at]) and (new[at] != old[at] or at - last <= _BRIDGE):
            if new[at] != old[at]:
                last = at
            at += 1
        stop = last + 1
        while stop < len(new) and (new[stop][0] == "" or old[stop][0] == ""):
            stop += 1
        return stop

    def _bridge(self, y: int, x: int, new: Row) -> None:
        """Go to a place: by writing what stands between again where that is shorter, else by a move."""
        if self.at is not None and self.at[0] == y and 0 < x - self.at[1] <= _BRIDGE:
            between = new[self.at[1] : x]
            if all(_takes(self.pen, cell) and _is_simple(cell[0]) for cell in between):
                self._out.append("".join(char for char, _pen in between))
                self.at = (y, x)
                return
        self._move(y, x)

    def _run(self, y: int, x: int, stop: int, new: Row, old: Row) -> None:
        """Write the cells from `x` to `stop`, the cursor being at `x`."""
        while x < stop:
            cell = new[x]
            if not _takes(self.pen, cell):
                self._set_pen(cell[1])
            char, same = cell[0], x + 1
            while same < stop and new[same] == cell:
                same += 1
            count = same - x
            if count >= _ERASE and self._can_erase(cell) and not (self.abilities.rep and same < stop):
                # with text behind it, repeating is shorter: the cursor is there then
                self._out.append(f"\x1b[{count}X")
                self.at = (y, x)
                if same < stop:
                    self._move(y, same)
            elif char == "":
                pass  # the second half came with the first
            elif _is_simple(char):
                if self.abilities.rep and count > 4 + len(str(count)) // len(char.encode()):
                    self._out.append(f"{char}\x1b[{count - 1}b")
                else:
                    self._out.append(char * count)
                # behind the last column a terminal may stand on it or beyond it
                self.at = (y, same) if same < len(new) else None
            else:
                # terminals differ in how wide such a character is: from here on the place is told anew
                after = x + 1 + (x + 1 < len(new) and new[x + 1][0] == "")
                if len(char) > 1 and after == x + 2:
                    # of several parts: as wide as one of them, or as all; what stands beside it is not known
                    self._out.append("  ")
                    self.at = None
                    self._move(y, x)
                    beyond = min(x + 2 * len(char), len(new))
                    old[after:beyond] = [UNKNOWN] * (beyond - after)
                for place in range(x, same):
                    if place > x:
                        self._move(y, place)
                    self._out.append(char)
                    self.at = None
                same = max(same, after)
                if same < stop:
                    self._move(y, same)
            x = same

    def _can_erase(self, cell: Cell) -> bool:
        pen = cell[1]
        if cell[0] != " " or pen.attributes & SEEN_ON_BLANKS or pen.link:
            return False
        return not pen.background or self.abilities.bce

    # --- the pen and the cursor ----------------------------------------------------------------------------------

    def _set_pen(self, pen: Pen) -> None:
        if not self.abilities.italics and "3" in pen.attributes:
            pen = pen._replace(attributes=pen.attributes - {"3"})
        if pen != self.pen:
            self._out.append(change_of_pen(self.pen, pen))
            self.pen = pen

    def _move(self, y: int, x: int) -> None:
        if self.at != (y, x):
            self._out.append(_shortest_move(self.at, y, x))
            self.at = (y, x)


def _takes(pen: Pen, cell: Cell) -> bool:
    """Whether a cell looks as it must, written or erased with `pen`: of blanks only the background shows."""
    wanted = cell[1]
    if pen == wanted:
        return True
    return (
        cell[0] == " "
        and pen.background == wanted.background
        and pen.link == wanted.link
        and not (pen.attributes | wanted.attributes) & SEEN_ON_BLANKS
    )


@lru_cache(8192)
def _shortest_move(at: tuple[int, int] | None, y: int, x: int) -> str:
    direct = "\x1b[H" if x == y == 0 else f"\x1b[{y + 1}H" if x == 0 else f"\x1b[{y + 1};{x + 1}H"
    if at is None:
        return direct
    down, right = y - at[0], x - at[1]
    # one line: index and reverse index, which scroll only at an edge, and there they would have nowhere to go
    vertical = "\x1bD" if down == 1 else "\x1bM" if down == -1 else _steps(down, "B", "A")
    ways = [direct, f"{vertical}{_steps(right, 'C', 'D')}", f"{vertical}\x1b[{x + 1}G"]
    if -3 <= right < 0:
        ways.append(vertical + "\b" * -right)
    if x == 0:
        ways.append(vertical + "\r")
    return min(ways, key=len)


def _steps(count: int, forward: str, back: str) -> str:
    if count == 0:
        return ""
    letter = forward if count > 0 else back
    return f"\x1b[{letter}" if abs(count) == 1 else f"\x1b[{abs(count)}{letter}"


@lru_cache(4096)
def _is_simple(char: str) -> bool:
    """One code point, one column wide in every terminal and font: Latin, Greek, boxes, blocks, braille, arrows."""
    if len(char) != 1 or get_character_cell_size(char) != 1:
        return False
    code = ord(char)
    return (
        0x20 <= code < 0x7F
        or (0xA0 <= code < 0x300 and code != 0xAD)
        or 0x370 <= code < 0x483
        or 0x2010 <= code < 0x2028
        or 0x2030 <= code < 0x2060
        or 0x2070 <= code < 0x20A0
        or char in "✓✗❯"
        or 0x2190 <= code < 0x2600
        or (0x2800 <= code < 0x2900)
    )


def _is_blank(row: Row) -> bool:
    return all(cell == row[0] for cell in row)
