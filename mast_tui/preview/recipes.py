"""The products that are recognised: one recipe each, in the order in which they are tried.

A recipe is data. It says how an HDU of the product is known (`where`), which columns are time or wavelength, value
and error, which rule masks bad points, and how rows are named or joined. The readers `light_curves` and `spectra`
follow it; neither knows a product by name.

To add a product: write one recipe and put it into `LIGHT_CURVES` or `SPECTRA` before the first more general one that
would also match (the generic ones are last), and add one test with a small file in the product's layout to
`tests/preview`. `where` is compared with: the HDU's column names in upper case (`columns`: all must be there); header
values by regular expression, case ignored, in the HDU first, then in the primary (`headers`); EXTNAME (`extname`) and
the file's name (`file_name`), which only breaks ties between layouts that look the same.
"""

from __future__ import annotations

from mast_tui.preview.masks import (
    ANY_FLAG,
    JWST_DO_NOT_USE,
    KEPLER_DEFAULT,
    KEPLER_HARD,
    TESS_DEFAULT,
    TESS_HARD,
    AtMost,
    Bits,
    Letters,
    Weight,
)
from mast_tui.preview.recipe import LightCurve, Spectrum, Value, Where

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

#: Geocoronal Lyman alpha and O I, in Å; without this they take most of the y axis of far-ultraviolet spectra.
_AIRGLOW = ((1213.0, 1218.0), (1301.0, 1307.0))
_HST_FLUX = (Value("FLUX", ("ERROR",)), Value("NET", ("NET_ERROR",), "Net count rate"))
_SERIOUS = Bits("DQ", 31743, ANY_FLAG, keyword="SDQFLAGS")
_JWST_DQ = Bits("DQ", JWST_DO_NOT_USE)
_JWST_FLUX = (
    Value("FLUX", ("FLUX_ERROR", "ERROR")),
    Value("SURF_BRIGHT", ("SB_ERROR",), "Surface brightness"),
    Value("BACKGROUND", ("BKGD_ERROR", "BERROR"), "Background"),
)
_JWST_NAMES = ("SLTNAME", "SRCNAME", "SOURCEID", "SPORDER", "INT_NUM", "EXTVER")
_IUE_CGS = "ERG/CM2/S/A"

