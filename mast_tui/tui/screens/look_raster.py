"""What the screens of an image and of a pixel file share: a picture with a crosshair, its read-out, a plot below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult

from mast_tui.analysis import Calibration, calibration_of, quality_report
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import BoolArray, ByteArray, ImageLook, Preview, Series
from mast_tui.plot import to_ascii
from mast_tui.plot.image_places import PLACE, place_of
from mast_tui.plot.image_windows import window_of
from mast_tui.tui.image_readings import read_out
from mast_tui.tui.screens.ask import AskLine
from mast_tui.tui.screens.choosers import ReadText
from mast_tui.tui.screens.look_item import LookScreen
from mast_tui.tui.screens.look_question_keys import listed
from mast_tui.tui.screens.writing import CSV, PNG, SVG
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.image_view import ImageView
from mast_tui.tui.widgets.plot_view import PlotView


class RasterScreen(LookScreen):
    """One `ImageLook` of a file. Subclasses say what is below it (`curve_below`), and may put lines `between`."""

    DEFAULT_CSS: ClassVar[str] = """
    RasterScreen #readout { padding: 0 1; height: auto; max-height: 2; }
    RasterScreen #below { height: 45%; }
    """

    def __init__(self, where: str, file: str, preview: Preview, item: int) -> None:
        super().__init__(where, file, preview, item)
        image = preview.items[item]
        assert isinstance(image, ImageLook)
        self._image = image
        #: The sky of the whole plane, as far as it was seen: that of a window ends with it.
        self._sky = image.sky
        #: Of which HDU the calibration is known, and what it is.
        self._worth: tuple[int, Calibration | None] | None = None

    def drawing(self) -> ComposeResult:
        yield ImageView(ascii_only=self.ascii_only)
        yield from self.between()
        yield PlotView(ascii_only=self.ascii_only, id="below")
        yield Line("", id="readout")

    def between(self) -> ComposeResult:
        """Lines between the picture and the plot."""
        yield from ()

    def begin(self) -> None:
        self.view.show(self._image)
        self.view.focus()

    @property
    def look(self) -> ImageLook:
        return self._image

    @property
    def view(self) -> ImageView:
        return self.query_one(ImageView)

    @property
    def below(self) -> PlotView:
        return self.query_one("#below", PlotView)

    def curve_below(self) -> Series | None:
        """The curve that belongs to the picture as it is now: a cut, a spectrum, the light of an aperture."""
        raise TypeError("a screen of an image says what is below it")

    def outlined(self) -> BoolArray | None:
        """The pixels that are outlined, (ny, nx)."""
        return self._image.aperture

    def show_image(self, image: ImageLook) -> None:
        self._image = image
        if image.sky is not None and window_of(image) is None:
            self._sky = image.sky
        self.view.show(image)

    def say_readout(self) -> None:
        x, y = self.view.crosshair
        image = self._image
        if self._worth is None or self._worth[0] != image.hdu:
            self._worth = image.hdu, calibration_of(self.preview.header, image.hdu)
        words = read_out(image, x, y, self._worth[1], ascii_only=self.ascii_only)
        self.query_one("#readout", Line).say(Text(words, overflow="fold"))

    # --- keys ---------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        if action_id == "open_curve" and self.curve_below() is None:
            return "There is no curve below to open."
        if action_id == "loupe" and not self.view.may_magnify:
            return "A pixel is larger than three cells already."
        return super().why_not(action_id)

    def do_left(self) -> None:
        self.view.move(-1, 0)

    def do_right(self) -> None:
        self.view.move(1, 0)

    def do_up(self) -> None:
        self.view.move(0, 1)

    def do_down(self) -> None:
        self.view.move(0, -1)

    def do_place(self) -> None:
        def wrong(words: str) -> str | None:
            try:
                place_of(words, self._image, self._sky)
            except InvalidQuery as error:
                return str(error)
            return None

        def answered(words: str | None) -> None:
            if words is not None:
                self.put_crosshair(place_of(words, self._image, self._sky))

        self.room.push_screen(AskLine("The crosshair where?", "", PLACE, wrong), answered)

    def put_crosshair(self, place: tuple[int, int]) -> None:
        """On a pixel (x, y) of the plane."""
        self.view.put(*place)

    def do_stretch(self) -> None:
        self.status.idle(f"stretch: {self.view.next_stretch()}")

    def do_limits(self) -> None:
        self.status.idle(f"limits: {self.view.next_limits()}")

    def do_loupe(self) -> None:
        self.status.idle("three times larger around the crosshair" if self.view.toggle_loupe() else "")

    def do_summary(self) -> None:
        image = self._image
        words = listed(
            quality_report(image, self.preview.facts, self.preview.header),
            tuple(filter(None, (image.value_axis.unit,))),
        )
        self.room.push_screen(ReadText(f"Data quality of {self.file}", to_ascii(words) if self.ascii_only else words))

    def do_open_curve(self) -> None:
        """The curve screen on what is below: zoom, units, lines, folding, writing."""
        from mast_tui.tui.screens.preview import PreviewScreen

        curve = self.curve_below()
        assert curve is not None
        # the curve is no part of the file that could be read again under another mask or column
        found = replace(self.preview, items=(curve,), moved=None, problems=())
        self.room.push_screen(PreviewScreen(self.where, self.file, preview=found))

    def rgb(self) -> ByteArray:
        from mast_tui.plot.takeaway.image_page import drawn_shades, greys

        shades = drawn_shades(self._image, self.view.limits)
        return greys(self._image.pixels, shades.low, shades.high, self.view.stretch)

    # --- taking it away -----------------------------------------------------------------------------------------

    def forms(self) -> Mapping[tuple[str, str], Callable[[], bytes]]:
        from mast_tui.plot.takeaway import How, to_csv, to_png, to_svg

        image = replace(self._image, aperture=self.outlined())
        how: How = {"title": self.title_words(), "stretch": self.view.stretch, "limits": self.view.limits}
        numbers = self.curve_below() or image
        csv = (CSV[0], "CSV: the curve below" if numbers is not image else "CSV: the pixels that are drawn")
        return {
            PNG: lambda: to_png(image, **how),
            SVG: lambda: to_svg(image, **how).encode(),
            csv: lambda: to_csv(numbers).encode(),
        }
