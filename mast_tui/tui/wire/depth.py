"""How many colours the terminal has, and how Textual is told: before it is imported, since it asks but once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, MutableMapping

from mast_tui.tui.wire.palette import Depth

#: What terminals that show 24 bits put into COLORTERM; terminfo has no room for it in most entries.
_TRUECOLOR = ("truecolor", "24bit")
#: The colours of terminals whose terminfo entry is not installed here: as many as all have that are in use.
_UNKNOWN = 8


def depth_of(wish: str, environment: Mapping[str, str], n_colours: Callable[[str], int | None] | None = None) -> Depth:
    """The depth of the terminal that `environment` tells of. `wish` is the setting `colors`: auto, or what it is to be.

    `n_colours` tells how many colours a type of terminal has, None for an unknown one; it asks terminfo.
    """
    if wish in ("truecolor", "256", "16", "none"):
        return wish  # type: ignore[return-value] # just compared with all that it may be
    if environment.get("NO_COLOR"):  # no-color.org: set, and not to nothing
        return "none"
    term = environment.get("TERM", "")
    # GNU screen hands COLORTERM of the terminal around it on, and takes 24 bits for attributes: blinking, mostly
    if environment.get("COLORTERM", "").lower() in _TRUECOLOR and not ("STY" in environment and "screen" in term):
        return "truecolor"
    count = (n_colours or colours_of)(term)
    if count is None:
        count = 256 if "256color" in term else _UNKNOWN
    if count >= 1 << 24:
        return "truecolor"
    return "256" if count >= 256 else "16" if count >= 8 else "none"


def colours_of(term: str) -> int | None:
    """How many colours terminfo says `term` has; None where it does not know the terminal."""
    try:
        import curses
    except ImportError:
        return None
    with contextlib.suppress(curses.error):
        curses.setupterm(term or "dumb", 2)
        return max(0, curses.tigetnum("colors"))
    return None


def tell_textual(depth: Depth, environment: MutableMapping[str, str], *, wired: bool) -> None:
    """Set what Textual reads. With sixteen colours and with none it paints in these itself: its widgets choose signs
    for shades then. With 256 it paints in all, and the wire, if there is one, finds the nearest: Rich's are not."""
    environment.pop("NO_COLOR", None)
    if depth == "none":
        environment["NO_COLOR"] = "1"
    painted = {"256": "truecolor" if wired else "256", "truecolor": "truecolor"}
    environment["TEXTUAL_COLOR_SYSTEM"] = painted.get(depth, "standard")
