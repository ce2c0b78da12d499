"""What a screen shows, written into the download folder: the question in which form, and a new file of the look's name.

A file that is there already is never replaced: the new one gets a number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mast_tui.core.keep import write_new
from mast_tui.core.text import clean, path_component
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.choosers import ChooseOne

PNG, SVG = ("png", "PNG picture"), ("svg", "SVG picture, for a paper or slide")
CSV = ("csv", "CSV: the numbers that are drawn")


def ask_form(screen: RoomScreen, what: str, forms: Sequence[tuple[str, str]], chosen: Callable[[str], None]) -> None:
    """Ask which of `forms` (ending, words) `what` is to be written as; `chosen` hears the ending, if there is one."""

    def answered(ending: str | None) -> None:
        if ending is not None:
            chosen(ending)

    folder = clean(screen.room.settings.folder, 40)
    screen.room.push_screen(ChooseOne(f"Write {what} into {folder} as", forms), answered)


async def write_away(screen: RoomScreen, file: str, ending: str, make: Callable[[], bytes]) -> None:
    """Write what `make` gives, called in a thread, under the name of the looked-at `file` with this ending.

    LocalFailure where the folder refuses.
    """
    from mast_tui.controller.threads import in_own_thread

    screen.say_busy("writing …")
    content = await in_own_thread(make)
    stem = path_component(file.partition(".")[0] or "look")
    path = await in_own_thread(write_new, screen.room.settings.folder, f"{stem}.{ending}", content)
    screen.status.good(f"wrote {clean(path, 200)}")
