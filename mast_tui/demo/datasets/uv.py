"""IUE and GALEX observations under their real spelling: lwp13058 with its two science files, and one GALEX tile.

`lwp13058` is the data set of astroquery's own documentation; its spectrum here is simulated, on Herschel 36 in M8.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mast_tui.demo.datasets.gzipped import Gzipped
from mast_tui.demo.datasets.pictures import Picture, plot
from mast_tui.demo.datasets.rows import circle, held, mjd, observation, product
from mast_tui.demo.datasets.skies import hot_star
from mast_tui.demo.datasets.stock import stock_products
from mast_tui.demo.datasets.stock_row import Stock
from mast_tui.demo.datasets.uv_files import mxlo_file, plain_image_file, vo_spectrum_file
from mast_tui.demo.fits import Array
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

_FIRST_OBSID = 90_600_000
_HERSCHEL_36 = (270.91804, -24.37853)
_TILE = (56.75, 24.12)


def observations() -> Sequence[HeldObservation]:
    """The IUE spectrum and the GALEX tile."""
    return [_iue(_FIRST_OBSID), _galex(_FIRST_OBSID + 1)]


def _iue(obsid: int) -> HeldObservation:
    start = mjd("1988-04-22T09:00:20")
    row = observation(
        obsid,
        "lwp13058",
        collection="IUE",
        provenance="NEWSIPS",
        instrument="LWP",
        filters="LOW DISP",
        region="UV",
        target="HERSCHEL 36",
        ra_deg=_HERSCHEL_36[0],
        dec_deg=_HERSCHEL_36[1],
        kind="spectrum",
        calib_level=2,
        t_min_mjd=start,
        t_max_mjd=round(start + 659.743 / 86400, 8),
        exposure_s=659.743,
        em_nm=(185.0, 335.0),
        title="IUE low-dispersion spectrum of Herschel 36",
        release_mjd=47500.0,
        footprint=circle(*_HERSCHEL_36, 0.00277778),
        proposal_id="HSJRP",
        pi="Demo, Hal",
        jpeg_url="mast:IUE/url/browse/iue/lwp/13000/gif/lwp13058.png",
        data_url="mast:IUE/url/pub/iue/data/lwp/13000/lwp13058.mxlo.gz",
    )
    return held(row, _iue_products)


def _iue_products(row: Row) -> list[HeldProduct]:
    flux = hot_star(6e-13, (1850.0, 2026.1, 2344.2, 2382.8, 2586.7, 2600.2, 2796.4, 2803.5), 4.0)
    place, folder = _HERSCHEL_36, "mast:IUE/url/pub/iue/data/lwp/13000/lwp13058"
    low = Gzipped(mxlo_file("LWP", 13058, "HERSCHEL 36", *place, flux, 659.743))
    raw = plain_image_file("IUE", "HERSCHEL 36", place, 0.01, lambda: Stock(row, "").sky(384), 384, "DN")
    virtual = vo_spectrum_file("LWP", 13058, "HERSCHEL 36", flux)

    def draw() -> Array:
        wave = 1850.0 + 2.6628 * _counted(560)
        return plot(wave, flux(wave))

    science = [
        product(row, f"{folder}.mxlo.gz", low, "MXLO, low-dispersion extracted spectrum", "MXLO", minimum=True),
        product(
            row, "mast:IUE/url/pub/vospectra/iue2/lwp13058mxlo_vo.fits", virtual, "VO spectrum", "VO", minimum=True
        ),
    ]
    silo = product(
        row, f"{folder}.silo.gz", Gzipped(raw), "Spatially resolved image", "SILO", kind="AUXILIARY", calib_level=1
    )
    return [
        *science,
        silo,
        product(row, str(row["jpegURL"]), Picture(draw, 24_000, "png"), "Preview-Full", None, kind="PREVIEW"),
    ]


def _counted(points: int) -> Array:
    return np.arange(points, dtype=np.float64)


def _galex(obsid: int) -> HeldObservation:
    start = mjd("2007-01-04T05:30")
    base = "mast:GALEX/url/data/GR6/pipe/02-vsn/50123-AIS_123/d/01-main/0001-img/07-try/"
    row = observation(
        obsid,
        "6374399093149532160",
        collection="GALEX",
        provenance="AIS",
        project="AIS",
        instrument="GALEX",
        filters="NUV",
        region="UV",
        target="AIS_123_1_26",
        ra_deg=_TILE[0],
        dec_deg=_TILE[1],
        kind="image",
        calib_level=2,
        t_min_mjd=start,
        t_max_mjd=round(start + 109 / 86400, 8),
        exposure_s=109.0,
        em_nm=(169.3, 300.7),
        title="GALEX all-sky imaging survey",
        release_mjd=54500.0,
        footprint=circle(*_TILE, 0.625),
    )
    return held(row, lambda row: stock_products(row, base))
