"""The picture of an image with a crosshair and the outline of an aperture, as a widget.

The room `plot` makes greys and signs when the image, its stretch, the crosshair or the size changes; of the lines, only
those that differ are painted again.
"""

from __future__ import annotations

from typing import ClassVar, get_args

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from mast_tui.core.look import BoolArray, ImageLook
from mast_tui.plot import ImageFrame, draw_image
from mast_tui.plot.image_frame import Limits, Stretch
from mast_tui.plot.image_loupe import may_magnify, with_loupe
from mast_tui.plot.image_text import ImageRun, colour_bar, image_runs, legend, ramp_lines
from mast_tui.tui.widgets.drafts import Drafts

_IN_WORDS = {"zscale": "z-scale", "percentile": "0.5 to 99.5 %", "minmax": "lowest to highest", "sqrt": "square root"}


class ImageView(Widget, can_focus=True):
    """One image in greys as half blocks; as characters where there is no colour or no UTF-8.

    `crosshair` is a pixel of the file, (x, y) counted from 0. The screen binds the keys and calls `move`.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"image-view--sign"}
    DEFAULT_CSS = """
    ImageView { width: 1fr; height: 1fr; }
    ImageView .image-view--sign { color: $warning; text-style: bold; }
    """

    class CrosshairMoved(Message):
        """The crosshair is on another pixel, or was put there with the mouse (`clicked`)."""

        def __init__(self, view: ImageView, clicked: bool) -> None:
            super().__init__()
            self.view, self.clicked = view, clicked

        @property
        def control(self) -> ImageView:
            return self.view

    def __init__(self, *, ascii_only: bool = False, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._ascii_only = ascii_only
        self._image: ImageLook | None = None
        self._aperture: BoolArray | None = None
        self._crosshair: tuple[int, int] | None = None
        self._frame: ImageFrame | None = None
        self._strips: list[Strip] = []
        self._drawn_for: tuple[object, ...] = ()
        self._drafts = Drafts(self)
        #: Another one for another image.
        self._what = object()
        self.stretch: Stretch = "asinh"
        self.limits: Limits = "zscale"
        self._loupe = False

    # --- what is shown --------------------------------------------------------------------------------------------

    def show(self, image: ImageLook | None) -> None:
        """Draw this image from now on; the crosshair stays where it is, if that is in sight."""
        self._image, self._what = image, object()
        if image is not None:
            self._crosshair = _inside(image, *(self._crosshair or _middle(image)))
        self._redraw()

    def show_aperture(self, aperture: BoolArray | None) -> None:
        """Outline these pixels, bool (ny, nx)."""
        self._aperture = None if aperture is None else aperture.copy()
        self._redraw()

    @property
    def image_frame(self) -> ImageFrame | None:
        """The picture as last drawn."""
        return self._frame

    @property
    def crosshair(self) -> tuple[int, int]:
        """The pixel (x, y) under the crosshair, counted from 0."""
        return self._crosshair or (0, 0)

    def next_stretch(self) -> str:
        """Go on to the next stretch; gives its name for people."""
        names: tuple[Stretch, ...] = get_args(Stretch)
        self.stretch = names[(names.index(self.stretch) + 1) % len(names)]
        self._redraw()
        return _IN_WORDS.get(self.stretch, self.stretch)

    def next_limits(self) -> str:
        """Go on to the next choice of limits; gives its name for people."""
        names: tuple[Limits, ...] = get_args(Limits)
        self.limits = names[(names.index(self.limits) + 1) % len(names)]
        self._redraw()
        return _IN_WORDS.get(self.limits, self.limits)

    @property
    def may_magnify(self) -> bool:
        """Whether a loupe would show more than is seen already."""
        return self._loupe or (self._frame is not None and may_magnify(self._frame))

    def toggle_loupe(self) -> bool:
        """Show the surroundings of the crosshair three times larger in a corner, or no longer; gives which."""
        self._loupe = not self._loupe
        self._redraw()
        return self._loupe

    # --- the crosshair ----------------------------------------------------------------------------------------------

    def move(self, right: int, up: int) -> None:
        """The crosshair by cells of the screen, or by pixels where a pixel is wider than a cell."""
        frame = self._frame
        if self._image is None or frame is None or frame.place is None:
            return
        place = frame.place
        # a cell is one level wide and two high
        across, along = place.size[0] / place.columns, 2 * place.size[1] / place.half_rows
        x, y = self.crosshair
        self._put(x + right * max(1, round(across)), y + up * max(1, round(along)), clicked=False)

    def put(self, x: int, y: int) -> None:
        """The crosshair on this pixel of the file, or on the nearest to it that is shown."""
        if self._image is not None:
            self._put(x, y, clicked=False)

    def _put(self, x: int, y: int, *, clicked: bool) -> None:
        assert self._image is not None
        there = _inside(self._image, x, y)
        if there == self._crosshair and not clicked:
            return
        self._crosshair = there
        self._redraw()
        self.post_message(self.CrosshairMoved(self, clicked))

    def on_click(self, event: events.Click) -> None:
        pixel = self._frame.pixel_at(event.x, event.y) if self._frame is not None else None
        if pixel is not None:
            self._put(*pixel, clicked=True)

    # --- drawing ----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        self._draw()
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)

    def _redraw(self) -> None:
        """Draw now and paint the lines that differ: of a film's next frame often few."""
        before = self._strips
        self._draw()
        if len(before) != len(self._strips):
            self.refresh()
            return
        changed = [Region(0, y, self.size.width, 1) for y, strip in enumerate(self._strips) if strip != before[y]]
        if changed:
            self.refresh(*changed)

    def _draw(self) -> None:
        image, size, aperture = self._image, self.size, self._aperture
        key = (id(image), size, self.app.theme, self.stretch, self.limits, self._crosshair, id(aperture), self._loupe)
        if key == self._drawn_for:
            return
        self._drawn_for = key
        if image is None or size.width < 2 or size.height < 3:
            self._strips, self._frame = [], None
            return
        frame = draw_image(
            image,
            size.width,
            size.height - 1,
            stretch=self.stretch,
            limits=self.limits,
            crosshair=self._crosshair,
            aperture=aperture,
        )
        self._frame = frame
        if self._loupe and self._crosshair is not None:
            frame = with_loupe(frame, image, self._crosshair, self.stretch, size.width)
        # sixteen colours hold too few greys for a picture; signs of growing weight show more
        few_colours = self.app.no_color or self.app.console.color_system == "standard"
        plain = self.rich_style

        def in_characters(ascii_only: bool) -> list[Strip]:
            words = [*ramp_lines(frame, ascii_only), legend(frame, ascii_only)]
            return [Strip([Segment(line, plain)]) for line in words]

        if self._ascii_only or few_colours:
            self._strips = in_characters(self._ascii_only)
        else:
            fine = [self._strip(runs) for runs in (*image_runs(frame), colour_bar(frame))]
            # the draft is a fourteenth of the bytes, as measured on a field of stars
            of = (self._what, size, self.stretch, self.limits)
            self._strips = self._drafts.lines(of, fine, lambda: in_characters(ascii_only=True))

    def _strip(self, runs: list[ImageRun]) -> Strip:
        return Strip([Segment(run.text, self._style(run)) for run in runs])

    def _style(self, run: ImageRun) -> Style:
        if run.label:
            return self.rich_style
        style = _GREYS[-1 if run.front is None else run.front, -1 if run.back is None else run.back]
        if run.sign:
            # bright signs on a bright ground are lost: there the sign is dark, as the drawing says
            bright = run.front is not None and run.front > 0
            return style + self.get_component_rich_style("image-view--sign", partial=True) if bright else style
        return style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn_for = ()


def _middle(image: ImageLook) -> tuple[int, int]:
    (y, x), (ny, nx) = image.origin, image.pixels.shape
    return x + nx * image.step[1] // 2, y + ny * image.step[0] // 2


def _inside(image: ImageLook, x: int, y: int) -> tuple[int, int]:
    """The pixel of what is shown that is nearest to (x, y)."""
    (bottom, left), (ny, nx) = image.origin, image.pixels.shape
    top, right = bottom + ny * image.step[0], left + nx * image.step[1]
    if image.full != (0, 0):
        top, right = min(top, image.full[0]), min(right, image.full[1])
    return max(left, min(x, right - 1)), max(bottom, min(y, top - 1))


class _Greys(dict[tuple[int, int], Style]):
    """Styles by (foreground, background) level, -1 for none, made when first used: that costs more than drawing."""

    def __missing__(self, levels: tuple[int, int]) -> Style:
        front, back = (None if level < 0 else f"color({232 + level})" for level in levels)
        style = self[levels] = Style(color=front, bgcolor=back)
        return style


_GREYS = _Greys()
