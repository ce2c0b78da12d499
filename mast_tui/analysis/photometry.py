"""What a pixel of an image is worth: its value as a flux, by the numbers that the observatories write into headers.

JWST: surface brightness (MJy/sr) times PIXAR_SR, the pixel's solid angle in sr, is the flux of the pixel. HST: a count
rate times PHOTFLAM is the mean F_λ of the bandpass (erg/s/cm2/Å); at its pivot wavelength PHOTPLAM (Å) that is a flux
per frequency, which gives the zero point of HST's handbooks, -2.5 log10 PHOTFLAM - 5 log10 PHOTPLAM - 2.408.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mast_tui.analysis.unit_words import JY_CGS, read_unit
from mast_tui.analysis.units import AB_ZERO, C_CM_S
from mast_tui.core.look import Fact, HeaderLook

_MJY_SR = 1e6 * JY_CGS
_RATES = frozenset({"electrons/s", "electron/s", "e-/s", "counts/s", "count/s", "dn/s", "cps"})
_TOTALS = frozenset({"electrons", "electron", "e-", "counts", "count", "dn"})
#: The AB magnitude of 1 Jy: 8.90; and what is added to that of F_λ at λ, both in Å: -2.408.
_AB_OF_JY = AB_ZERO - 2.5 * math.log10(JY_CGS)
_AB_OF_LAMBDA = AB_ZERO + 2.5 * math.log10(C_CM_S * 1e8)


@dataclass(frozen=True)
class Calibration:
    """One of a pixel's unit is `flux` of `flux_unit` ("Jy/pixel" or "erg/s/cm2/Å"), and `ab_zero` its AB magnitude."""

    unit: str
    flux: float
    flux_unit: str
    ab_zero: float
    how: str

    def readings(self, value: float) -> tuple[tuple[float, str], ...]:
        """A pixel's value as a flux and, above zero, as an AB magnitude: (number, unit) each; () for NaN."""
        if not math.isfinite(value):
            return ()
        flux = (value * self.flux, self.flux_unit)
        return (flux, (self.ab_zero - 2.5 * math.log10(value), "AB mag")) if value > 0 else (flux,)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Lines of the summary."""
        return (
            Fact(f"1 {self.unit}", f"{self.flux:.6g} {self.flux_unit}", self.how),
            Fact("AB zero point", f"{self.ab_zero:.3f} mag", f"AB magnitude of 1 {self.unit} in a pixel"),
        )


def calibration_of(header: HeaderLook | None, hdu: int | None) -> Calibration | None:
    """How the image in `hdu` is calibrated, from that header, then the primary one; None where they do not say.

    Counts that are not a rate are divided by EXPTIME, as the handbooks do.
    """
    if header is None or hdu is None:
        return None
    words: dict[str, str] = {}
    for look in header.hdus:
        if look.index in (0, hdu):
            own = {card.keyword: card.value for card in look.cards}
            words = words | own if look.index == hdu else own | words
    unit = words.get("BUNIT", "").strip()
    area, per_rate, pivot = (_above_zero(words.get(name)) for name in ("PIXAR_SR", "PHOTFLAM", "PHOTPLAM"))
    known = read_unit(unit)
    surface = known is not None and known.powers == (0, 1, -2, -1) and math.isclose(known.factor, _MJY_SR)
    if surface and area is not None:
        jansky = 1e6 * area
        return Calibration(unit, jansky, "Jy/pixel", _AB_OF_JY - 2.5 * math.log10(jansky), "times PIXAR_SR")
    if words.get("TELESCOP", "").strip() != "HST" or per_rate is None or pivot is None:
        return None
    how, spelled = "times PHOTFLAM", unit.lower().replace(" ", "")
    if spelled in _TOTALS:
        seconds = _above_zero(words.get("EXPTIME"))
        if seconds is None:
            return None
        per_rate, how = per_rate / seconds, f"times PHOTFLAM over EXPTIME ({seconds:g} s)"
    elif spelled not in _RATES:
        return None
    zero = -2.5 * math.log10(per_rate) - 5 * math.log10(pivot) + _AB_OF_LAMBDA
    return Calibration(unit, per_rate, "erg/s/cm2/Å", zero, how)


def _above_zero(words: str | None) -> float | None:
    try:
        value = float(words or "")
    except ValueError:
        return None
    return value if 0 < value < math.inf else None
