"""Colours as the terminal has them: 24 bits, 256, sixteen, or none."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Depth = Literal["truecolor", "256", "16", "none"]

#: Levels of the 6×6×6 cube of xterm's 256 colours (ECMA-48 has none; xterm's 256colres.pl defines them).
_LEVELS = (0, 95, 135, 175, 215, 255)

#: xterm's default sixteen. Terminals differ, so the nearest of these is only a hint of hue and lightness.
SIXTEEN = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
)  # fmt: skip


@lru_cache(4096)
def colour(base: int, red: int, green: int, blue: int, depth: Depth) -> str:
    """The SGR parameters of a colour; `base` is 38 for the foreground, 48 for the background; "" the terminal's own."""
    if depth == "truecolor":
        return f"{base};2;{red};{green};{blue}"
    if depth == "256":
        return f"{base};5;{_of_256(red, green, blue)}"
    if depth == "none":
        return ""
    return _of_16(base, red, green, blue)


@lru_cache(512)
def indexed(base: int, index: int, depth: Depth) -> str:
    """The SGR parameters of one of the 256 colours."""
    if depth in ("truecolor", "256"):
        return f"{base};5;{index}"
    if depth == "none":
        return ""
    if index < 16:
        return _sgr_of_16(base, index)
    return _of_16(base, *rgb_of(index))


def rgb_of(index: int) -> tuple[int, int, int]:
    """What xterm shows for one of the 256 colours."""
    if index < 16:
        return SIXTEEN[index]
    if index >= 232:
        grey = 8 + 10 * (index - 232)
        return grey, grey, grey
    index -= 16
    return _LEVELS[index // 36], _LEVELS[index // 6 % 6], _LEVELS[index % 6]


def _of_256(red: int, green: int, blue: int) -> int:
    near = [min(range(6), key=lambda i, v=value: abs(_LEVELS[i] - v)) for value in (red, green, blue)]  # type: ignore[misc]
    cube = 16 + 36 * near[0] + 6 * near[1] + near[2]
    grey = 232 + max(0, min(23, round(((red + green + blue) / 3 - 8) / 10)))
    return min(cube, grey, key=lambda index: _distance(rgb_of(index), (red, green, blue)))


def _of_16(base: int, red: int, green: int, blue: int) -> str:
    lightness = (red + green + blue) / 3
    if base == 48 and lightness < 40:
        return ""  # a background that is nearly black is the terminal's own: themes paint every cell with one
    spread = max(red, green, blue) - min(red, green, blue)
    if spread < 32:  # a grey: by lightness, or the blue of the sixteen would win
        index = 0 if lightness < 64 else 8 if lightness < 160 else 7 if lightness < 240 else 15
        if base == 38 and index == 7:
            return ""
        return _sgr_of_16(base, index)
    return _sgr_of_16(base, min(range(16), key=lambda i: _distance(SIXTEEN[i], (red, green, blue))))


def _sgr_of_16(base: int, index: int) -> str:
    bright = index >= 8
    return str((base - 8 if not bright else base + 52) + index % 8)


@lru_cache(512)
def _oklab(red: int, green: int, blue: int) -> tuple[float, float, float]:
    """Lightness, green to red, blue to yellow, from sRGB of 8 bits, in steps even to the eye (Ottosson 2020)."""
    r, g, b = (v / 3294.6 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in (red, green, blue))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    return sum((a - b) ** 2 for a, b in zip(_oklab(*one), _oklab(*other), strict=True))
