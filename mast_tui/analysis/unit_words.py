"""Unit strings as the archive's files write them, read without astropy: also those that astropy refuses.

`read_unit("ERGS/CM**2/S/A")`, `("FLAM")`, `("erg /s /cm**2 /angstrom")` and `("10**-16 W m-2 um-1")` give a factor to
CGS and the powers of the base units. Spellings that were met in real files are in `_NAMES`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Powers of centimetre, gram, second, and steradian.
Powers = tuple[int, int, int, int]
NOTHING: Powers = (0, 0, 0, 0)
LENGTH: Powers = (1, 0, 0, 0)
FREQUENCY: Powers = (0, 0, -1, 0)
ENERGY: Powers = (2, 1, -2, 0)
WAVENUMBER: Powers = (-1, 0, 0, 0)
FLUX_NU: Powers = (0, 1, -2, 0)  # erg / s / cm2 / Hz
FLUX_LAMBDA: Powers = (-1, 1, -3, 0)  # erg / s / cm2 / cm
FLUX_ALL: Powers = (0, 1, -3, 0)  # erg / s / cm2

#: Electronvolt in erg, exact in the SI since 2019 (CODATA 2018).
EV_ERG = 1.602176634e-12
JY_CGS = 1e-23


@dataclass(frozen=True)
class Unit:
    """One of it is `factor` of the CGS unit with these `powers`; `ab` for AB magnitudes, which have neither."""

    factor: float
    powers: Powers
    ab: bool = False


_ERG = (1.0, ENERGY)
_ANGSTROM = (1e-8, LENGTH)
_JY = (JY_CGS, FLUX_NU)
#: Compared in lower case; what differs in case alone (mJy, MJy) is in `_EXACT`.
_NAMES: dict[str, tuple[float, Powers]] = {
    **dict.fromkeys(("erg", "ergs"), _ERG),
    **dict.fromkeys(("j", "joule"), (1e7, ENERGY)),
    **dict.fromkeys(("w", "watt", "watts"), (1e7, (2, 1, -3, 0))),
    **dict.fromkeys(("s", "sec", "second", "seconds"), (1.0, (0, 0, 1, 0))),
    **dict.fromkeys(("hz", "hertz"), (1.0, FREQUENCY)),
    "khz": (1e3, FREQUENCY), "mhz": (1e6, FREQUENCY), "ghz": (1e9, FREQUENCY), "thz": (1e12, FREQUENCY),
    **dict.fromkeys(("a", "ang", "angs", "angstrm", "angstrom", "angstroms", "å", "aa"), _ANGSTROM),
    **dict.fromkeys(("nm", "nanometer", "nanometers", "nanometre"), (1e-7, LENGTH)),
    **dict.fromkeys(("um", "µm", "micron", "microns", "micrometer", "micrometers", "micrometre"), (1e-4, LENGTH)),
    "mm": (0.1, LENGTH), "cm": (1.0, LENGTH), "m": (100.0, LENGTH), "meter": (100.0, LENGTH),
    "ev": (EV_ERG, ENERGY), "kev": (1e3 * EV_ERG, ENERGY),
    **dict.fromkeys(("jy", "jansky", "janskys", "janskies"), _JY),
    **dict.fromkeys(("ujy", "µjy", "microjy", "microjansky"), (1e-6 * JY_CGS, FLUX_NU)),
    "njy": (1e-9 * JY_CGS, FLUX_NU), "millijansky": (1e-3 * JY_CGS, FLUX_NU), "kjy": (1e3 * JY_CGS, FLUX_NU),
    "flam": (1e8, FLUX_LAMBDA), "fnu": (1.0, FLUX_NU),
    **dict.fromkeys(("sr", "steradian"), (1.0, (0, 0, 0, 1))),
}  # fmt: skip
_EXACT: dict[str, tuple[float, Powers]] = {
    "mJy": (1e-3 * JY_CGS, FLUX_NU),
    "MJy": (1e6 * JY_CGS, FLUX_NU),
    "MJY": (1e6 * JY_CGS, FLUX_NU),
    "mjy": (1e-3 * JY_CGS, FLUX_NU),
    "meV": (1e-3 * EV_ERG, ENERGY),
    "MeV": (1e6 * EV_ERG, ENERGY),
}
_AB = frozenset({"ab mag", "mag(ab)", "abmag", "mag ab", "mag_ab", "ab"})
_TOKEN = re.compile(
    r"\s*(?:(?P<number>10(?:\*\*|\^)\(?[-+]?\d+\)?|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)"
    r"|(?P<name>[A-Za-zµåÅ]+)(?:(?:\*\*|\^)?\(?(?P<power>[-+]?\d+)\)?)?"
    r"|(?P<sign>[/*.()·]))"
)
_MAX_LENGTH = 80


def read_unit(words: str) -> Unit | None:
    """What a unit string means; None where it is empty or holds a word that isn't in the table (counts, electrons)."""
    text = words.strip().replace("μ", "µ").replace("²", "2").replace("\u212b", "Å")
    if text.lower() in _AB:
        return Unit(1.0, NOTHING, ab=True)
    if not text or len(text) > _MAX_LENGTH:
        return None
    factor, powers, place = 1.0, NOTHING, 0
    below, outer = False, [False]  # whether the next word, and what is in the parentheses, stand below the line
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return None
        place = token.end()
        match token["sign"]:
            case "/":
                below = not below
            case "(":
                outer.append(outer[-1] != below)
                below = False
            case ")":
                if len(outer) == 1:
                    return None
                outer.pop()
                below = False
            case None:
                found = _word(token)
                if found is None:
                    return None
                up = -1 if outer[-1] != below else 1
                factor *= found[0] ** up
                a, b, c, d = (p + up * q for p, q in zip(powers, found[1], strict=True))
                powers, below = (a, b, c, d), False
            case _:
                pass
    return Unit(factor, powers) if len(outer) == 1 and 0 < factor < float("inf") else None


def _word(token: re.Match[str]) -> tuple[float, Powers] | None:
    if token["number"]:
        number = token["number"]
        ten = re.fullmatch(r"10(?:\*\*|\^)\(?([-+]?\d+)\)?", number)
        exponent = int(ten[1]) if ten else 0
        value = 10.0 ** max(min(exponent, 99), -99) if ten else float(number)
        return (value, NOTHING) if 1e-60 < value < 1e60 else None
    name = token["name"]
    known = _EXACT.get(name) or _NAMES.get(name.lower())
    power = int(token["power"] or 1)
    if known is None or not 0 < abs(power) < 9:
        return None
    a, b, c, d = (p * power for p in known[1])
    return known[0] ** power, (a, b, c, d)
