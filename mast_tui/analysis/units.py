"""A spectrum in other units: flux per frequency or per wavelength, AB magnitudes, νFν; wavelength, frequency, energy.

F_λ = F_ν c/λ², E = hν = hc/λ, m_AB = -2.5 log10(F_ν / erg s-1 cm-2 Hz-1) - 48.60 (Oke & Gunn 1983, ApJ 266, 713).
c and h are exact in the SI.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mast_tui.analysis.medium import to_vacuum
from mast_tui.analysis.remake import remade, reversed_runs, starts_after
from mast_tui.analysis.unit_words import (
    ENERGY,
    EV_ERG,
    FLUX_ALL,
    FLUX_LAMBDA,
    FLUX_NU,
    FREQUENCY,
    JY_CGS,
    LENGTH,
    WAVENUMBER,
    Unit,
    read_unit,
)
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import FloatArray, Series

C_CM_S = 2.99792458e10
H_ERG_S = 6.62607015e-27
AB_ZERO = -48.60

_FLUX_UNITS = {
    "erg/s/cm2/Å": ("Flux density per wavelength", Unit(1e8, FLUX_LAMBDA)),
    "Jy": ("Flux density", Unit(JY_CGS, FLUX_NU)),
    "mJy": ("Flux density", Unit(1e-3 * JY_CGS, FLUX_NU)),
    "µJy": ("Flux density", Unit(1e-6 * JY_CGS, FLUX_NU)),
    "AB mag": ("AB magnitude", Unit(1.0, (0, 0, 0, 0), ab=True)),
    "erg/s/cm2": ("νFν", Unit(1.0, FLUX_ALL)),
}
_X_UNITS = {
    "Å": ("Wavelength", Unit(1e-8, LENGTH)),
    "nm": ("Wavelength", Unit(1e-7, LENGTH)),
    "µm": ("Wavelength", Unit(1e-4, LENGTH)),
    "GHz": ("Frequency", Unit(1e9, FREQUENCY)),
    "keV": ("Energy", Unit(1e3 * EV_ERG, ENERGY)),
}
_FLUXES = frozenset({FLUX_LAMBDA, FLUX_NU, FLUX_ALL})


def x_unit(series: Series) -> Unit | None:
    """The unit of x where it is a wavelength, frequency, wave number or energy; else None."""
    unit = read_unit(series.x_axis.unit) if series.kind == "spectrum" else None
    return unit if unit and unit.powers in (LENGTH, FREQUENCY, ENERGY, WAVENUMBER) else None


def _y_unit(series: Series) -> Unit | None:
    unit = read_unit(series.y_axis.unit) if x_unit(series) else None
    return unit if unit and (unit.ab or unit.powers in _FLUXES) else None


def units_for(series: Series) -> tuple[str, ...]:
    """Units in which y can be shown, its own (as the file writes it) first; only that where nothing is known of it."""
    own = _y_unit(series)
    if own is None:
        return (series.y_axis.unit,)
    others = (name for name, (_, unit) in _FLUX_UNITS.items() if not _equal(unit, own))
    return (series.y_axis.unit, *others)


def x_units_for(series: Series) -> tuple[str, ...]:
    """Units in which x can be shown, its own first."""
    own = x_unit(series)
    if own is None:
        return (series.x_axis.unit,)
    return (series.x_axis.unit, *(name for name, (_, unit) in _X_UNITS.items() if not _equal(unit, own)))


def unit_meant(words: str, offered: tuple[str, ...]) -> str | None:
    """The one of these units that `words` means, in whatever spelling: "um", "Angstrom", "uJy"; None where none is."""
    if words in offered:
        return words
    wanted = read_unit(words)
    units = ((name, read_unit(name)) for name in offered)
    return next((name for name, unit in units if unit and wanted and _equal(unit, wanted)), None)


def in_unit(series: Series, unit: str) -> Series:
    """The spectrum with y (and its errors) in `unit`, one of `units_for`; InvalidQuery for any other.

    Points without light have no AB magnitude and are left out; a note says how many.
    """
    if unit == series.y_axis.unit:
        return series
    own, own_x = _y_unit(series), x_unit(series)
    if own is None or own_x is None or unit not in _FLUX_UNITS:
        raise _no_such(unit, series.y_axis.unit, units_for(series))
    label, wanted = _FLUX_UNITS[unit]
    wave = _wavelength_cm(series, own_x)
    y, error = series.y, series.error
    if own.ab:
        y = 10 ** (-0.4 * (y - AB_ZERO))
        error = None if error is None else error * y * np.log(10) / 2.5
        own = Unit(1.0, FLUX_NU)
    factor = own.factor * _to_nu(own, wave)  # y * factor is F_ν in CGS
    if not wanted.ab:
        factor = factor / (wanted.factor * _to_nu(wanted, wave))
        axis = replace(series.y_axis, label=label, unit=unit, upside_down=False)
        return remade(
            series, y=y * factor, error=None if error is None else error * factor, y_axis=axis, step=f"in {unit}"
        )
    axis = replace(series.y_axis, label=label, unit=unit, upside_down=True, log=False)
    light = y > 0
    flux = np.where(light, y * factor, 1.0)
    magnitude = -2.5 * np.log10(flux) + AB_ZERO
    if error is not None:
        error = (2.5 / np.log(10) * error / np.where(light, y, 1.0))[light]
    out = remade(
        series,
        x=series.x[light],
        y=magnitude[light],
        error=error,
        starts=starts_after(light, series.starts),
        flags=None if series.flags is None else series.flags[light],
        y_axis=axis,
        step=f"in {unit}",
    )
    n_dark = int(light.size - light.sum())
    note = f"{n_dark} points that are not above zero have no magnitude and are left out."
    return replace(out, notes=(*out.notes, note)) if n_dark else out


def in_x_unit(series: Series, unit: str) -> Series:
    """The spectrum over `unit`, one of `x_units_for`; runs are turned round where that lets x ascend again."""
    if unit == series.x_axis.unit:
        return series
    own = x_unit(series)
    if own is None or unit not in _X_UNITS:
        raise _no_such(unit, series.x_axis.unit, x_units_for(series))
    label, wanted = _X_UNITS[unit]

    def move(x: FloatArray) -> FloatArray:
        if own.powers == wanted.powers:
            return x * (own.factor / wanted.factor)
        wave = _vacuum(series, _in_cm(x, own))
        if wanted.powers == LENGTH:
            return wave / wanted.factor
        return (C_CM_S if wanted.powers == FREQUENCY else C_CM_S * H_ERG_S) / wave / wanted.factor

    if (series.x <= 0).any():
        raise InvalidQuery("this axis can't be converted", "It holds values that are not above zero")
    x = move(series.x)
    turned = own.powers != wanted.powers and LENGTH in (own.powers, wanted.powers)
    turned = turned or (own.powers == WAVENUMBER and wanted.powers == LENGTH)
    order = slice(None, None, -1 if turned else 1)
    edges = [move(np.array(pair))[order] for pair in series.ignore_for_limits]
    out = remade(
        series,
        x=x[order],
        y=series.y[order],
        error=None if series.error is None else series.error[order],
        flags=None if series.flags is None else series.flags[order],
        starts=reversed_runs(series.starts, x.size) if turned and series.starts.size else series.starts,
        x_axis=replace(series.x_axis, label=label, unit=unit),
        step=f"over {unit}",
    )
    # a wavelength that was worked out of a frequency is one in vacuum
    medium = "vacuum" if wanted.powers == LENGTH and own.powers != LENGTH else series.medium
    return replace(out, ignore_for_limits=tuple((float(a), float(b)) for a, b in edges), medium=medium)


def _wavelength_cm(series: Series, unit: Unit) -> FloatArray:
    """Vacuum wavelength (cm) of the points; InvalidQuery where one isn't above zero."""
    if (series.x <= 0).any():
        raise InvalidQuery("this spectrum can't be converted", "It holds wavelengths that are not above zero")
    return _vacuum(series, _in_cm(series.x, unit))


