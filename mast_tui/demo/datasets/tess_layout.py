"""Header cards and columns of the SPOC's TESS files, as in the files of sector 1. Read by `tess_files` only."""

from __future__ import annotations

from mast_tui.demo.fits import Column


def flux_columns() -> tuple[Column, ...]:
    """The 20 columns of a light-curve extension, in their order."""
    e = "E14.7"
    pairs = [
        Column("TIME", "D", "BJD - 2457000, days", "D14.7", "column title: data time stamps"),
        Column("TIMECORR", "E", "d", e, "column title: barycentric correction"),
        Column("CADENCENO", "J", "", "I10", "column title: unique cadence number"),
        Column("SAP_FLUX", "E", "e-/s", e, "column title: aperture photometry flux"),
        Column("SAP_FLUX_ERR", "E", "e-/s", e, "column title: aperture phot. flux error"),
        Column("SAP_BKG", "E", "e-/s", e, "column title: aperture phot. background flux"),
        Column("SAP_BKG_ERR", "E", "e-/s", e, "column title: ap. phot. background flux error"),
        Column("PDCSAP_FLUX", "E", "e-/s", e, "column title: aperture phot. PDC flux"),
        Column("PDCSAP_FLUX_ERR", "E", "e-/s", e, "column title: ap. phot. PDC flux error"),
        Column("QUALITY", "J", "", "B16.16", "column title: aperture photometry quality flag"),
    ]
    for kind, title in (("PSF", "PSF-fitted"), ("MOM", "moment-derived")):
        for axis, word in ((1, "column"), (2, "row")):
            pairs += [
                Column(f"{kind}_CENTR{axis}", "D", "pixel", "F10.5", f"column title: {title} {word} centroid"),
                Column(f"{kind}_CENTR{axis}_ERR", "E", "pixel", e, f"column title: {title} {word} error"),
            ]
    pairs += [
        Column("POS_CORR1", "E", "pixels", e, "column title: column position correction"),
        Column("POS_CORR2", "E", "pixels", e, "column title: row position correction"),
    ]
    return tuple(pairs)


PRIMARY = """
NEXTEND = {nextend} / number of standard extensions
EXTNAME = 'PRIMARY' / name of extension
EXTVER  = 1 / extension version number (not format version)
SIMDATA = T / file is based on simulated data
ORIGIN  = 'NASA/Ames' / institution responsible for creating this file
DATE    = '2020-09-13' / file creation date.
TSTART  = {tstart} / observation start time in BTJD
TSTOP   = {tstop} / observation stop time in BTJD
DATE-OBS= '{date_obs}' / TSTART as UTC calendar date
DATE-END= '{date_end}' / TSTOP as UTC calendar date
CREATOR = '{creator}' / pipeline job and program us
PROCVER = 'spoc-5.0.10-20200904' / SW version
FILEVER = '1.0' / file format version
TIMVERSN= 'OGIP/93-003' / OGIP memo number for file format
TELESCOP= 'TESS' / telescope
INSTRUME= 'TESS Photometer' / detector type
DATA_REL= 42 / data release version number
OBJECT  = 'TIC {tic}' / string version of target id
TICID   = {tic} / unique tess target identifier
SECTOR  = {sector} / Observing sector
CAMERA  = {camera} / Camera number
CCD     = {ccd} / CCD chip number
PXTABLE = 128 / pixel table id
RADESYS = 'ICRS' / reference frame of celestial coordinates
RA_OBJ  = {ra} / [deg] right ascension
DEC_OBJ = {dec} / [deg] declination
EQUINOX = 2000.0 / equinox of celestial coordinate system
PMRA    = / [mas/yr] RA proper motion
PMDEC   = / [mas/yr] Dec proper motion
PMTOTAL = / [mas/yr] total proper motion
TESSMAG = {tmag} / [mag] TESS magnitude
TEFF    = {teff} / [K] Effective temperature
LOGG    = / [cm/s2] log10 surface gravity
MH      = / [log10([M/H])] metallicity
RADIUS  = {radius} / [solar radii] stellar radius
TICVER  = '8.1' / TIC version
CRMITEN = T / spacecraft cosmic ray mitigation enabled
CRBLKSZ = 10 / [exposures] s/c cosmic ray mitigation block siz
CRSPOC  = F / SPOC cosmic ray cleaning enabled
COMMENT SIMULATED: the layout of the SPOC, the numbers of the mast-tui demo.
COMMENT SIMULATED: {what}
"""

