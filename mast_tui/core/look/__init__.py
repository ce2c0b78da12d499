"""What a file looks like: the series, images, tables and headers that a preview found, as numbers and labels.

The room `preview` makes a `Preview`, `plot` draws its items, the faces show it or print `to_json`. Nothing here knows a
screen or astropy. All words in a `Preview` that `preview.Previewer` hands out have passed `core.text.clean`.
"""

from __future__ import annotations

from mast_tui.core.look.common import Axis, BoolArray, ByteArray, FloatArray, ImageArray, IndexArray, Json, Summary
from mast_tui.core.look.images import Extent, Frames, ImageLook, Window
from mast_tui.core.look.items import Card, HduLook, HeaderLook, PictureLook, TableColumn, TableLook, TextLook
from mast_tui.core.look.preview import Fact, Kind, Look, Moved, Preview, same_place
from mast_tui.core.look.series import ANY_FLAG, SECOND_COLUMN, Ephemeris, Flag, Quality, Series, TimeReference
from mast_tui.core.look.sky_grid import SkyGrid

__all__ = [
    "ANY_FLAG",
    "SECOND_COLUMN",
    "Axis",
    "BoolArray",
    "ByteArray",
    "Card",
    "Ephemeris",
    "Extent",
    "Fact",
    "Flag",
    "FloatArray",
    "Frames",
    "HduLook",
    "HeaderLook",
    "ImageArray",
    "ImageLook",
    "IndexArray",
    "Json",
    "Kind",
    "Look",
    "Moved",
    "PictureLook",
    "Preview",
    "Quality",
    "Series",
    "SkyGrid",
    "Summary",
    "TableColumn",
    "TableLook",
    "TextLook",
    "TimeReference",
    "Window",
    "same_place",
]