def _vacuum(series: Series, wave_cm: FloatArray) -> FloatArray:
    is_air = series.medium == "air" and (unit := x_unit(series)) is not None and unit.powers == LENGTH
    return to_vacuum(wave_cm * 1e8) * 1e-8 if is_air else wave_cm


def _in_cm(x: FloatArray, unit: Unit) -> FloatArray:
    value = x * unit.factor
    match unit.powers:
        case (1, 0, 0, 0):
            return value
        case (-1, 0, 0, 0):
            return 1 / value
        case (0, 0, -1, 0):
            return C_CM_S / value
        case _:
            return C_CM_S * H_ERG_S / value


def _to_nu(unit: Unit, wave_cm: FloatArray) -> FloatArray:
    """What a value of this kind of flux (in CGS) is multiplied by to be F_ν."""
    if unit.powers == FLUX_LAMBDA:
        return wave_cm**2 / C_CM_S
    if unit.powers == FLUX_ALL:
        return wave_cm / C_CM_S
    return np.ones_like(wave_cm)


def _equal(a: Unit, b: Unit) -> bool:
    return a.ab == b.ab and a.powers == b.powers and abs(a.factor / b.factor - 1) < 1e-9


def _no_such(unit: str, own: str, offered: tuple[str, ...]) -> InvalidQuery:
    why = f"From {own!r} there are: {', '.join(offered[1:])}" if len(offered) > 1 else f"Nothing is known of {own!r}"
    return InvalidQuery(f"these values can't be shown in {unit}", why)
