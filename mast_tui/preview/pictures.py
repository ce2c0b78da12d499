"""Pictures that the archive made already (JPEG, PNG, GIF), decoded and made small for a terminal. Used by `jobs`.

Runs in the worker: decoders of picture formats are a favourite target of hostile files, and a picture of a few
kilobytes may unfold to gigabytes. The size is known before a pixel is decoded.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mast_tui.core.look import ByteArray, PictureLook
from mast_tui.preview.fits_file import PARSER_ERRORS
from mast_tui.preview.naming import SIMULATED_NOTE

#: No terminal shows more, also not with two pixels a cell.
MAX_COLUMNS, MAX_ROWS = 640, 400
#: Decoded whole, a picture takes 3 or 4 bytes a pixel. JPEG decoders shrink by up to 8 while they decode.
MAX_PIXELS, MAX_JPEG_PIXELS = 60_000_000, 400_000_000
_FORMATS = ("JPEG", "PNG", "GIF")


def decoded(path: Path, look: PictureLook) -> PictureLook:
    """`look` with its pixels; where it can't be decoded, with a note that says why."""
    limit = MAX_JPEG_PIXELS if look.format == "JPEG" else MAX_PIXELS
    if look.shape and look.shape[0] * look.shape[1] > limit:
        return _noted(look, f"it has {look.shape[0] * look.shape[1]:,} pixels, too many to be shown")
    try:
        return _decoded(path, look, limit)
    except (*PARSER_ERRORS, SyntaxError) as error:  # Pillow calls a broken PNG a SyntaxError
        return _noted(look, f"it can't be decoded: {str(error)[:120] or type(error).__name__}")


def _says_simulated(info: Mapping[str | tuple[int, int], Any]) -> bool:
    """Does the comment (JPEG: COM segment, PNG: tEXt "Comment") begin with the word that marks simulated data?"""
    said = info.get("comment", info.get("Comment", ""))
    words = said.decode("latin-1") if isinstance(said, bytes) else str(said)
    return words.startswith("SIMULATED")


def _noted(look: PictureLook, note: str) -> PictureLook:
    return replace(look, notes=(*look.notes, note))


def _decoded(path: Path, look: PictureLook, limit: int) -> PictureLook:
    from PIL import Image, ImageFile

    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")
        with Image.open(file, formats=_FORMATS) as image:
            if image.width * image.height > limit:
                return _noted(look, f"it has {image.width * image.height:,} pixels, too many to be shown")
            look = replace(look, shape=(image.height, image.width))
            if _says_simulated(image.info):
                look = _noted(look, SIMULATED_NOTE)
            image.draft("RGB", (MAX_COLUMNS, MAX_ROWS))
            try:
                image.load()
            except OSError as error:
                # what came before the cut is worth seeing
                look = _noted(look, f"the picture is damaged ({str(error)[:80]}); what can be decoded is shown")
                ImageFile.LOAD_TRUNCATED_IMAGES = True
                try:
                    image.load()
                finally:
                    ImageFile.LOAD_TRUNCATED_IMAGES = False
            if getattr(image, "n_frames", 1) > 1:
                look = _noted(look, f"the first of {image.n_frames} frames is shown")  # type: ignore[attr-defined]
            return replace(look, pixels=_small(image))


def _small(image: Any) -> ByteArray:
    """(ny, nx, 3), top row first, at most MAX_ROWS by MAX_COLUMNS, in proportion; transparent parts are black."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):  # 16-bit grey; a plain conversion would clip it at 255
        grey = np.asarray(image, np.float64)
        top = float(grey.max())
        image = Image.fromarray((grey * (255.0 / top if top > 0 else 1.0)).clip(0, 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (0, 0, 0, 255)), image)
    image = image.convert("RGB")
    image.thumbnail((MAX_COLUMNS, MAX_ROWS), Image.Resampling.BOX)
    return np.asarray(image, np.uint8).copy()
