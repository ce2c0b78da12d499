"""What the screens of one item of a looked-at file share: images, pixel files, pictures, tables.

Curves have the preview screen. `[` and `]` lead from item to item, each on the screen of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from mast_tui.core.look import ByteArray, ImageLook, Look, Moved, Preview, Series, same_place
from mast_tui.core.text import clean, human_bytes
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.choosers import ChooseOne
from mast_tui.tui.screens.listing import chips
from mast_tui.tui.screens.writing import ask_form, write_away
from mast_tui.tui.widgets.chrome import StatusLine

#: Below so many rows of the terminal there is no room for a plot under an image.
_SHORT = 18
_NOUNS = {"pixels": "pixel file"}


class LookScreen(RoomScreen):
    """Item `item` of `preview`, which was found at `where`; subclasses compose `drawing` below the line about it."""

    NAME: ClassVar[str] = "Look"
    DEFAULT_CSS = """
    LookScreen #about { height: auto; max-height: 2; padding: 0 1; }
    LookScreen.short #about { max-height: 1; }
    """

    def __init__(self, where: str, file: str, preview: Preview, item: int) -> None:
        super().__init__()
        self.where, self.file, self.preview, self.item = where, file, preview, item

    def body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        yield from self.drawing()

    def drawing(self) -> ComposeResult:
        """What is below the line about the item."""
        raise TypeError("a screen of an item draws it")

    @property
    def look(self) -> Look:
        """The item as it is shown now."""
        return self.preview.items[self.item]

    @property
    def ascii_only(self) -> bool:
        return self.room.settings.plot == "ascii"

    def on_mount(self) -> None:
        self.say_about()
        say_what_came(self.status, self.preview)
        self.begin()

    def begin(self) -> None:
        """What a subclass does when it is there."""

    def on_resize(self) -> None:
        self.set_class(self.app.size.height < _SHORT, "short")

    def say_about(self) -> None:
        """The line above the drawing: target, what it is, which of how many, what to know of it."""
        preview, look = self.preview, self.look
        said = [note for note in look.notes if "simulated" in note]
        others = [note for note in self.notes() if note not in said]
        which = f"{self.item + 1} of {len(preview.items)} [ ]" if len(preview.items) > 1 else None
        about = chips(
            (preview.target or self.file, True),
            *said,
            preview.instrument,
            clean(look.name, 40) if look.name not in ("", self.file) else None,
            *self.about_parts(),
            which,
            *others[:1],
            self.file if preview.target else None,
        )
        self.query_one("#about", Static).update(about)

    def about_parts(self) -> tuple[str, ...]:
        """What a subclass says of its item, between its name and its place among the others."""
        return ()

    def notes(self) -> tuple[str, ...]:
        """What there is to know of what is shown now."""
        return self.look.notes

    # --- keys ---------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("previous_item", "next_item", "choose") and len(self.preview.items) < 2:
            return "There is only this one."
        if action_id == "header" and self.preview.header is None:
            return "This file has no FITS headers."
        if action_id == "get_whole" and self.preview.moved is None:
            return "The whole file is here."
        if action_id == "graphics" and not self.room.graphics.protocol:
            return self.room.graphics.why_not
        return None

    def do_previous_item(self) -> None:
        self.turn_to((self.item - 1) % len(self.preview.items))

    def do_next_item(self) -> None:
        self.turn_to((self.item + 1) % len(self.preview.items))

    def do_choose(self) -> None:
        items = self.preview.items
        choices = [
            (str(i), f"{i + 1}  {clean(look.name, 40)}  {look.kind}  {' × '.join(map(str, look.shape))}")
            for i, look in enumerate(items)
        ]
        self.app.push_screen(ChooseOne("Which of the file's items?", choices), self._chosen)

    def _chosen(self, answer: str | None) -> None:
        if answer is not None and int(answer) != self.item:
            self.turn_to(int(answer))

    def turn_to(self, item: int) -> None:
        """Show another item of the file in place of this one; what was only listed is read before."""
        look = self.preview.items[item]
        if isinstance(look, Series | ImageLook) and not look.loaded:
            self.start(self._read_and_turn_to(look, item), "look")
            return
        self._switch_to(item)

    async def _read_and_turn_to(self, listed: Series | ImageLook, item: int) -> None:
        controller = await self.room.controller()
        self.say_busy("reading … esc stops")
        row = listed.row if isinstance(listed, Series) else None
        preview = await controller.looks.look(self.where, hdu=listed.hdu, row=row, notice=self.say_busy)
        found = next((i for i in preview.items if same_place(i, listed)), None)
        if found is None:
            self.status.wrong(" ".join(preview.problems) or f"There is nothing to draw in HDU {listed.hdu}.")
            return
        items = list(self.preview.items)
        items[item] = found
        self.preview = replace(self.preview, items=tuple(items), problems=preview.problems)
        self._switch_to(item)

    def _switch_to(self, item: int) -> None:
        from mast_tui.tui.screens.look_kinds import screen_for
        from mast_tui.tui.screens.preview import PreviewScreen

        other = screen_for(self.where, self.file, self.preview, item)
        self.app.switch_screen(other or PreviewScreen(self.where, self.file, preview=self.preview, item=item))

    def do_header(self) -> None:
        from mast_tui.tui.screens.header_browser import HeaderBrowser

        assert self.preview.header is not None
        self.room.push_screen(HeaderBrowser(self.preview.header, self.file))

    def do_get_whole(self) -> None:
        self.start(self._get_whole(), "look")

    async def _get_whole(self) -> None:
        controller = await self.room.controller()
        await controller.looks.whole(self.where, notice=self.say_busy)
        self.preview = await controller.looks.look(self.where, notice=self.say_busy)
        self.turn_to(min(self.item, max(0, len(self.preview.items) - 1)))

    # --- true pixels --------------------------------------------------------------------------------------------

    def rgb(self) -> ByteArray:
        """The item as a picture, uint8 (ny, nx, 3), top row first."""
        raise TypeError("a screen with the key for true pixels has a picture")

    def do_graphics(self) -> None:
        from mast_tui.tui.screens.look_graphics import GraphicsScreen

        self.room.push_screen(GraphicsScreen(self.rgb(), self.title_words()))

    # --- taking it away -----------------------------------------------------------------------------------------

    def forms(self) -> Mapping[tuple[str, str], Callable[[], bytes]]:
        """What the item can be written as: (ending, words), and what makes the bytes without looking at a widget."""
        return {}

    def do_write(self) -> None:
        forms = self.forms()
        makers = {ending: make for (ending, _words), make in forms.items()}

        def chosen(ending: str) -> None:
            self.start(write_away(self, self.file, ending, makers[ending]), "write")

        ask_form(self, f"this {_NOUNS.get(self.look.kind, self.look.kind)}", list(forms), chosen)

    def title_words(self) -> str:
        """The target and the instrument, or the file's name."""
        return " ".join(part for part in (self.preview.target, self.preview.instrument) if part) or self.file

    def do_back(self) -> None:
        if not self.stop("look"):
            self.room.go_back()


def say_what_came(status: StatusLine, preview: Preview) -> None:
    """What is wrong with the file, or what the look at it cost."""
    if preview.problems:
        status.wrong(" ".join(preview.problems))
    elif preview.moved is not None:
        status.idle(moved_words(preview.moved))
    else:
        status.idle(f"looked at {human_bytes(preview.n_bytes)}; nothing was kept")


def moved_words(moved: Moved) -> str:
    """'moved 212 kB of 35.5 MB', and why not less where the server is the reason."""
    of = f" of {human_bytes(moved.of_bytes)}" if moved.of_bytes is not None else ""
    how = f"; {moved.how}" if moved.how else ""
    return f"moved {human_bytes(moved.n_bytes)}{of}{how}"
