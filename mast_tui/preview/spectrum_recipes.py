"""The spectra that are recognised, in the order in which they are tried; `recipe` says how to add one.

Used by `spectra`.
"""

from __future__ import annotations

from dataclasses import replace

from mast_tui.core.look import ANY_FLAG
from mast_tui.preview.masks import JWST_DO_NOT_USE, AtMost, Bits, Share, Weight
from mast_tui.preview.quality_bits import COS_BITS, JWST_BITS, STIS_BITS
from mast_tui.preview.recipe import Spectrum, Value, Where

#: Geocoronal Lyman alpha and O I, in Å; without this they take most of the y axis of far-ultraviolet spectra.
_AIRGLOW = ((1213.0, 1218.0), (1301.0, 1307.0))
_HST_FLUX = (Value("FLUX", ("ERROR",)), Value("NET", ("NET_ERROR",), "Net count rate"))
#: Since calcos 3.3.10 COS errors are confidence limits: ERROR upwards, ERROR_LOWER downwards.
_COS_FLUX = (Value("FLUX", ("ERROR",), lower="ERROR_LOWER"), _HST_FLUX[1])
_COS_DQ = Bits("DQ", 31743, ANY_FLAG, keyword="SDQFLAGS", meanings=COS_BITS)
_STIS_DQ = Bits("DQ", 31743, ANY_FLAG, keyword="SDQFLAGS", meanings=STIS_BITS)
_JWST_DQ = Bits("DQ", JWST_DO_NOT_USE, meanings=JWST_BITS)
_JWST_FLUX = (
    Value("FLUX", ("FLUX_ERROR", "ERROR")),
    Value("SURF_BRIGHT", ("SB_ERROR",), "Surface brightness"),
    Value("BACKGROUND", ("BKGD_ERROR", "BERROR"), "Background"),
)
_JWST_NAMES = ("SLTNAME", "SRCNAME", "SOURCEID", "SPORDER", "INT_NUM", "EXTVER")
_IUE_CGS = "ERG/CM2/S/A"

#: Its orders are cut at another place of their overlap where the camera is the short-wavelength one.
_IUE_HIGH = Spectrum(
    "IUE high-dispersion spectrum",
    Where(columns=("ORDER", "NPOINTS", "WAVELENGTH", "DELTAW", "ABS_CAL")),
    (Value("ABS_CAL", ()),),
    wavelength="start and step",
    masks=(AtMost("QUALITY", -16384),),
    rows=("ORDER",),
    join="orders",
    cut_at=2 / 3,
    length=("NPOINTS",),
    empty="zero flux",
    airglow=_AIRGLOW,
    unit=_IUE_CGS,
)

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
        medium="vacuum",
    ),
    replace(_IUE_HIGH, where=replace(_IUE_HIGH.where, headers=(("CAMERA", "^SWP"),)), cut_at=1 / 3),
    _IUE_HIGH,
    Spectrum(
        "COS spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "SEGMENT"), headers=(("INSTRUME", "^COS$"),)),
        _COS_FLUX,
        masks=(Weight("DQ_WGT"), _COS_DQ),
        rows=("SEGMENT",),
        join="segments",
        length=("NELEM",),
        airglow=_AIRGLOW,
        medium="vacuum",
    ),
    Spectrum(
        "STIS spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "SPORDER"), headers=(("INSTRUME", "^STIS$"),)),
        _HST_FLUX,
        masks=(_STIS_DQ,),
        rows=("SPORDER",),
        hdus=("EXTVER",),
        join="orders",
        length=("NELEM",),
        airglow=_AIRGLOW,
        medium="vacuum",
    ),
    Spectrum(
        "ULLYSES time series",
        Where(columns=("MJDSTART", "MJDEND", "WAVELENGTH", "FLUX")),
        (Value("FLUX", ("ERROR",)),),
        wavelength="block",
        airglow=_AIRGLOW,
        white_light=("MJDSTART",),
        medium="vacuum",
    ),
    Spectrum(
        "HST co-added spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "ERROR", "EFF_EXPTIME")),
        (Value("FLUX", ("ERROR",)), Value("SNR", (), "Signal to noise")),
        masks=(Weight("EFF_EXPTIME"),),
        airglow=_AIRGLOW,
        medium="vacuum",
    ),
    Spectrum(
        "HSLA co-added spectrum",
        Where(columns=("WAVE", "FLUXWGT")),
        (Value("FLUXWGT", ("FLUXWGT_ERR",)),),
        empty="zero flux and error",
        airglow=_AIRGLOW,
        medium="vacuum",
    ),
    Spectrum(
        "CALSPEC spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "STATERROR", "DATAQUAL")),
        (Value("FLUX", ("STATERROR",)),),
        masks=(Weight("DATAQUAL", only_hard=True),),
        medium="vacuum",
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
        medium="vacuum",
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
        row_type="SOURCE_TYPE",
        medium="vacuum",
    ),
    Spectrum(
        "JWST spectrum",
        Where(columns=("WAVELENGTH", "FLUX"), extname="^(EXTRACT1D|COMBINE1D)$"),
        _JWST_FLUX,
        masks=(_JWST_DQ,),
        hdus=_JWST_NAMES,
        extended=_JWST_FLUX[1],
        medium="vacuum",
    ),
    Spectrum(
        "JWST spectrum",
        Where(columns=("WAVELENGTH", "FLUX", "SURF_BRIGHT"), headers=(("TELESCOP", "JWST"),)),
        _JWST_FLUX,
        masks=(_JWST_DQ,),
        hdus=_JWST_NAMES,
        extended=_JWST_FLUX[1],
        medium="vacuum",
    ),
    Spectrum(
        "MUSCLES spectral energy distribution",
        Where(columns=("WAVELENGTH", "FLUX", "ERROR"), headers=(("HLSPACRN", "MUSCLES"),)),
        (Value("FLUX", ("ERROR",)), Value("BOLOFLUX", ("BOLOERR",), "Flux over the bolometric flux")),
        log=True,
    ),
    Spectrum(
        "DJA msaexp spectrum",
        Where(columns=("WAVE", "FLUX", "ERR"), extname="^SPEC1D$"),
        (Value("FLUX", ("ERR", "FULL_ERR")),),
        empty="zero flux and error",
        medium="vacuum",
    ),
    Spectrum(
        "transmission spectrum",
        Where(columns=("WAVELENGTH", "HALF_WIDTH", "TRANSIT_DEPTH", "ERROR")),
        (Value("TRANSIT_DEPTH", ("ERROR",), "Transit depth (Rp/Rs)²"),),
    ),
    Spectrum(
        "transmission spectrum",
        Where(columns=("PL_TRANDEP",)),
        (Value("PL_TRANDEP", ("PL_TRANDEPERR1",), "Transit depth", unit="%"),),
        x=("CENTRALWAVELNG", "WAVELENGTH"),
    ),
    Spectrum(
        "FUSE spectrum",
        Where(columns=("WAVE", "FLUX", "ERROR"), headers=(("TELESCOP", "FUSE"),)),
        (Value("FLUX", ("ERROR",)),),
        # 100 · Σ (probability · bad-pixel mask) over the slit (CalFUSE 3.2, cf_optimal_extraction.c): 100 is best
        masks=(Share("QUALITY"),),
        hdus=("EXTNAME",),
        empty="zero flux and error",
        airglow=_AIRGLOW,
        unit="erg/s/cm2/A",
        medium="vacuum",
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
