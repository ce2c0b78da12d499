"""A JPEG or PNG of the archive on a page, in its colours: as it is on the screen, with target and source above it."""

from __future__ import annotations

from mast_tui.core.look import PictureLook
from mast_tui.plot.takeaway import axes
from mast_tui.plot.takeaway.drawing import Drawing, Field, Raster


def picture_page(picture: PictureLook, width: int, height: int, *, title: str = "") -> Drawing:
    """The page, the picture as large as it fits. A picture that could not be decoded leaves the page without one."""
    room = Field(32.0, 84.0, width - 32.0, height - 32.0)
    ny, nx = picture.pixels.shape[:2] if picture.pixels is not None else (1, 1)
    scale = min(room.width / nx, room.height / ny)
    across, up = nx * scale, ny * scale
    left = room.left + (room.width - across) / 2
    page = Drawing(width, height, title or picture.name, Field(left, room.top, left + across, room.top + up))
    if picture.pixels is not None:
        page.inside.append(Raster(picture.pixels, left, room.top, across, up))
    sides = " × ".join(str(n) for n in reversed(picture.shape))
    parts = [f"{picture.format} {sides} pixels"]
    if (ny, nx) != picture.shape[:2]:
        parts.append(f"here {nx} × {ny}")
    axes.heading(page, " · ".join((*parts, *picture.notes[:1])), picture.notes)
    return page
