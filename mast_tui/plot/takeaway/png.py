"""A drawing as PNG by Pillow, which is imported when one is made. Used by `takeaway`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from mast_tui.core.errors import LocalFailure
from mast_tui.core.look import FloatArray
from mast_tui.core.text import clean
from mast_tui.plot.labels import to_ascii
from mast_tui.plot.takeaway.drawing import Area, Drawing, Lines, Points, Raster, Shape, Words

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

#: Pillow draws hard edges; a page of twice the size made small has soft ones.
_FINER = 2
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_DASH, _BLANK = 6.0, 5.0


def png_bytes(drawing: Drawing) -> bytes:
    """The whole file. LocalFailure where Pillow is not installed."""
    try:
        from PIL import Image, ImageDraw
    except ImportError as error:
        raise LocalFailure(
            "PNG pictures need Pillow", "It is not installed here", "Run pip install pillow, or take SVG"
        ) from error
    page = Image.new("RGB", (drawing.width * _FINER, drawing.height * _FINER), "#ffffff")
    inner = page.copy()
    _draw_all(inner, ImageDraw.Draw(inner), drawing.inside)
    box = drawing.box
    left, top = round(_FINER * box.left), round(_FINER * box.top)
    page.paste(inner.crop((left, top, round(_FINER * box.right), round(_FINER * box.bottom))), (left, top))
    _draw_all(page, ImageDraw.Draw(page), drawing.outside)
    out = io.BytesIO()
    small = page.resize((drawing.width, drawing.height), Image.Resampling.BOX)
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_all(page: Image.Image, pen: ImageDraw.ImageDraw, shapes: list[Shape]) -> None:
    for shape in shapes:
        match shape:
            case Lines():
                for path in shape.paths:
                    _line(pen, path, shape)
            case Area():
                pen.polygon(_flat(shape.outline), fill=shape.colour)
            case Points():
                radius = shape.diameter * _FINER / 2
                for x, y in (shape.places * _FINER).tolist():
                    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shape.colour)
            case Words():
                _write(page, shape)
            case Raster():
                _lay(page, shape)


def _flat(places: FloatArray) -> list[float]:
    return [float(value) for value in (places * _FINER).ravel()]


def _line(pen: ImageDraw.ImageDraw, path: FloatArray, shape: Lines) -> None:
    width = max(1, round(shape.width * _FINER))
    if len(path) == 1:
        pen.point(_flat(path), fill=shape.colour)
    elif not shape.dashed:
        pen.line(_flat(path), fill=shape.colour, width=width, joint="curve" if width > 3 else None)
    else:
        for dash in _dashes(path):
            pen.line(_flat(dash), fill=shape.colour, width=width)


def _dashes(path: FloatArray) -> list[FloatArray]:
    """The parts of a line that a dash pattern leaves, the pattern running on over its corners."""
    import numpy as np

    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]
    found = []
    for begin in np.arange(0.0, along[-1], _DASH + _BLANK):
        end = min(begin + _DASH, along[-1])
        places = np.r_[begin, along[(along > begin) & (along < end)], end]
        found.append(np.stack([np.interp(places, along, path[:, k]) for k in (0, 1)], axis=1))
    return found


def _lay(page: Image.Image, shape: Raster) -> None:
    from PIL import Image

    size = (max(1, round(shape.width * _FINER)), max(1, round(shape.height * _FINER)))
    pixels = Image.fromarray(shape.rgb, "RGB").resize(size, Image.Resampling.NEAREST)
    page.paste(pixels, (round(shape.x * _FINER), round(shape.y * _FINER)))


def _write(page: Image.Image, words: Words) -> None:
    """Powers are written small and high, signs that the font lacks as ASCII does."""
    from PIL import Image, ImageDraw

    text, size = clean(words.text), words.size * _FINER
    large, small = _font(size, words.bold), _font(0.7 * size, words.bold)
    runs = [(_RAISED[s], small) if s in _RAISED else (s if _has(large, s) else to_ascii(s), large) for s in text]
    width = sum(font.getlength(sign) for sign, font in runs)
    strip = Image.new("L", (int(width) + 4, int(2 * size)), 0)
    pen, x = ImageDraw.Draw(strip), 0.0
    for sign, font in runs:
        y = 1.5 * size - (0.35 * size if font is small else 0)
        pen.text((x, y), sign, font=font, fill=255, anchor="ls")
        x += font.getlength(sign)
    back = {"start": 0.0, "middle": width / 2, "end": width}[words.anchor]
    x, y = words.x * _FINER, words.y * _FINER
    if words.turned:
        strip = strip.transpose(Image.Transpose.ROTATE_90)
        corner = (round(x - 1.5 * size), round(y + back - strip.height))
    else:
        corner = (round(x - back), round(y - 1.5 * size))
    page.paste(words.colour, (*corner, corner[0] + strip.width, corner[1] + strip.height), strip)


def _font(size: float, bold: bool) -> Any:
    """DejaVu Sans, which has the signs of the field, where the system has it; else the font that Pillow carries."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def _has(font: Any, sign: str) -> bool:
    """Whether the font has a glyph of its own for the sign, not the box that stands for all it lacks."""
    return sign.isascii() or bytes(font.getmask(sign)) != bytes(font.getmask("\uffff"))
