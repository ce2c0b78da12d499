"""A drawn image as text: runs of cells with two greys each for a widget, escape sequences or plain signs for a pipe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mast_tui.plot.image_frame import N_LEVELS, ImageFrame
from mast_tui.plot.labels import box_in_ascii, to_ascii

#: From dark to bright; no data is a blank.
RAMP = " .:-=+*#%@"
_BAR = 12


@dataclass(frozen=True)
class ImageRun:
    """Text whose cells share a foreground and a background level (None for the terminal's own).

    `sign` is true for crosshair and aperture, which are to stand out from the greys; `label` for axes and words.
    """

    text: str
    front: int | None = None
    back: int | None = None
    sign: bool = False
    label: bool = False


def image_runs(frame: ImageFrame) -> list[list[ImageRun]]:
    """Every line of the image with its axes, from the top, as half blocks: the upper half cell in the foreground."""
    lines = []
    for row, (upper, lower) in enumerate(zip(frame.levels[0::2].tolist(), frame.levels[1::2].tolist(), strict=True)):
        runs = [ImageRun(frame.labels[row], label=True)] if frame.labels else []
        signs = frame.signs[row] if frame.signs else " " * len(upper)
        start = 0
        keys = list(zip(upper, lower, [sign if sign != " " else "" for sign in signs], strict=True))
        for k in range(1, len(keys) + 1):
            if k == len(keys) or keys[k] != keys[start]:
                runs.append(_run(*keys[start], k - start))
                start = k
        lines.append(runs)
    lines += [[ImageRun(line, label=True)] for line in frame.foot]
    return lines


def _run(upper: int, lower: int, sign: str, n: int) -> ImageRun:
    front, back = (None if level < 0 else level for level in (upper, lower))
    if sign:
        ground = max(upper, lower)
        # dark on bright and bright on dark, for terminals whose signs have no colour of their own
        return ImageRun(sign * n, 0 if ground >= N_LEVELS // 2 else N_LEVELS - 1, None if ground < 0 else ground, True)
    if front is None:
        return ImageRun((" " if back is None else "▄") * n, back, None)
    return ImageRun("▀" * n, front, back)


def ramp_lines(frame: ImageFrame, ascii_only: bool = True) -> list[str]:
    """One character a cell, darker to brighter as in `RAMP`; a cell is its brighter half. With axes and signs."""
    cells = np.maximum(frame.levels[0::2], frame.levels[1::2])
    index = np.where(cells < 0, 0, cells.astype(np.int64) * len(RAMP) // N_LEVELS)
    codes = np.frombuffer(RAMP.encode("ascii"), np.uint8)[index]
    lines = [row.tobytes().decode("ascii") for row in np.ascontiguousarray(codes)]
    if frame.signs:
        lines = [_laid_over(line, signs) for line, signs in zip(lines, frame.signs, strict=True)]
    if frame.labels:
        lines = [label + line for label, line in zip(frame.labels, lines, strict=True)]
    lines += frame.foot
    return [to_ascii(box_in_ascii(line)) for line in lines] if ascii_only else lines


def _laid_over(line: str, signs: str) -> str:
    return "".join(cell if sign == " " else sign for cell, sign in zip(line, signs, strict=True))


def grey_code(level: int) -> int | None:
    """The colour of the 256-colour grey ramp (232 to 255) for a level; None for no data."""
    return None if level < 0 else 232 + level


def half_block_lines(frame: ImageFrame) -> list[str]:
    """Lines with escape sequences for 256 colours."""
    return [_escaped(runs) for runs in image_runs(frame)]


def _escaped(runs: list[ImageRun]) -> str:
    parts = []
    for run in runs:
        front = "39" if run.front is None else f"38;5;{grey_code(run.front)}"
        back = "49" if run.back is None else f"48;5;{grey_code(run.back)}"
        parts.append(run.text if run.label else f"\x1b[{front};{back}m{run.text}")
    return "".join(parts) + "\x1b[0m"


def colour_bar(frame: ImageFrame) -> list[ImageRun]:
    """The legend with all greys between its two numbers: 'Value [e⁻/s]: 0 ▀▀▀▀ 12.5, asinh'."""
    before, after = frame.legend.split(" … ", 1) if " … " in frame.legend else (frame.legend, "")
    if not after:
        return [ImageRun(before, label=True)]
    step = N_LEVELS // _BAR
    bar = [ImageRun("█", k * step + step - 1) for k in range(_BAR)]
    return [ImageRun(f"{before} ", label=True), *bar, ImageRun(f" {after}", label=True)]


def legend(frame: ImageFrame, ascii_only: bool, ramp: bool | None = None) -> str:
    """The legend in words, with the signs from dark to bright where the image is drawn with them (`ramp`).

    In ASCII an image is always drawn with signs; with UTF-8 but without colour it is too, and keeps its 'e⁻/s'.
    """
    words = frame.legend.replace(" … ", f" [{RAMP}] ") if (ascii_only if ramp is None else ramp) else frame.legend
    return to_ascii(words) if ascii_only else words
