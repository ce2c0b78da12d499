"""A drawing as SVG 1.1: one file without scripts, links or fonts of its own. Used by `takeaway`."""

from __future__ import annotations

import base64
import struct
import zlib
from xml.sax.saxutils import escape

import numpy as np

from mast_tui.core.look import ByteArray, FloatArray
from mast_tui.core.text import clean
from mast_tui.plot.takeaway.drawing import Area, Drawing, Lines, Points, Raster, Shape, Words

_FONT = "DejaVu Sans, Helvetica, Arial, sans-serif"


def svg_text(drawing: Drawing) -> str:
    """The whole document."""
    box = drawing.box
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" height="{drawing.height}" '
            f'viewBox="0 0 {drawing.width} {drawing.height}" font-family="{_FONT}">',
            f"<title>{_words(drawing.title)}</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            f'<clipPath id="field"><rect x="{box.left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}"/></clipPath>',
            '<g clip-path="url(#field)">',
            *map(_element, drawing.inside),
            "</g>",
            *map(_element, drawing.outside),
            "</svg>\n",
        )
    )


def _element(shape: Shape) -> str:
    match shape:
        case Lines():
            data = " ".join("M" + "L".join(_pairs(path)) for path in shape.paths if len(path))
            dashes = ' stroke-dasharray="6 5"' if shape.dashed else ""
            return (
                f'<path d="{data}" fill="none" stroke="{shape.colour}" stroke-width="{shape.width:g}" '
                f'stroke-linejoin="round"{dashes}/>'
            )
        case Area():
            return f'<path d="M{"L".join(_pairs(shape.outline))}Z" fill="{shape.colour}"/>'
        case Points():
            data = "".join(f"M{pair}h0" for pair in _pairs(shape.places))
            return (
                f'<path d="{data}" fill="none" stroke="{shape.colour}" stroke-width="{shape.diameter:g}" '
                'stroke-linecap="round"/>'
            )
        case Words():
            turn = f' transform="rotate(-90 {shape.x:.1f} {shape.y:.1f})"' if shape.turned else ""
            weight = ' font-weight="bold"' if shape.bold else ""
            return (
                f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}" text-anchor="{shape.anchor}" '
                f'fill="{shape.colour}"{weight}{turn}>{_words(shape.text)}</text>'
            )
        case Raster():
            data = base64.b64encode(_png(shape.rgb)).decode("ascii")
            return (
                f'<image x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}" '
                f'preserveAspectRatio="none" image-rendering="pixelated" href="data:image/png;base64,{data}"/>'
            )


def _pairs(places: FloatArray) -> list[str]:
    return [f"{x:g},{y:g}" for x, y in np.round(places, 2).tolist()]


def _words(text: str) -> str:
    return escape(clean(text))


def _png(rgb: ByteArray) -> bytes:
    """Pixels as PNG (W3C, third edition: 8-bit truecolour, no filter), so that SVG needs no imaging library."""
    height, width = rgb.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 1:] = rgb.reshape(height, -1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
