"""Preview: the file as a curve, a spectrum, an image, a table or its headers, before its bytes are taken for good."""

from __future__ import annotations

from typing import ClassVar, Literal

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import HeaderLook, ImageLook, PictureLook, Preview, Series, TableLook, TextLook
from mast_tui.core.text import clean, human_bytes
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.choosers import ReadText
from mast_tui.tui.screens.listing import chips
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.image_view import ImageView
from mast_tui.tui.widgets.plot_view import PlotView

_MASKS: tuple[Literal["default", "hard", "none"], ...] = ("default", "hard", "none")


class PreviewScreen(RoomScreen):
    CONTEXT: ClassVar[str] = "preview"
    NAME: ClassVar[str] = "Look"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("preview")
    DEFAULT_CSS = """
    PreviewScreen #about { height: auto; max-height: 2; padding: 0 1; }
    PreviewScreen #readout { padding: 0 1; }
    PreviewScreen PlotView, PreviewScreen ImageView { height: 1fr; display: none; }
    PreviewScreen #words { height: 1fr; display: none; padding: 0 1; scrollbar-size-vertical: 1; }
    PreviewScreen .shown { display: block; }
    """

    def __init__(self, where: str, name: str, size: int | None = None) -> None:
        super().__init__()
        self._where, self._file, self._file_bytes = where, name, size
        self._preview: Preview | None = None
        self._item = 0
        self._column: str | None = None
        self._mask = 0

    def body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        ascii_only = self.room.settings.plot == "ascii"
        yield PlotView(ascii_only=ascii_only)
        yield ImageView(ascii_only=ascii_only)
        with VerticalScroll(id="words"):
            yield Static("", id="text", markup=False)
        yield Line("", id="readout")

    def on_mount(self) -> None:
        self._say_about()
        self._read()

    # --- reading ----------------------------------------------------------------------------------------------------

    def _read(self, keep_item: bool = False) -> None:
        self.start(self._load(keep_item), "look")

    async def _load(self, keep_item: bool) -> None:
        controller = await self.room.controller()
        size = f" ({human_bytes(self._file_bytes)})" if self._file_bytes is not None else ""
        self.say_busy(f"getting {self._file}{size} … esc stops")
        preview = await controller.looks.look(
            self._where, quality=_MASKS[self._mask], column=self._column, notice=self.say_busy
        )
        self._preview = preview
        if not keep_item or self._item >= len(preview.items):
            self._item = 0
        self._show()

    def failed(self, error: MastTuiError) -> None:
        super().failed(error)
        self.refresh_chrome()

    # --- showing ----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        preview = self._preview
        assert preview is not None
        self._say_about()
        plot, image, words = self.query_one(PlotView), self.query_one(ImageView), self.query_one("#words")
        for part in (plot, image, words):
            part.remove_class("shown")
        self.query_one("#readout", Line).say("")
        item = preview.items[self._item] if preview.items else None
        if isinstance(item, Series):
            plot.add_class("shown")
            plot.show(item)
            plot.focus()
        elif isinstance(item, ImageLook):
            image.add_class("shown")
            image.show(item)
        else:
            words.add_class("shown")
            self.query_one("#text", Static).update(_in_words(item, preview))
            words.focus()
        if preview.problems:
            self.status.wrong(" ".join(preview.problems))
        else:
            self.status.idle(f"looked at {human_bytes(preview.n_bytes)}; nothing was kept")
        self.refresh_chrome()

    def _say_about(self) -> None:
        preview = self._preview
        about = self.query_one("#about", Static)
        if preview is None:
            about.update(chips((self._file, True)))
            return
        item = preview.items[self._item] if preview.items else None
        notes = list(item.notes) if item is not None else []
        # that data are simulated stands before everything that a narrow screen may cut off
        said = [note for note in notes if "simulated" in note]
        parts: list[tuple[str, bool] | str | None] = [(preview.target or self._file, True), *said, preview.instrument]
        if isinstance(item, Series):
            parts.append(f"{item.n_good:,} of {item.n_rows:,} points")
            if item.quality is not None:
                rule = item.quality.bitmask or "rule"
                parts.append(f"{item.quality.n_flagged:,} masked by {item.quality.column} ({rule})")
            elif _MASKS[self._mask] == "none":
                parts.append("no mask")
        elif item is None or preview.kind in ("image", "cube", "pixels"):
            parts.append(preview.kind)
        if len(preview.items) > 1:
            parts.append(f"{self._item + 1} of {len(preview.items)} [ ]")
        if item is not None:
            parts.append(clean(item.name, 40))
        parts += [note for note in notes if note not in said][:1]
        if preview.target:
            parts.append(self._file)
        about.update(chips(*parts))

    @on(PlotView.ReadoutChanged)
    def _read_out(self, event: PlotView.ReadoutChanged) -> None:
        self.query_one("#readout", Line).say(event.readout)

    # --- keys -------------------------------------------------------------------------------------------------------

    def _series(self) -> Series | None:
        preview = self._preview
        item = preview.items[self._item] if preview is not None and preview.items else None
        return item if isinstance(item, Series) else None

    def why_not(self, action_id: str) -> str | None:
        preview, series = self._preview, self._series()
        if action_id == "back":
            return None
        if preview is None:
            return "The file is not here yet."
        if action_id in ("previous_item", "next_item") and len(preview.items) < 2:
            return "There is only this one."
        if action_id == "header" and preview.header is None:
            return "This file has no FITS headers."
        if action_id == "column" and (series is None or len(series.columns) < 2):
            return "There is no other column to draw."
        if action_id == "quality" and (preview.kind != "lightcurve"):
            return "Only light curves have quality masks to choose from."
        if series is None and action_id in (
            "zoom_in", "zoom_out", "pan_left", "pan_right", "reset", "cursor_left", "cursor_right",
        ):  # fmt: skip
            return "There is no curve here."
        return None

    def do_zoom_in(self) -> None:
        self.query_one(PlotView).action_zoom("in")

    def do_zoom_out(self) -> None:
        self.query_one(PlotView).action_zoom("out")

    def do_pan_left(self) -> None:
        self.query_one(PlotView).action_pan("left")

    def do_pan_right(self) -> None:
        self.query_one(PlotView).action_pan("right")

    def do_cursor_left(self) -> None:
        self.query_one(PlotView).action_cursor("left")

    def do_cursor_right(self) -> None:
        self.query_one(PlotView).action_cursor("right")

    def do_reset(self) -> None:
        self.query_one(PlotView).action_reset()

    def do_previous_item(self) -> None:
        self._turn(-1)

    def do_next_item(self) -> None:
        self._turn(1)

    def _turn(self, step: int) -> None:
        assert self._preview is not None
        self._item = (self._item + step) % len(self._preview.items)
        item = self._preview.items[self._item]
        if isinstance(item, Series) and not item.loaded:
            self.start(self._load_one(item), "look")
        else:
            self._show()

    async def _load_one(self, item: Series) -> None:
        """A list of hundreds of spectra carries only the first ones; the others are read when they are looked at."""
        controller = await self.room.controller()
        preview = await controller.looks.look(
            self._where,
            hdu=item.hdu,
            row=item.row,
            quality=_MASKS[self._mask],
            column=self._column,
            notice=self.say_busy,
        )
        assert self._preview is not None
        found = next((s for s in preview.series if s.hdu == item.hdu and s.row == item.row), None)
        if found is not None:
            items = list(self._preview.items)
            items[self._item] = found
            self._preview = Preview(
                self._preview.file,
                self._preview.kind,
                self._preview.instrument,
                self._preview.target,
                tuple(items),
                preview.problems,
                self._preview.header,
                self._preview.n_bytes,
            )
        self._show()

    def do_column(self) -> None:
        series = self._series()
        assert series is not None
        names = series.columns
        now = names.index(series.y_axis.name) if series.y_axis.name in names else -1
        self._column = names[(now + 1) % len(names)]
        self._read(keep_item=True)

    def do_quality(self) -> None:
        self._mask = (self._mask + 1) % len(_MASKS)
        self._read(keep_item=True)

    def do_header(self) -> None:
        assert self._preview is not None and self._preview.header is not None
        self.room.push_screen(ReadText(f"Headers of {clean(self._file, 60)}", _header_text(self._preview.header)))

    def do_back(self) -> None:
        self.stop("look")
        self.room.go_back()


