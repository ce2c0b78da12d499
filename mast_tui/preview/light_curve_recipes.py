"""The light curves that are recognised, in the order in which they are tried; `recipe` says how to add one.

Used by `light_curves`.
"""

from __future__ import annotations

from mast_tui.preview.masks import ANY_FLAG, KEPLER_DEFAULT, KEPLER_HARD, TESS_DEFAULT, TESS_HARD, Bits, Letters
from mast_tui.preview.recipe import LightCurve, Value, Where

TESS_QUALITY = Bits("QUALITY", TESS_DEFAULT, TESS_HARD)
KEPLER_QUALITY = Bits("SAP_QUALITY", KEPLER_DEFAULT, KEPLER_HARD)
K2_QUALITY = Bits("QUALITY", KEPLER_DEFAULT, KEPLER_HARD)

_TESS = ("TELESCOP", "TESS")
_KEPLER = ("TELESCOP", "Kepler|K2")
_SPOC_VALUES = (
    Value("PDCSAP_FLUX", ("PDCSAP_FLUX_ERR",), "PDCSAP flux"),
    Value("SAP_FLUX", ("SAP_FLUX_ERR",), "SAP flux"),
    Value("SAP_BKG", ("SAP_BKG_ERR",), "SAP background"),
)

LIGHT_CURVES: tuple[LightCurve, ...] = (
    LightCurve(
        "QLP light curve",
        Where(headers=(("ORIGIN", "MIT/QLP"),)),
        (
            Value("SAP_FLUX", (), "SAP relative flux"),
            Value("KSPSAP_FLUX", ("KSPSAP_FLUX_ERR",), "detrended relative flux"),
            Value("DET_FLUX", ("DET_FLUX_ERR",), "detrended relative flux"),
            Value("SYS_RM_FLUX", (), "systematics-removed relative flux"),
        ),
        masks=(Bits("QUALITY", TESS_DEFAULT, TESS_HARD | 1 << 30),),
    ),
    LightCurve(
        "eleanor light curve",
        Where(columns=("CORR_FLUX", "FFIINDEX")),
        (
            Value("CORR_FLUX", (), "corrected flux"),
            Value("PCA_FLUX", (), "PCA flux"),
            Value("PSF_FLUX", (), "PSF flux"),
            Value("RAW_FLUX", ("FLUX_ERR",), "raw flux"),
        ),
        masks=(TESS_QUALITY,),
    ),
    LightCurve(
        "PATHOS light curve",
        Where(columns=("PSF_FLUX_RAW", "PSF_FLUX_COR", "AP4_FLUX_RAW")),
        tuple(Value(f"{name}_FLUX_COR", (), "corrected relative flux") for name in ("PSF", "AP1", "AP2", "AP3", "AP4")),
        masks=(Bits("DQUALITY", TESS_DEFAULT, TESS_HARD),),
    ),
    LightCurve(
        "TASOC light curve",
        Where(columns=("FLUX_CORR", "FLUX_RAW")),
        (
            Value("FLUX_CORR", ("FLUX_CORR_ERR",), "corrected flux"),
            Value("FLUX_RAW", ("FLUX_RAW_ERR",), "raw flux"),
        ),
        masks=(Bits("QUALITY", 0, TESS_HARD),),
    ),
    LightCurve(
        "CDIPS light curve",
        Where(columns=("TMID_BJD",)),
        (
            Value("TFA1", (), "TFA magnitude"),
            Value("PCA1", (), "PCA magnitude"),
            Value("IRM1", ("IRE1",), "raw magnitude"),
        ),
        time=("TMID_BJD",),
        masks=(Letters("IRQ1", ("G", "0")),),
        magnitudes=True,
    ),
    LightCurve(
        "TGLC light curve",
        Where(columns=("CAL_PSF_FLUX",)),
        (
            Value("CAL_PSF_FLUX", ("CAL_PSF_FLUX_ERR",), "calibrated PSF flux"),
            Value("CAL_APER_FLUX", ("CAL_APER_FLUX_ERR",), "calibrated aperture flux"),
            Value("PSF_FLUX", ("PSF_FLUX_ERR",), "PSF flux"),
            Value("APERTURE_FLUX", ("APERTURE_FLUX_ERR",), "aperture flux"),
        ),
        masks=(Bits("TESS_FLAGS", TESS_DEFAULT, TESS_HARD),),
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
        "light curve",
        Where(),
        (
            Value("FLUX", ("FLUX_ERR", "FLUXERR", "ERROR", "ERR")),
            Value("CTR", ("CTR_ERR",), "count rate"),
            Value("RATE", ("ERROR",), "count rate"),
            Value("MAG", ("MAG_ERR", "MAGERR"), "magnitude"),
        ),
        time=("TIME", "T", "BJD", "TIME_BJD", "HJD", "MJD", "JD", "T_MEAN"),
        masks=(Bits("QUALITY", 0, ANY_FLAG), Bits("SAP_QUALITY", KEPLER_DEFAULT, KEPLER_HARD)),
    ),
)
