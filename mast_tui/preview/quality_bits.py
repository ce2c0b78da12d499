"""What the bits of the missions' quality columns mean. Used by the recipes, through `masks`.

TESS and Kepler: lightkurve 2.6, `lightkurve/utils.py`, after the TESS Science Data Products Description and the Kepler
Archive Manual, table 2-3. JWST: the data-quality flags of the `stdatamodels` package. COS and STIS: the HST data
handbooks (COS table 2.19, STIS table 2.8). A bit that is not listed is told by its value.
"""

from __future__ import annotations

from typing import TypeAlias

Meanings: TypeAlias = tuple[tuple[int, str], ...]


def _in_order(*names: str) -> Meanings:
    """Names of bit 0, bit 1 and so on; '' where a bit has none."""
    return tuple((1 << k, name) for k, name in enumerate(names) if name)


TESS_BITS = _in_order(
    "Attitude tweak",
    "Safe mode",
    "Coarse point",
    "Earth point",
    "Argabrightening",
    "Desaturation event",
    "Cosmic ray in optimal aperture",
    "Manual exclude",
    "Discontinuity corrected",
    "Impulsive outlier",
    "Cosmic ray in collateral data",
    "Straylight",
    "Straylight2",
    "Planet Search Exclude",
    "Bad Calibration Exclude",
    "Insufficient Targets for Error Correction Exclude",
)
KEPLER_BITS = _in_order(
    "Attitude tweak",
    "Safe mode",
    "Coarse point",
    "Earth point",
    "Zero crossing",
    "Desaturation event",
    "Argabrightening",
    "Cosmic ray in optimal aperture",
    "Manual exclude",
    "",
    "Sudden sensitivity dropout",
    "Impulsive outlier",
    "Argabrightening on CCD",
    "Cosmic ray in collateral data",
    "Detector anomaly",
    "No fine point",
    "No data",
    "Rolling band in optimal aperture",
    "Rolling band in full mask",
    "Possible thruster firing",
    "Thruster firing",
)
#: QLP uses bit 13 (sectors 1 to 55) or bit 31 (from 56 on) for its own flag, see its product description.
QLP_OLD_BITS: Meanings = tuple((b, "Low precision (QLP)" if b == 1 << 12 else name) for b, name in TESS_BITS)
QLP_NEW_BITS: Meanings = (*TESS_BITS, (1 << 30, "Low precision (QLP)"))
#: eleanor adds two bits, which no level but lightkurve's "hardest" masks.
ELEANOR_BITS: Meanings = (*TESS_BITS, (1 << 17, "eleanor's bit 17"), (1 << 18, "eleanor's bit 18"))
#: `mflags` of K2SC: the constants M_… in `k2sc/core.py` of its pipeline; 2, 4 and 64 are reserved or set by hand there.
K2SC_BITS = _in_order(
    "One of Kepler's quality flags",
    "Flare",
    "Transit",
    "Outlier upwards",
    "Outlier downwards",
    "Flux is not a number",
    "Masked periodically",
)
#: `TGLC_flags`: what `target_lightcurve.py` of the tglc package adds to its array `quality`.
TGLC_BITS = _in_order("Background far from its median", "Star at the edge of the cutout")
#: gPhoton User Guide, "flags" of gAperture.
GPHOTON_BITS = _in_order(
    "Next to a masked hotspot",
    "Next to the edge of the mask",
    "Less than half of the bin was exposed",
    "Next to the edge of the response map",
    "Count rate beyond the linear range",
    "More than 0.5 degrees from the centre",
    "Background next to a hotspot",
    "Background next to the edge of the mask",
)
JWST_BITS = _in_order(
    "DO_NOT_USE",
    "SATURATED",
    "JUMP_DET",
    "DROPOUT",
    "OUTLIER",
    "PERSISTENCE",
    "AD_FLOOR",
    "CHARGELOSS",
    "UNRELIABLE_ERROR",
    "NON_SCIENCE",
    "DEAD",
    "HOT",
    "WARM",
    "LOW_QE",
    "RC",
    "TELEGRAPH",
    "NONLINEAR",
    "BAD_REF_PIXEL",
    "NO_FLAT_FIELD",
    "NO_GAIN_VALUE",
    "NO_LIN_CORR",
    "NO_SAT_CHECK",
    "UNRELIABLE_BIAS",
    "UNRELIABLE_DARK",
    "UNRELIABLE_SLOPE",
    "UNRELIABLE_FLAT",
    "OPEN",
    "ADJ_OPEN",
    "FLUX_ESTIMATED",
    "MSA_FAILED_OPEN",
    "OTHER_BAD_PIXEL",
    "REFERENCE_PIXEL",
)
COS_BITS = _in_order(
    "Reed-Solomon error",
    "Hot spot",
    "Detector shadow",
    "Poorly calibrated region",
    "Very low response region",
    "Background feature",
    "Burst",
    "Pixel out of bounds",
    "Fill data",
    "Pulse height out of limits",
    "Low response region",
    "Bad time interval",
    "Low PHA feature",
    "Gain-sag hole",
)
STIS_BITS = _in_order(
    "Reed-Solomon error",
    "Lost data replaced by fill values",
    "Bad detector pixel",
    "Masked by occulting bar",
    "High dark rate",
    "Large blemish",
    "Vignetted pixel",
    "Overscan region",
    "Saturated pixel",
    "Bad pixel in reference file",
    "Small blemish",
    "More than 30 % of background pixels rejected",
    "Extracted flux affected by bad input data",
    "Rejected as cosmic ray when images were combined",
)
