"""The light curves that are recognised, in the order in which they are tried; `recipe` says how to add one.

Used by `light_curves`.
"""

from __future__ import annotations

from mast_tui.core.look import ANY_FLAG
from mast_tui.preview.masks import KEPLER_DEFAULT, KEPLER_HARD, TESS_DEFAULT, TESS_HARD, Bits, Letters
from mast_tui.preview.quality_bits import (
    ELEANOR_BITS,
    GPHOTON_BITS,
    K2SC_BITS,
    KEPLER_BITS,
    QLP_NEW_BITS,
    QLP_OLD_BITS,
    TESS_BITS,
    TGLC_BITS,
)
from mast_tui.preview.recipe import LightCurve, Value, Where
from mast_tui.preview.times import BKJD_OFFSET, MJD_OFFSET

TESS_QUALITY = Bits("QUALITY", TESS_DEFAULT, TESS_HARD, meanings=TESS_BITS)
KEPLER_QUALITY = Bits("SAP_QUALITY", KEPLER_DEFAULT, KEPLER_HARD, meanings=KEPLER_BITS)
K2_QUALITY = Bits("QUALITY", KEPLER_DEFAULT, KEPLER_HARD, meanings=KEPLER_BITS)

_TESS = ("TELESCOP", "TESS")
_KEPLER = ("TELESCOP", "Kepler|K2")
_SPOC_VALUES = (
    Value("PDCSAP_FLUX", ("PDCSAP_FLUX_ERR",), "PDCSAP flux"),
    Value("SAP_FLUX", ("SAP_FLUX_ERR",), "SAP flux"),
    Value("SAP_BKG", ("SAP_BKG_ERR",), "SAP background"),
)
_QLP_ORIGIN = ("ORIGIN", "MIT/QLP")
_CDIPS_GOOD = ("G", "0")
_E_PER_S = "e-/s"
#: GALEX time is Unix time less 315,964,800 s: it counts seconds from 1980-01-06 00:00 UTC (gPhoton User Guide).
GALEX_EPOCH_JD = 2_444_244.5
#: Mid-times of integrations, the barycentric ones first (all of them are modified); older pipelines write `MJD` alone.
_JWST_TIMES = ("BJD_TDB", "INT_MID_BJD_TDB", "MJD_UTC", "INT_MID_MJD_UTC", "MJD")


def _cdips(aperture: int) -> tuple[Value, ...]:
    """The values of one of CDIPS' three apertures, each with the aperture's own letters of quality."""
    masks = (Letters(f"IRQ{aperture}", _CDIPS_GOOD),)
    return (
        Value(f"TFA{aperture}", (), "TFA magnitude", magnitudes=True, masks=masks),
        Value(f"PCA{aperture}", (), "PCA magnitude", magnitudes=True, masks=masks),
        Value(f"IRM{aperture}", (f"IRE{aperture}",), "raw magnitude", magnitudes=True, masks=masks),
        Value(f"IFL{aperture}", (f"IFE{aperture}",), "instrumental flux", masks=masks),
    )


def _eleanor(column: str, label: str) -> Value:
    """FLUX_ERR belongs to RAW_FLUX; the relative error is taken over. eleanor writes no units."""
    return Value(column, ("FLUX_ERR",), label, unit=_E_PER_S, error_of="RAW_FLUX")


