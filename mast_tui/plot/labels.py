"""Numbers and units as people write them: nice ticks, powers of ten in the label, units without FITS spelling.

Used by `series`, `images` and `report`; the widget takes its read-out from here too.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_SUPERSCRIPT = str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
_TO_ASCII = str.maketrans(
    "ÅµμλΛ−×·±⁰¹²³⁴⁵⁶⁷⁸⁹⁻",
    "AuulL-x-~0123456789-",
)
_BOX_TO_ASCII = str.maketrans("┌┐└┘─│┤┬├┴┼→↑", "++++-|+++++>^")
#: Whole units as files write them, in lower case without blanks; the other words are mapped one by one.
_UNITS = {
    "flam": "erg/s/cm²/Å",
    "fnu": "erg/s/cm²/Hz",
    "erg/cm2/s/a": "erg/s/cm²/Å",
    "ergs/cm**2/s/a": "erg/s/cm²/Å",
    "ergs/cm**2/s/angstrm": "erg/s/cm²/Å",
    "none": "",
    "unitless": "",
    "dimensionless": "",
}
_WORDS = {
    "a": "Å",
    "angstrom": "Å",
    "angstroms": "Å",
    "angstrm": "Å",
    "electron": "e⁻",
    "electrons": "e⁻",
    "e-": "e⁻",
    "um": "µm",
    "micron": "µm",
    "microns": "µm",
    "ujy": "µJy",
    "erg": "erg",
    "ergs": "erg",
    "cm": "cm",
    "s": "s",
    "counts": "counts",
    "dn": "DN",
    "meter": "m",
    "meters": "m",
    "jy": "Jy",
    "hertz": "Hz",
    "hz": "Hz",
    "seconds": "s",
    "sec": "s",
    "days": "d",
    "day": "d",
    "degrees": "deg",
    "arcsec": "arcsec",
}
METRE = "m"
_METRES = {-3: "mm", -6: "µm", -9: "nm"}
#: Values between these powers of ten are written out; others get a factor in the label.
_WRITTEN_OUT = (-2, 4)


@dataclass(frozen=True)
class Ticks:
    """Positions in data units, their labels, and the power of ten that the labels are multiplied by."""

    positions: tuple[float, ...]
    labels: tuple[str, ...]
    exponent: int


def pretty_unit(unit: str) -> str:
    """The unit for an axis label: 'erg /s /cm**2 /angstrom' is 'erg/s/cm²/Å'; unknown spelling stays."""
    short = re.sub(r"\s*([/*^])\s*", r"\1", unit.strip())
    if short.lower().replace(" ", "") in _UNITS:
        return _UNITS[short.lower().replace(" ", "")]
    words = re.split(r"(\*\*-?\d+|\^-?\d+|[/*() ])", short)
    shown = "".join(_word(word) for word in words)
    return re.sub(r"(?<!\*)\*(?!\*)", "·", shown)


def _word(word: str) -> str:
    power = re.fullmatch(r"(?:\*\*|\^)(-?\d+)", word)
    if power:
        return power[1].translate(_SUPERSCRIPT)
    raised = re.fullmatch(r"([A-Za-z]+)(-?\d)", word)
    base, index = (raised[1], raised[2].translate(_SUPERSCRIPT)) if raised else (word, "")
    return _WORDS.get(base.lower(), base) + index


def to_ascii(text: str) -> str:
    """`text` for a terminal without UTF-8: powers of ten as 1e-14, letters without accents, '?' for the rest."""
    text = re.sub(r"(×?)10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda m: ("x" if m[1] else "") + "1e" + m[2].translate(_TO_ASCII), text)
    return text.replace("…", "...").translate(_TO_ASCII).encode("ascii", "replace").decode("ascii")


def box_in_ascii(line: str) -> str:
    """A line of a frame or of signs over an image with its box drawn in ASCII."""
    return line.translate(_BOX_TO_ASCII)


def axis_label(label: str, unit: str, exponent: int) -> str:
    """'Flux [×10⁻¹⁴ erg/s/cm²/Å]': what is drawn, the factor of its ticks, and the unit; 10⁻⁶ m are µm."""
    if pretty_unit(unit) == METRE and exponent in _METRES:
        return f"{label} [{_METRES[exponent]}]"
    factor = f"×{power_of_ten(exponent)}" if exponent else ""
    inside = " ".join(part for part in (factor, pretty_unit(unit)) if part)
    return f"{label} [{inside}]" if inside else label


def power_of_ten(exponent: int) -> str:
    return f"10{str(exponent).translate(_SUPERSCRIPT)}"


def nice_ticks(
    low: float, high: float, at_most: int, written_out: tuple[int, int] = _WRITTEN_OUT, every: int = 1
) -> Ticks:
    """At most `at_most` ticks at 1, 2, 2.5 or 5 times a power of ten within [low, high].

    A power of ten that is taken out is a multiple of `every`: 3 where the unit has prefixes.
    """
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return Ticks((), (), 0)
    step, digits = _step(span / max(1, at_most))
    first, last = _inside(low, high, step)
    while last - first + 1 > at_most:
        step, digits = _step(step * 1.01)
        first, last = _inside(low, high, step)
    positions = [k * step for k in range(first, last + 1)]
    exponent = exponent_of(max(abs(low), abs(high)), written_out) // every * every
    decimals = max(0, digits + exponent)
    labels = [_fixed(position, exponent, decimals) for position in positions]
    return Ticks(tuple(positions), tuple(labels), exponent)


def _inside(low: float, high: float, step: float) -> tuple[int, int]:
    """The first and last multiple of `step` within the limits, which may miss them by rounding."""
    return math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)


def exponent_of(size: float, written_out: tuple[int, int] = _WRITTEN_OUT) -> int:
    """The power of ten to take out of values of this size: 0 where they are readable as they are."""
    if size <= 0 or not math.isfinite(size):
        return 0
    exponent = math.floor(math.log10(size))
    return 0 if written_out[0] <= exponent <= written_out[1] else exponent


def _step(raw: float) -> tuple[float, int]:
    """The next nice step at or above `raw`, and how many decimals it needs (negative for tens)."""
    power = math.floor(math.log10(raw))
    for factor, extra in ((1.0, 0), (2.0, 0), (2.5, 1), (5.0, 0), (10.0, -1)):
        step = factor * 10.0**power
        if step >= raw * (1 - 1e-12):
            return step, extra - power
    return 10.0 ** (power + 1), -power - 1


def _fixed(value: float, exponent: int, decimals: int) -> str:
    text = f"{value / 10.0**exponent:.{min(decimals, 12)}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def number(value: float, error: float | None = None) -> str:
    """A value for the read-out: seven figures, or with its error to two figures of that.

    '1464602', '1464600 ± 130', '1.234e-14', '(1.234 ± 0.012)×10⁻¹⁴'.
    """
    if not math.isfinite(value):
        return "–"
    if error is None or not math.isfinite(error) or error <= 0:
        return f"{value:.7g}"
    exponent = exponent_of(max(abs(value), error), (-4, 6))
    value, error = value / 10.0**exponent, error / 10.0**exponent
    digits = 1 - math.floor(math.log10(error))
    both = f"{round(value, digits):.{max(0, digits)}f} ± {round(error, digits):.{max(0, digits)}f}"
    return f"({both})×{power_of_ten(exponent)}" if exponent else both
