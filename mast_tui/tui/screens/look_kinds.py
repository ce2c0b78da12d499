"""Which screen shows an item of a looked-at file."""

from __future__ import annotations

from mast_tui.core.look import HeaderLook, ImageLook, PictureLook, Preview, TableLook
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.header_browser import HeaderBrowser
from mast_tui.tui.screens.look_image import ImageScreen
from mast_tui.tui.screens.look_picture import PictureScreen
from mast_tui.tui.screens.look_pixels import PixelScreen
from mast_tui.tui.screens.look_table import TableScreen


def screen_for(where: str, file: str, preview: Preview, item: int) -> RoomScreen | None:
    """The screen for one item of `preview`; None for curves and texts, which the preview screen shows itself."""
    look = preview.items[item] if item < len(preview.items) else None
    match look:
        case ImageLook(kind="pixels"):
            return PixelScreen(where, file, preview, item)
        case ImageLook():
            return ImageScreen(where, file, preview, item)
        case PictureLook() if look.pixels is not None:
            return PictureScreen(where, file, preview, item)
        case TableLook():
            return TableScreen(where, file, preview, item)
        case HeaderLook():
            return HeaderBrowser(look, file, " ".join(preview.problems))
        case _:
            return None
