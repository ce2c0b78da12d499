"""Positions on the sky without astropy: reading what people type, separations, radii with their units.

The search box and the command line call this before any worker process is up; all angles are ICRS degrees.
"""

from __future__ import annotations

import math
import re

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.text import clean

_NUMBER = r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+"
_DECIMAL = re.compile(rf"^\s*({_NUMBER})\s*[d°]?\s*[,;\s]\s*({_NUMBER})\s*[d°]?\s*$")
_SEXAGESIMAL = re.compile(
    r"^\s*(\d{1,3})[h:\s]\s*(\d{1,2})[m:'\s]\s*(\d{1,2}(?:\.\d*)?)\s*s?"
    r"[,\s]*([+-−])\s*(\d{1,2})[d°:\s]\s*(\d{1,2})[m:'′\s]\s*(\d{1,2}(?:\.\d*)?)\s*(?:s|\"|″)?\s*$"
)
_RADIUS = re.compile(rf"^\s*({_NUMBER})\s*([a-zA-Z°'\"′″]*)\s*$")
_RADIUS_UNITS = {
    "": 1.0,
    "deg": 1.0,
    "d": 1.0,
    "°": 1.0,
    "degree": 1.0,
    "degrees": 1.0,
    "arcmin": 1 / 60,
    "'": 1 / 60,
    "′": 1 / 60,
    "m": 1 / 60,
    "arcsec": 1 / 3600,
    '"': 1 / 3600,
    "″": 1 / 3600,
    "s": 1 / 3600,
}

#: What an unstated radius means, in degrees; astroquery's own default of 0.2 covers most of a TESS field.
DEFAULT_RADIUS_DEG = 0.02
#: Larger cones are for the sky's structure, not for a target; the archive stops answering them.
MAX_RADIUS_DEG = 30.0


def parse_position(text: str) -> tuple[float, float] | None:
    """Right ascension and declination in degrees if `text` is a pair of coordinates, None if it is something else.

    Decimal degrees ("270.904 -24.387"), or hours and degrees ("18 03 37 -24 23 12", "18h03m37s -24d23m12s").
    InvalidQuery when it has the form of coordinates but names no point of the sky.
    """
    decimal = _DECIMAL.match(text)
    if decimal:
        return _checked(text, float(decimal[1]), float(decimal[2]))
    six = _SEXAGESIMAL.match(text)
    if not six:
        return None
    h, m, s, sign, dd, dm, ds = six.groups()
    if float(m) >= 60 or float(s) >= 60 or float(dm) >= 60 or float(ds) >= 60:
        raise _no_point(text, "minutes and seconds go to 59")
    ra = 15 * (int(h) + int(m) / 60 + float(s) / 3600)
    dec = int(dd) + int(dm) / 60 + float(ds) / 3600
    return _checked(text, ra, dec if sign == "+" else -dec)


def looks_like_position(text: str) -> bool:
    """Two or more bare numbers: someone meant coordinates, so a name search would only hide the mistake."""
    words = re.split(r"[\s,;:hmsd°'\"]+", text.strip())
    numbers = [w for w in words if re.fullmatch(_NUMBER, w)]
    return len(numbers) >= 2 and len(numbers) == len([w for w in words if w])


def _checked(text: str, ra: float, dec: float) -> tuple[float, float]:
    if not 0 <= ra <= 360:
        raise _no_point(text, "right ascension goes from 0 to 360 degrees (0 to 24 hours)")
    if not -90 <= dec <= 90:
        raise _no_point(text, "declination goes from -90 to +90 degrees")
    return ra % 360, dec


def _no_point(text: str, why: str) -> InvalidQuery:
    return InvalidQuery(
        f"“{clean(text, 60)}” is no point of the sky", why, "Write it as 270.904 -24.387 or 18 03 37 -24 23 12"
    )


def parse_radius(text: str) -> float:
    """A radius in degrees from "0.02deg", "1.2 arcmin", "72 arcsec"; a bare number is degrees."""
    match = _RADIUS.match(text)
    unit = match[2].lower().removesuffix("utes").removesuffix("onds") if match else ""
    if not match or unit not in _RADIUS_UNITS:
        raise InvalidQuery(
            f"“{clean(text, 40)}” is not a radius", "", "Write it with a unit: 0.02deg, 1.2arcmin or 72arcsec"
        )
    radius = float(match[1]) * _RADIUS_UNITS[unit]
    if not 0 < radius <= MAX_RADIUS_DEG:
        raise InvalidQuery(
            f"a radius of {radius:g}° makes no sense here",
            f"It must be more than 0 and at most {MAX_RADIUS_DEG:g}°",
            "Write it with a unit: 0.02deg, 1.2arcmin or 72arcsec",
        )
    return radius


def format_radius(radius_deg: float) -> str:
    """The radius in the unit a person would choose: 72″, 1.2′, 0.2°."""
    if radius_deg < 0.05:
        return f"{radius_deg * 3600:.4g}″"
    if radius_deg < 0.1:
        return f"{radius_deg * 60:.4g}′"
    return f"{radius_deg:.4g}°"


def separation_arcsec(ra1_deg: float, dec1_deg: float, ra2_deg: float, dec2_deg: float) -> float:
    """Angle between two points (haversine formula, exact to the last digit also for tiny angles)."""
    d1, d2 = math.radians(dec1_deg), math.radians(dec2_deg)
    half_dec = math.sin((d2 - d1) / 2)
    half_ra = math.sin(math.radians(ra2_deg - ra1_deg) / 2)
    h = half_dec**2 + math.cos(d1) * math.cos(d2) * half_ra**2
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(h)))) * 3600


def format_position(ra_deg: float, dec_deg: float) -> str:
    """'18h03m36.96s −24°23′13.2″'."""
    # round in the smallest unit first, so that 59.999 s never shows as 60.00 s
    centis = round(ra_deg / 15 * 3600 * 100) % (24 * 3600 * 100)
    tenths = round(abs(dec_deg) * 3600 * 10)
    h, rest = divmod(centis, 360000)
    m, s = divmod(rest, 6000)
    d, rest = divmod(tenths, 36000)
    dm, ds = divmod(rest, 600)
    sign = "−" if dec_deg < 0 else "+"
    return f"{h:02d}h{m:02d}m{s / 100:05.2f}s {sign}{d:02d}°{dm:02d}′{ds / 10:04.1f}″"
