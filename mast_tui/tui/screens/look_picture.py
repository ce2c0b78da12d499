"""A JPEG or PNG: the archive's own picture of a product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from mast_tui.core.look import ByteArray, PictureLook
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.look_item import LookScreen
from mast_tui.tui.screens.writing import PNG, SVG
from mast_tui.tui.widgets.picture_view import PictureView


class PictureScreen(LookScreen):
    CONTEXT: ClassVar[str] = "picture"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("picture")

    @property
    def picture(self) -> PictureLook:
        look = self.look
        assert isinstance(look, PictureLook)
        return look

    def drawing(self) -> ComposeResult:
        yield PictureView(self.picture, ascii_only=self.ascii_only)

    def about_parts(self) -> tuple[str, ...]:
        return (f"{self.picture.format} {' × '.join(str(n) for n in reversed(self.picture.shape))} pixels",)

    def rgb(self) -> ByteArray:
        assert self.picture.pixels is not None
        return self.picture.pixels

    def forms(self) -> Mapping[tuple[str, str], Callable[[], bytes]]:
        from mast_tui.plot.takeaway import to_png, to_svg

        picture, title = self.picture, self.title_words()
        return {
            PNG: lambda: to_png(picture, title=title),
            SVG: lambda: to_svg(picture, title=title).encode(),
        }
