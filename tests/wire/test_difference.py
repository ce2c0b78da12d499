"""What a step costs in bytes, and that each trick is taken where it is the shorter way, and not where it is not."""

from __future__ import annotations

from mast_tui.tui.wire.cells import PLAIN, Pen
from mast_tui.tui.wire.difference import Abilities, change_of_pen
from tests.wire.emulated import Emulated, Wired

WIDTH, HEIGHT = 60, 20


def rows(*lines: str, top: int = 0) -> str:
    """The text of lines, each wiped to its end as Textual pads them."""
    return "".join(f"\x1b[{top + n + 1};1H{line.ljust(WIDTH)}" for n, line in enumerate(lines))


def after(first: str, then: str, abilities: Abilities) -> str:
    """What is sent for `then` where `first` is shown; the picture is compared with a terminal that got both whole."""
    wired, stock = Wired(WIDTH, HEIGHT, abilities), Emulated(WIDTH, HEIGHT)
    wired.show(first)
    sent = wired.show(then)
    stock.feed(first + then)
    assert wired.cells == stock.cells
    return sent


def test_a_long_line_is_repeated_where_the_terminal_repeats() -> None:
    line = rows("─" * WIDTH)
    assert after("", line, Abilities(rep=True)) == "\x1b[H─\x1b[59b"
    assert after("", line, Abilities()) == "\x1b[H" + "─" * WIDTH


def test_few_signs_are_shorter_written_than_repeated() -> None:
    assert after("", "\x1b[1;1Haaaa", Abilities(rep=True)) == "\x1b[Haaaa"


def test_a_coloured_line_is_erased_where_erasing_leaves_the_colour() -> None:
    bar = f"\x1b[2;1H\x1b[44mmast-tui{' ' * (WIDTH - 8)}\x1b[0m"
    assert after("", bar, Abilities(bce=True)) == "\x1b[2H\x1b[44mmast-tui\x1b[K"
    assert len(after("", bar, Abilities(bce=False))) > WIDTH


def test_reversed_blanks_are_written_for_no_terminal_erases_to_them() -> None:
    bar = f"\x1b[2;1H\x1b[7mmast-tui{' ' * (WIDTH - 8)}\x1b[0m"
    assert "\x1b[K" not in after("", bar, Abilities(bce=True))


def test_a_screen_that_goes_is_wiped_at_once() -> None:
    long = rows(*(f"observation {n} of a long list of observations" for n in range(HEIGHT)))
    short = rows("no files yet", *[""] * (HEIGHT - 1))
    sent = after(long, short, Abilities())
    assert sent.count("\x1b[J") == 1 and len(sent) < 25


def test_a_screen_that_mostly_stays_is_not_wiped() -> None:
    old = [f"observation {n} of a long list of observations" for n in range(HEIGHT)]
    sent = after(rows(*old), rows(*(f"{line[:-1]}_" for line in old)), Abilities())
    assert "\x1b[J" not in sent and len(sent) < 8 * HEIGHT


def test_a_page_of_five_lines_scrolls_by_one_step() -> None:
    lines = [f"sector {n} camera {n * 7919 % 97} ccd {n * 104729 % 89}" for n in range(40)]
    down = after(rows(*lines[:15], top=3), rows(*lines[5:20], top=3), Abilities())
    up = after(rows(*lines[5:20], top=3), rows(*lines[:15], top=3), Abilities())
    assert "\x1b[4;18r\x1b[4H\x1b[5M\x1b[r" in down and "\x1b[4;18r\x1b[4H\x1b[5L\x1b[r" in up
    assert max(len(down), len(up)) < 26 + 5 * 40


def test_a_marker_moves_one_line_for_seven_bytes() -> None:
    wired = Wired(WIDTH, HEIGHT, Abilities())
    wired.show("\x1b[4;1H▸", cursor=(3, 0))
    assert wired.show("\x1b[4;1H \x1b[5;1H▸") == " \x1bD\b▸"
    assert wired.screen.display[4].rstrip() == "▸" and wired.screen.display[3].strip() == ""


def test_the_space_between_words_keeps_the_pen_of_the_words() -> None:
    sent = after("", "\x1b[1;1H\x1b[31mTESS\x1b[0m \x1b[31msector\x1b[0m", Abilities())
    assert sent == "\x1b[H\x1b[31mTESS sector"
    underlined = after("\x1b[1;1H" + "x" * 20, "\x1b[1;1H\x1b[4mTESS\x1b[0m \x1b[4msector\x1b[0m", Abilities())
    assert underlined == "\r\x1b[4mTESS\x1b[m \x1b[4msector"


def test_a_pen_changes_by_the_shorter_of_what_ends_and_a_fresh_start() -> None:
    bold_bar = Pen("", "44", frozenset({"1", "7"}))
    assert change_of_pen(bold_bar, bold_bar._replace(attributes=frozenset({"7"}))) == "\x1b[22m"
    assert change_of_pen(bold_bar, PLAIN) == "\x1b[m"
    dim = Pen("", "44", frozenset({"2"}))
    # bold and dim end together: what stays of them is begun again
    assert change_of_pen(dim._replace(attributes=frozenset({"1", "2"})), dim) == "\x1b[22;2m"
    colour = Pen("38;2;10;20;30", "48;2;1;2;3", frozenset({"1"}))
    assert change_of_pen(colour, colour._replace(attributes=frozenset())) == "\x1b[22m"


def test_a_sign_that_is_two_columns_wide_does_not_shift_what_follows() -> None:
    """Watches and hourglasses are among the arrows and technical signs, and wide."""
    sent = after("", "\x1b[1;1H⌚\x1b[1;5Hx", Abilities())
    assert sent.endswith("x")