def _header_text(header: HeaderLook) -> str:
    lines = []
    for hdu in header.hdus:
        shape = " × ".join(str(n) for n in hdu.shape) or "no data"
        lines.append(f"── {hdu.index}  {hdu.name or '(no name)'}  {hdu.kind}  {shape} ──")
        lines += [f"{c.keyword:<8} = {c.value}{'  / ' + c.comment if c.comment else ''}" for c in hdu.cards]
        lines.append("")
    return "\n".join(lines)


def _in_words(item: object, preview: Preview) -> Text:
    """What can't be drawn, as text: a table's first rows, a text's first lines, a picture's size, headers."""
    text = Text(no_wrap=True, overflow="ellipsis")
    if isinstance(item, TableLook):
        heads = [f"{c.name} [{c.unit}]" if c.unit else c.name for c in item.columns]
        widths = [min(28, max([len(h), *(len(r[i]) for r in item.rows)])) for i, h in enumerate(heads)]
        text.append("  ".join(h[:w].ljust(w) for h, w in zip(heads, widths, strict=True)) + "\n", Style(bold=True))
        for row in item.rows:
            text.append("  ".join(c[:w].ljust(w) for c, w in zip(row, widths, strict=True)) + "\n")
        text.append(f"\n{len(item.rows):,} of {item.n_rows:,} rows\n", Style(dim=True))
    elif isinstance(item, TextLook):
        text.append("\n".join(item.lines))
    elif isinstance(item, PictureLook):
        size = " × ".join(str(n) for n in reversed(item.shape))
        text.append(f"A {item.format} picture, {size} pixels. Take it with t to see it on a desktop.\n")
    elif isinstance(item, HeaderLook):
        text.append(_header_text(item))
    else:
        text.append(" ".join(preview.problems) or "There is nothing in this file that can be shown.")
    return text