LIGHT_CURVES: tuple[LightCurve, ...] = (
    LightCurve(
        "QLP light curve",  # sectors 56 and later
        Where(columns=("DET_FLUX",), headers=(_QLP_ORIGIN,)),
        (
            Value("SAP_FLUX", ("DET_FLUX_ERR",), "SAP relative flux"),
            Value("DET_FLUX", ("DET_FLUX_ERR",), "detrended relative flux"),
            Value("SYS_RM_FLUX", ("DET_FLUX_ERR",), "systematics-removed relative flux"),
        ),
        masks=(Bits("QUALITY", TESS_DEFAULT, TESS_HARD | 1 << 30, meanings=QLP_NEW_BITS),),
    ),
    LightCurve(
        "QLP light curve",  # sectors 1 to 55; their low-precision bit, 4096, is one of TESS' hard ones
        Where(headers=(_QLP_ORIGIN,)),
        (
            Value("SAP_FLUX", ("KSPSAP_FLUX_ERR",), "SAP relative flux"),
            Value("KSPSAP_FLUX", ("KSPSAP_FLUX_ERR",), "detrended relative flux"),
        ),
        masks=(Bits("QUALITY", TESS_DEFAULT, TESS_HARD | 1 << 12, meanings=QLP_OLD_BITS),),
    ),
    LightCurve(
        "eleanor light curve",
        Where(columns=("CORR_FLUX", "FFIINDEX")),
        (
            _eleanor("CORR_FLUX", "corrected flux"),
            _eleanor("PCA_FLUX", "PCA flux"),
            _eleanor("PSF_FLUX", "PSF flux"),
            Value("RAW_FLUX", ("FLUX_ERR",), "raw flux", unit=_E_PER_S),
        ),
        masks=(Bits("QUALITY", TESS_DEFAULT, TESS_HARD, meanings=ELEANOR_BITS),),
        lowest=-1e19,  # cadences without a flux hold -1e20
    ),
    LightCurve(
        "PATHOS light curve",
        Where(columns=("PSF_FLUX_RAW", "PSF_FLUX_COR", "AP4_FLUX_RAW")),
        tuple(
            Value(f"{name}_FLUX_{kind}", (), label)
            for kind, label in (("COR", "corrected relative flux"), ("RAW", "raw relative flux"))
            for name in ("PSF", "AP1", "AP2", "AP3", "AP4")
        ),
        masks=(Bits("DQUALITY", TESS_DEFAULT, TESS_HARD, meanings=TESS_BITS),),
    ),
    LightCurve(
        "TASOC light curve",
        Where(columns=("FLUX_CORR", "FLUX_RAW")),
        (
            Value("FLUX_CORR", ("FLUX_CORR_ERR",), "corrected flux"),
            Value("FLUX_RAW", ("FLUX_RAW_ERR",), "raw flux"),
        ),
        masks=(Bits("QUALITY", 0, TESS_HARD, meanings=TESS_BITS),),
    ),
    LightCurve(
        "CDIPS light curve",
        Where(columns=("TMID_BJD",)),
        (*_cdips(1), *_cdips(2), *_cdips(3)),
        time=("TMID_BJD",),
    ),
    LightCurve(
        "TGLC light curve",
        Where(columns=("CAL_PSF_FLUX",)),
        (
            Value("CAL_PSF_FLUX", ("CAL_PSF_FLUX_ERR",), "calibrated PSF flux"),
            Value("CAL_APER_FLUX", ("CAL_APER_FLUX_ERR",), "calibrated aperture flux"),
            Value("PSF_FLUX", ("PSF_FLUX_ERR",), "PSF flux", unit=_E_PER_S),
            Value("APERTURE_FLUX", ("APERTURE_FLUX_ERR",), "aperture flux", unit=_E_PER_S),
        ),
        masks=(Bits("TESS_FLAGS", TESS_DEFAULT, TESS_HARD, meanings=TESS_BITS),),
        also=(Bits("TGLC_FLAGS", 0, meanings=TGLC_BITS),),  # lightkurve leaves them; TGLC's own quick look drops them
    ),
    LightCurve(
        "data-validation time series",
        Where(columns=("LC_INIT",)),
        (
            Value("LC_INIT", ("LC_INIT_ERR",), "relative flux"),
            Value("LC_DETREND", (), "detrended relative flux"),
            Value("MODEL_INIT", (), "transit model"),
            Value("LC_WHITE", (), "whitened flux"),
            Value("MODEL_WHITE", (), "whitened model"),
        ),
        ephemeris=True,
    ),
    LightCurve(
        "data-validation statistics",
        Where(columns=("RESIDUAL_LC", "DEWEIGHTS")),
        (
            Value("RESIDUAL_LC", (), "relative flux without transits"),
            Value("PDCSAP_FLUX", ("PDCSAP_FLUX_ERR",), "PDCSAP flux"),
            Value("DEWEIGHTS", (), "weight in the search"),
        ),
    ),
    LightCurve(
        "K2SFF light curve",
        Where(columns=("T", "FCOR", "ARCLENGTH")),
        (Value("FCOR", (), "corrected relative flux"), Value("FRAW", (), "raw relative flux")),
        time=("T",),
    ),
    LightCurve(
        "K2SC light curve",
        Where(columns=("TRPOSI", "MFLAGS", "FLUX")),
        (Value("FLUX", ("ERROR",), "detrended flux"),),
        masks=(K2_QUALITY,),
        also=(Bits("MFLAGS", 0, 8 | 16 | 32, meanings=K2SC_BITS),),  # the hard mask drops K2SC's outliers
    ),
    LightCurve(
        "EVEREST light curve",
        Where(columns=("CADN", "FRAW", "FLUX")),
        (
            Value("FLUX", ("FRAW_ERR",), "de-trended flux"),
            Value("FCOR", (), "CBV-corrected flux"),
            Value("FRAW", ("FRAW_ERR",), "raw flux"),
        ),
        masks=(K2_QUALITY,),
    ),
    LightCurve(
        "K2VARCAT light curve",
        Where(columns=("DETFLUX", "APTFLUX")),
        (Value("DETFLUX", ("DETFLUX_ERR",), "detrended relative flux"), Value("APTFLUX", (), "aperture flux")),
    ),
    LightCurve(
        "POLAR light curve",
        Where(columns=("FILFLUX",)),
        (Value("FILFLUX", ("FILFLUXERR",), "filtered relative flux"),),
        time=("FILTIME",),
        offset_jd=2_400_000.0,
    ),
    LightCurve(
        "POLAR light curve",
        Where(columns=("DETFLUX", "DETTIME")),
        (Value("DETFLUX", ("DETFLUXERR",), "detrended relative flux"),),
        time=("DETTIME",),
        offset_jd=2_400_000.0,
    ),
    LightCurve(
        "KEGS light curve",
        Where(columns=("FCOR5", "FRAW")),
        (Value("FCOR5", (), "corrected flux"), Value("FCOR1", (), "corrected flux"), Value("FRAW", (), "raw flux")),
        time=("T", "TIME"),
    ),
    LightCurve(
        "KEPSEISMIC light curve",
        Where(columns=("FLUX",), headers=(("ORIGIN", "^CEA & SSI$"),)),
        (Value("FLUX", ("FLUX_ERR",), "normalised flux"),),
        offset_jd=MJD_OFFSET,
    ),
    LightCurve(
        "cotrending basis vectors",
        Where(columns=("VECTOR_1",), extname="^(CBV|MODOUT)"),
        tuple(Value(f"VECTOR_{k}", (), f"basis vector {k}") for k in range(1, 17)),
        time=("TIME", "TIME_MJD"),
        masks=(Bits("GAP", 1, 1, meanings=((1, "Gap"),)), Bits("GAPFLAG", ANY_FLAG, meanings=((1, "Gap"),))),
        stacked=4,
    ),
    LightCurve(
        "Kepler light curve",
        Where(columns=("PDCSAP_FLUX",), headers=(_KEPLER,)),
        _SPOC_VALUES,
        masks=(KEPLER_QUALITY, K2_QUALITY),
    ),
    LightCurve("TESS light curve", Where(columns=("PDCSAP_FLUX",)), _SPOC_VALUES, masks=(TESS_QUALITY, KEPLER_QUALITY)),
    LightCurve(
        "Kepler light curve",
        Where(columns=("FLUX",), headers=(_KEPLER,)),
        (Value("FLUX", ("FLUX_ERR",)),),
        time=("TIME", "T"),
        masks=(KEPLER_QUALITY, K2_QUALITY),
    ),
    LightCurve(
        "TESS light curve",
        Where(columns=("FLUX",), headers=(_TESS,)),
        (Value("FLUX", ("FLUX_ERR",)),),
        masks=(TESS_QUALITY,),
    ),
    LightCurve(
        "JWST white-light curve",
        Where(columns=("WHITELIGHT_FLUX",)),
        (Value("WHITELIGHT_FLUX", ("WHITELIGHT_ERROR",), "flux summed over wavelength"),),
        time=_JWST_TIMES,
    ),
    LightCurve(
        "JWST white-light curve",  # NIRISS SOSS: an order a column
        Where(columns=("WHITELIGHT_FLUX_ORDER_1",)),
        tuple(Value(f"WHITELIGHT_FLUX_ORDER_{k}", (), f"order {k} summed over wavelength") for k in (1, 2, 3)),
        time=_JWST_TIMES,
        stacked=3,
    ),
    *(
        LightCurve(
            "JWST white-light curve",  # NIRSpec: a detector a column, each with its times
            Where(columns=(f"WHITELIGHT_FLUX_{detector}",)),
            (Value(f"WHITELIGHT_FLUX_{detector}", (), f"{detector}, flux summed over wavelength"),),
            time=(f"BJD_TDB_{detector}", f"MJD_UTC_{detector}"),
        )
        for detector in ("NRS1", "NRS2")
    ),
    LightCurve(
        "JWST aperture photometry",
        Where(columns=("NET_APERTURE_SUM",)),
        (
            Value("NET_APERTURE_SUM", ("NET_APERTURE_SUM_ERR",), "flux in the aperture"),
            Value("APERTURE_SUM", ("APERTURE_SUM_ERR",), "flux with background"),
        ),
        time=_JWST_TIMES,
    ),
    LightCurve(
        "gPhoton light curve",
        Where(columns=("FLUX_BGSUB", "T_MEAN")),
        (
            Value("FLUX_BGSUB", ("FLUX_BGSUB_ERR",), "background-subtracted flux", unit="erg/s/cm2/A"),
            Value("CPS_BGSUB", ("CPS_BGSUB_ERR",), "background-subtracted count rate", unit="counts/s"),
            Value("MAG_BGSUB", ("MAG_BGSUB_ERR_1",), "background-subtracted magnitude", "AB mag", magnitudes=True),
        ),
        time=("T_MEAN", "T0"),
        masks=(Bits("FLAGS", ANY_FLAG, meanings=GPHOTON_BITS),),
        offset_jd=GALEX_EPOCH_JD,
        time_unit="s",
    ),
    LightCurve(
        "K2GAP light curve",  # a text of two columns without names
        Where(columns=("COL1", "COL2"), file_name="^hlsp_k2gap_"),
        (Value("COL2", (), "flux"),),
        time=("COL1",),
        offset_jd=BKJD_OFFSET,
    ),
    LightCurve(
        "light curve",
        Where(),
        (
            Value("FLUX", ("FLUX_ERR", "FLUXERR", "ERROR", "ERR", "FLUX_ERROR")),
            Value("CTR", ("CTR_ERR",), "count rate"),
            Value("RATE", ("ERROR",), "count rate"),
            Value("MAG", ("MAG_ERR", "MAGERR"), "magnitude", magnitudes=True),
        ),
        time=("TIME", "T", "BJD", "TIME_BJD", "HJD", "MJD", "JD", "T_MEAN"),
        masks=(Bits("QUALITY", 0, ANY_FLAG), Bits("SAP_QUALITY", KEPLER_DEFAULT, KEPLER_HARD, meanings=KEPLER_BITS)),
    ),
)
