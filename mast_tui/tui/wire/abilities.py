"""What a terminal can do, from its terminfo entry; what is not known for sure is not used."""

from __future__ import annotations

import contextlib

from mast_tui.tui.wire.difference import Abilities


def abilities_of(term: str) -> Abilities:
    """`bce` and `italics` from terminfo: screen's entries lack them. Repeating is asked of the terminal itself."""
    try:
        import curses
    except ImportError:
        return Abilities(italics=False)
    with contextlib.suppress(curses.error):
        curses.setupterm(term or "dumb", 2)
        return Abilities(bce=curses.tigetflag("bce") == 1, italics=bool(curses.tigetstr("sitm")))
    return Abilities(italics=False)