SPECTRA: tuple[Spectrum, ...] = (
    Spectrum(
        "IUE low-dispersion spectrum",
        Where(columns=("APERTURE", "NPOINTS", "WAVELENGTH", "DELTAW", "FLUX")),
        (Value("FLUX", ("SIGMA",)), Value("NET", (), "Net flux number")),
        wavelength="start and step",
        masks=(AtMost("QUALITY", None),),
        rows=("APERTURE",),
        length=("NPOINTS",),
        empty="zero flux",
        airglow=_AIRGLOW,
        unit=_IUE_CGS,
    ),
    Spectrum(
        "IUE high-dispersion spectrum",
        Where(columns=("ORDER", "NPOINTS", "WAVELENGTH", "DELTAW", "ABS_CAL")),
        (Value("ABS_CAL", ()),),
        wavelength="start and step",
        masks=(AtMost("QUALITY", -16384),),
        rows=("ORDER",),
        join="orders",
        length=("NPOINTS",),
        empty="zero flux",
        airglow=_AIRGLOW,
        unit=_IUE_CGS,
    ),
    Spectrum(
        "COS spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "SEGMENT"), headers=(("INSTRUME", "^COS$"),)),
        _HST_FLUX,
        masks=(Weight("DQ_WGT"), _SERIOUS),
        rows=("SEGMENT",),
        join="segments",
        length=("NELEM",),
        airglow=_AIRGLOW,
    ),
    Spectrum(
        "STIS spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "SPORDER"), headers=(("INSTRUME", "^STIS$"),)),
        _HST_FLUX,
        masks=(_SERIOUS,),
        rows=("SPORDER",),
        hdus=("EXTVER",),
        join="orders",
        length=("NELEM",),
        airglow=_AIRGLOW,
    ),
    Spectrum(
        "HST co-added spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "ERROR", "EFF_EXPTIME")),
        (Value("FLUX", ("ERROR",)), Value("SNR", (), "Signal to noise")),
        masks=(Weight("EFF_EXPTIME"),),
        airglow=_AIRGLOW,
    ),
    Spectrum(
        "HSLA co-added spectrum",
        Where(columns=("WAVE", "FLUXWGT")),
        (Value("FLUXWGT", ("FLUXWGT_ERR",)),),
        empty="zero flux and error",
        airglow=_AIRGLOW,
    ),
    Spectrum(
        "CALSPEC spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "STATERROR", "DATAQUAL")),
        (Value("FLUX", ("STATERROR",)),),
        masks=(Weight("DATAQUAL", only_hard=True),),
    ),
    Spectrum(
        "JWST time-series spectra",
        Where(columns=("WAVELENGTH", "FLUX", "INT_NUM", "N_ALONGDISP")),
        _JWST_FLUX,
        masks=(_JWST_DQ,),
        rows=("INT_NUM",),
        hdus=("SPORDER", "EXTVER"),
        length=("N_ALONGDISP",),
        extended=_JWST_FLUX[1],
        white_light=("TDB-MID", "MJD-AVG", "MJD-BEG"),
    ),
    Spectrum(
        "JWST slitless spectra",
        Where(columns=("WAVELENGTH", "FLUX", "SOURCE_ID", "N_ALONGDISP")),
        _JWST_FLUX,
        masks=(_JWST_DQ,),
        rows=("SOURCE_ID",),
        hdus=("SPORDER", "EXTVER"),
        length=("N_ALONGDISP",),
        extended=_JWST_FLUX[1],
    ),
    Spectrum(
        "JWST spectrum",
        Where(columns=("WAVELENGTH", "FLUX"), extname="^(EXTRACT1D|COMBINE1D)$"),
        _JWST_FLUX,
        masks=(_JWST_DQ,),
        hdus=_JWST_NAMES,
        extended=_JWST_FLUX[1],
    ),
    Spectrum(
        "JWST spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "SURF_BRIGHT"), headers=(("TELESCOP", "JWST"),)),
        _JWST_FLUX,
        masks=(_JWST_DQ,),
        hdus=_JWST_NAMES,
        extended=_JWST_FLUX[1],
    ),
    Spectrum(
        "FUSE spectrum",
        Where(columns=("WAVE", "FLUX", "ERROR"), headers=(("TELESCOP", "FUSE"),)),
        (Value("FLUX", ("ERROR",)),),
        masks=(Bits("QUALITY", 0),),
        hdus=("EXTNAME",),
        empty="zero flux and error",
        airglow=_AIRGLOW,
        unit="erg/s/cm2/A",
    ),
    Spectrum(
        "spectrum",
        Where(),
        (
            Value(
                "FLUX",
                (
                    "ERROR",
                    "FLUX_ERROR",
                    "SIGMA",
                    "ERR",
                    "FLUX_ERR",
                    "FLUXERR",
                    "UNCERTAINTY",
                    "STATERROR",
                    "STDEV",
                    "FLUX_UNCERTAINTY",
                ),
            ),
            Value("FLUXWGT", ("FLUXWGT_ERR",)),
            Value("FLAM", ("ERROR", "ERR")),
            Value("FLUX_DENSITY", ("ERROR", "FLUX_DENSITY_ERROR"), "Flux density"),
            Value("SURF_BRIGHT", ("SB_ERROR",), "Surface brightness"),
            Value("NET", ("NET_ERROR",), "Net count rate"),
        ),
        x=("WAVELENGTH", "WAVE", "LAMBDA", "WL", "LAM", "WAVELEN", "LOGLAM"),
        masks=(Weight("DQ_WGT"), Bits("DQ", JWST_DO_NOT_USE, keyword="SDQFLAGS")),
        rows=("SEGMENT", "SPORDER", "ORDER", "APERTURE"),
        hdus=("EXTVER",),
        length=("NELEM", "N_ALONGDISP"),
        empty="zero flux and error",
    ),
)

#: HDUs that belong to another one; they are offered in the header browser and by their number, not drawn unasked.
COMPANIONS = frozenset(
    (
        "ASDF",
        "HDRTAB",
        "INT_TIMES",
        "GROUP",
        "GROUPDQ",
        "PIXELDQ",
        "ERR",
        "DQ",
        "WHT",
        "CON",
        "CTX",
        "VAR",
        "IVAR",
        "ERROR",
        "VAR_POISSON",
        "VAR_RNOISE",
        "VAR_FLAT",
        "AREA",
        "D2IMARR",
        "WCSDVARR",
        "SAMP",
        "TIME",
        "ENSEMBLE",
        "APERTURE",
        "PROVENANCE",
        "STATISTICS",
        "WAVELENGTH",
        "REFOUT",
        "QUALITY",
        "UNCERT",
    )
)
