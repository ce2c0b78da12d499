"""A row whose files nobody has described one by one, and how to name and fill them. Used by `stock` and its parts."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from mast_tui.demo.datasets.pictures import Picture, grey
from mast_tui.demo.datasets.rows import product
from mast_tui.demo.datasets.signals import Floats
from mast_tui.demo.datasets.skies import hot_star, nebula, spiral, star_field
from mast_tui.demo.fits import Array
from mast_tui.demo.holdings import Content, HeldProduct, Row

_SIDE = 400


@dataclass(frozen=True)
class Stock:
    """A row and what its files are made from: numbers that follow from its obs_id, and the root of their addresses."""

    row: Row
    base: str

    @property
    def name(self) -> str:
        return str(self.row["obs_id"]).lower()

    @property
    def target(self) -> str:
        return str(self.row["target_name"] or "ANY")

    @property
    def number(self) -> int:
        return zlib.crc32(self.name.encode())

    @property
    def place(self) -> tuple[float, float]:
        return float(self.row["s_ra"] or 0.0), float(self.row["s_dec"] or 0.0)

    @property
    def start_mjd(self) -> float:
        return float(self.row["t_min"] or 51544.0)

    @property
    def exposure_s(self) -> float:
        return float(self.row["t_exptime"] or 1000.0)

    @property
    def filter(self) -> str:
        return re.split(r"[;/]", str(self.row["filters"] or "CLEAR"))[0][:20]

    @property
    def instrument(self) -> tuple[str, str]:
        head, _, tail = str(self.row["instrument_name"] or "UNKNOWN").partition("/")
        return head, tail or head

    def sky(self, side: int = _SIDE) -> Array:
        """What an image of this field shows: a galaxy, gas or stars, by the class of its target."""
        kind = str(self.row.get("target_classification") or "")
        if "GALAXY" in kind:
            return spiral(self.target, side)
        if "ISM" in kind or "NEBULA" in kind:
            return nebula(self.target, side)
        return star_field(self.target, side, 4 * side, 0.8)

    def spectrum(self, wave: Floats) -> Floats:
        """A hot star's flux at `wave` (Angstrom), of a brightness that follows from the observation's name."""
        return hot_star(10.0 ** (-13.5 + (self.number % 100) / 50))(wave)

    def add(self, file: str, content: Content, words: str, sub: str | None, level: int | None = None) -> HeldProduct:
        """A science file at `base` + `file`; the calibrated one of a list (level None) is a recommended one."""
        uri = self.base + file
        return product(self.row, uri, content, words, sub, calib_level=level, minimum=level is None)

    def beside(self, file: str, content: Content, words: str, kind: str, sub: str | None = None) -> HeldProduct:
        """A file that is not science: PREVIEW, THUMBNAIL, INFO or AUXILIARY."""
        return product(self.row, self.base + file, content, words, sub, kind=kind)

    def pictures(self, suffix: str) -> list[HeldProduct]:
        """The two previews of an image."""
        full = Picture(lambda: grey(self.sky(256)), 40_000)
        thumb = Picture(lambda: grey(self.sky(256), 64), 8_000)
        return [
            self.beside(f"{self.name}{suffix}.jpg", full, "Preview-Full", "PREVIEW"),
            self.beside(f"{self.name}{suffix}_thumb.jpg", thumb, "Preview-Thumb", "THUMBNAIL"),
        ]

    def curve_picture(self, draw: Callable[[], Array], suffix: str) -> HeldProduct:
        return self.beside(f"{self.name}{suffix}.png", Picture(draw, 48_000, "png"), "Preview-Full", "PREVIEW")
