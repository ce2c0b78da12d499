"""A JPEG or PNG: the archive's own picture of a product."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from mast_tui.core.look import PictureLook
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.look_item import LookScreen
from mast_tui.tui.widgets.picture_view import PictureView


class PictureScreen(LookScreen):
    CONTEXT: ClassVar[str] = "picture"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("picture")

    def drawing(self) -> ComposeResult:
        assert isinstance(self.look, PictureLook)
        yield PictureView(self.look, ascii_only=self.ascii_only)

    def about_parts(self) -> tuple[str, ...]:
        look = self.look
        assert isinstance(look, PictureLook)
        return (f"{look.format} {' × '.join(str(n) for n in reversed(look.shape))} pixels",)