TARGET = """
INHERIT = T / inherit the primary header
EXTNAME = '{extname}' / name of extension
EXTVER  = 1 / extension version number (not format version)
SIMDATA = T / file is based on simulated data
TELESCOP= 'TESS' / telescope
INSTRUME= 'TESS Photometer' / detector type
OBJECT  = 'TIC {tic}' / string version of target id
TICID   = {tic} / unique tess target identifier
RADESYS = 'ICRS' / reference frame of celestial coordinates
RA_OBJ  = {ra} / [deg] right ascension
DEC_OBJ = {dec} / [deg] declination
EQUINOX = 2000.0 / equinox of celestial coordinate system
"""

TIMES = """
EXPOSURE= {exposure} / [d] time on source
TIMEREF = 'SOLARSYSTEM' / barycentric correction applied to times
TASSIGN = 'SPACECRAFT' / where time is assigned
TIMESYS = 'TDB' / time system is Barycentric Dynamical Time (TDB)
BJDREFI = 2457000 / integer part of BTJD reference date
BJDREFF = 0.0 / fraction of the day in BTJD reference date
TIMEUNIT= 'd' / time unit for TIME, TSTART and TSTOP
TELAPSE = {telapse} / [d] TSTOP - TSTART
LIVETIME= {exposure} / [d] TELAPSE multiplied by DEADC
TSTART  = {tstart} / observation start time in BTJD
TSTOP   = {tstop} / observation stop time in BTJD
DATE-OBS= '{date_obs}' / TSTART as UTC calendar date
DATE-END= '{date_end}' / TSTOP as UTC calendar date
DEADC   = 0.792 / deadtime correction
TIMEPIXR= 0.5 / bin time beginning=0 middle=0.5 end=1
TIERRELA= 1.16E-05 / [d] relative time error
INT_TIME= 1.98 / [s] photon accumulation time per frame
READTIME= 0.02 / [s] readout time per frame
FRAMETIM= 2.0 / [s] frame time (INT_TIME + READTIME)
NUM_FRM = {frames} / number of frames per time stamp
TIMEDEL = {timedel} / [d] time resolution of data
BACKAPP = T / background is subtracted
DEADAPP = T / deadtime applied
VIGNAPP = T / vignetting or collimator correction applied
GAINA   = 5.25 / [electrons/count] CCD output A gain
GAINB   = 5.17 / [electrons/count] CCD output B gain
GAINC   = 5.12 / [electrons/count] CCD output C gain
GAIND   = 5.2 / [electrons/count] CCD output D gain
NREADOUT= {readouts} / number of read per cadence
FXDOFF  = 209700 / compression fixed offset
"""

PHOTOMETRY = """
CROWDSAP= 0.99 / Ratio of target flux to total flux in op. ap.
FLFRCSAP= 0.98 / Frac. of target flux w/in the op. aperture
NSPSDDET= 0 / Number of SPSDs detected
NSPSDCOR= 0 / Number of SPSDs corrected
PDCMETHD= 'msMAP' / PDC algorithm used for target
NUMBAND = 3 / Number of scale bands
"""

WCS = """
WCSAXES = 2 / number of WCS axes
CTYPE1  = 'RA---TAN' / right ascension coordinate type
CTYPE2  = 'DEC--TAN' / declination coordinate type
CRPIX1  = {centre} / [pixel] reference pixel along image axis 1
CRPIX2  = {centre} / [pixel] reference pixel along image axis 2
CRVAL1  = {ra} / [deg] right ascension at reference pixel
CRVAL2  = {dec} / [deg] declination at reference pixel
CUNIT1  = 'deg' / physical unit in column dimension
CUNIT2  = 'deg' / physical unit in row dimension
CDELT1  = -0.00565 / [deg] pixel scale in RA dimension
CDELT2  = 0.00565 / [deg] pixel scale in Dec dimension
PC1_1   = 1.0 / linear transformation element cos(th)
PC1_2   = 0.0 / linear transformation element -sin(th)
PC2_1   = 0.0 / linear transformation element sin(th)
PC2_2   = 1.0 / linear transformation element cos(th)
NPIXSAP = {npix} / Number of pixels in optimal aperture
NPIXMISS= 0 / Number of op. aperture pixels not collected
"""
