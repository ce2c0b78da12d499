"""Simulated files open in astropy without a warning, their checksums hold, and their layouts are the missions'."""

from __future__ import annotations

import io

import numpy as np
import pytest
from astropy.io import fits

from .reading import bytes_of, listed, observations, observed, opened, suffix

PI_MEN = "tess2018206045859-s0001-0000000261136679-0120-s"
LIGHT_CURVE_COLUMNS = (
    "TIME TIMECORR CADENCENO SAP_FLUX SAP_FLUX_ERR SAP_BKG SAP_BKG_ERR PDCSAP_FLUX PDCSAP_FLUX_ERR {} "
    "PSF_CENTR1 PSF_CENTR1_ERR PSF_CENTR2 PSF_CENTR2_ERR MOM_CENTR1 MOM_CENTR1_ERR MOM_CENTR2 MOM_CENTR2_ERR "
    "POS_CORR1 POS_CORR2"
)


def test_every_small_fits_file_of_the_named_data_sets_opens_without_a_warning() -> None:
    """The fields' files are made by the same hands; their kinds are tested with the invented rows."""
    count = 0
    for held in observations():
        if str(held.row["obs_id"]).startswith("sim") or "carried" in str(held.row["obs_title"]):
            continue
        if held.row["proposal_id"] in ("1073", "2733"):
            continue
        for product in held.products()[:4]:
            assert product.content is not None
            name = str(product.row["productFilename"])
            if name.endswith((".fits", ".fits.gz", "lo.gz")) and product.content.size < 2_600_000:
                hdus = opened(product)
                assert any(word in repr(hdus[0].header) for word in ("SIMULATED", "simulated"))
                count += 1
    assert count > 30


def test_a_tess_light_curve_has_the_layout_of_the_spoc() -> None:
    hdus = suffix(PI_MEN, "LC")
    assert [h.name for h in hdus] == ["PRIMARY", "LIGHTCURVE", "APERTURE"]
    assert (hdus[0].header["TELESCOP"], hdus[0].header["TICID"], hdus[0].header["SIMDATA"]) == ("TESS", 261136679, True)
    curve = hdus["LIGHTCURVE"]
    assert curve.columns.names == LIGHT_CURVE_COLUMNS.format("QUALITY").split()
    assert curve.columns["TIME"].unit == "BJD - 2457000, days"
    assert (curve.header["BJDREFI"], curve.header["BJDREFF"], curve.header["TIMESYS"]) == (2457000, 0.0, "TDB")
    assert (hdus["APERTURE"].data & 2).any()


def test_target_pixels_are_a_cube_that_adds_up_to_the_light_curve() -> None:
    hdus = suffix(PI_MEN, "TP")
    assert [h.name for h in hdus] == ["PRIMARY", "PIXELS", "APERTURE", "TARGET COSMIC RAY"]
    pixels, aperture = hdus["PIXELS"].data, hdus["APERTURE"].data
    assert pixels["FLUX"].shape[1:] == aperture.shape
    total = np.nansum(pixels["FLUX"][:, (aperture & 2) > 0], axis=1)
    sap = suffix(PI_MEN, "LC")["LIGHTCURVE"].data
    whole = dict(zip(sap["CADENCENO"].tolist(), sap["SAP_FLUX"].tolist(), strict=True))
    same = np.array([whole[number] for number in pixels["CADENCENO"].tolist()])
    good = np.isfinite(same)
    assert np.allclose(total[good], same[good], rtol=1e-3)


def test_a_validation_file_has_an_extension_a_planet_and_statistics() -> None:
    hdus = suffix(PI_MEN, "DVT")
    assert [h.name for h in hdus] == ["PRIMARY", "TCE_1", "Statistics"]
    names = "TIME TIMECORR CADENCENO PHASE LC_INIT LC_INIT_ERR LC_WHITE LC_DETREND MODEL_INIT MODEL_WHITE"
    assert hdus["TCE_1"].columns.names == names.split()
    assert len(hdus["Statistics"].columns) == 38
    assert hdus["TCE_1"].header["TPERIOD"] == pytest.approx(6.2679)
    assert np.nanmin(hdus["TCE_1"].data["MODEL_INIT"]) == pytest.approx(-290e-6, rel=0.01)


def test_a_kepler_light_curve_has_the_layout_of_data_release_25() -> None:
    hdus = opened(next(p for p in listed("kplr011904151_lc_Q011111100000000000") if "Q2" in str(p.row["description"])))
    assert hdus["LIGHTCURVE"].columns.names == LIGHT_CURVE_COLUMNS.format("SAP_QUALITY").split()
    assert hdus["LIGHTCURVE"].columns["TIME"].unit == "BJD - 2454833"
    assert (hdus["LIGHTCURVE"].header["BJDREFI"], hdus[0].header["QUARTER"]) == (2454833, 2)
    assert len(hdus["LIGHTCURVE"].data) == 4354


def test_a_quick_look_light_curve_is_relative() -> None:
    (held,) = observed(provenance_name="QLP", target_name="25155310")
    hdus = opened(held.products()[0])
    assert hdus[0].header["ORIGIN"] == "MIT/QLP"
    assert {"KSPSAP_FLUX", "SAP_FLUX", "QUALITY", "ORBITID"} <= set(hdus["LIGHTCURVE"].columns.names)
    assert np.median(hdus["LIGHTCURVE"].data["KSPSAP_FLUX"]) == pytest.approx(1, abs=1e-3)


def test_a_cos_spectrum_has_two_segments_whose_edges_are_flagged() -> None:
    hdus = suffix("lsim01010", "X1D")
    table = hdus["SCI"].data
    assert table["SEGMENT"].tolist() == ["FUVA", "FUVB"]
    assert table["WAVELENGTH"].shape == (2, 16384)
    assert hdus["SCI"].columns["FLUX"].unit == "erg /s /cm**2 /angstrom"
    good = table["DQ_WGT"] > 0
    assert 0.05 < 1 - good.mean() < 0.3
    assert not table["FLUX"][:, :1000].any()
    assert 1e-14 < np.median(table["FLUX"][good]) < 1e-13
    assert table["WAVELENGTH"][1][good[1]].max() < table["WAVELENGTH"][0][good[0]].min(), "FUVB lies blueward"


def test_a_stis_echelle_has_an_order_a_row_that_overlaps_the_next() -> None:
    table = suffix("osim01010", "X1D")["SCI"].data
    assert len(table) == 31
    assert (np.diff(table["SPORDER"]) == 1).all()
    first, last = table["WAVELENGTH"][:, 0], table["WAVELENGTH"][:, -1]
    assert (np.diff(first) < 0).all()
    assert (last[1:] > first[:-1]).all(), "orders overlap"
    assert (table["DQ"][:, 0] & 31743).all(), "the nonsense at the edge is flagged"


def test_a_drizzled_image_knows_where_it_is() -> None:
    sci = suffix("jsim01010", "DRZ")["SCI"]
    assert sci.data.dtype.kind == "f"
    assert (sci.header["CRVAL1"], sci.header["CRVAL2"]) == (210.80227, 54.34895)
    assert (sci.header["CTYPE1"], sci.header["BUNIT"]) == ("RA---TAN", "ELECTRONS/S")


def test_a_jwst_image_has_the_extensions_of_the_pipeline() -> None:
    hdus = suffix(str(observed(proposal_id="1979", filters="F322W2")[0].row["obs_id"]), "I2D")
    names = "PRIMARY SCI ERR CON WHT VAR_POISSON VAR_RNOISE VAR_FLAT HDRTAB ASDF"
    assert [h.name for h in hdus] == names.split()
    assert hdus["SCI"].header["BUNIT"] == "MJy/sr"
    assert np.isnan(hdus["SCI"].data).any()
    assert np.nanmax(hdus["SCI"].data) > 10


def test_a_jwst_multi_slit_spectrum_has_an_extension_a_slit() -> None:
    hdus = suffix("jw02736-o007_s00001_nirspec_clear-prism", "X1D")
    assert [h.name for h in hdus] == ["PRIMARY", *["EXTRACT1D"] * 5, "ASDF"]
    assert len({h.header["SLTNAME"] for h in hdus[1:6]}) == 5
    table = hdus[1]
    assert (table.columns["WAVELENGTH"].unit, table.columns["FLUX"].unit) == ("um", "Jy")
    assert len(table.columns) == 18
    assert np.isnan(table.data["FLUX"][(table.data["DQ"] & 1) > 0]).all()


def test_a_jwst_time_series_has_a_row_an_integration_and_shows_the_transit() -> None:
    table = suffix("jw99001-o001_t001_nirspec_clear-prism-s1600a1-sub512", "X1DINTS")["EXTRACT1D"]
    assert len(table.data) == 180
    assert len(table.columns) == 27
    assert (np.diff(table.data["MJD-AVG"]) > 0).all()
    flux = table.data["FLUX"]
    white = np.nanmean(flux / np.nanmedian(flux[:45], axis=0), axis=1)
    assert 1 - np.median(white[86:95]) == pytest.approx(0.0072, rel=0.1)


def test_an_iue_spectrum_gives_a_start_and_a_step() -> None:
    melo = suffix("lwp13058", "MXLO")["MELO"]
    (row,) = melo.data
    assert (row["APERTURE"], row["NPOINTS"], row["WAVELENGTH"]) == ("LARGE", 640, 1750.0)
    assert row["DELTAW"] == pytest.approx(2.6627994)
    assert melo.columns["FLUX"].unit == "ERG/CM2/S/A"
    assert (row["SIGMA"][row["FLUX"] == 0] == -1).all()


def test_full_size_detector_files_can_be_walked_without_reading_them() -> None:
    """The 84 MB of a `rate` file: headers are where their sizes say, as a reader over HTTP ranges needs."""
    product = next(p for p in listed("jw02733-o002_t001_miri_f1130w") if p.row["productSubGroupDescription"] == "RATE")
    content = product.content
    assert content is not None
    assert content.size > 80e6
    offset, names = 0, []
    while offset < content.size:
        header = fits.Header.fromstring(content.read(offset, 5 * 2880).decode("latin-1").split("END" + " " * 77)[0])
        names.append(header.get("EXTNAME", "PRIMARY"))
        cards = len(header) + 1
        data = (
            abs(header["BITPIX"]) // 8 * int(np.prod([header[f"NAXIS{i + 1}"] for i in range(header["NAXIS"])] or [0]))
        )
        offset += -(-cards * 80 // 2880) * 2880 + -(-data // 2880) * 2880
    assert names == ["PRIMARY", "SCI", "ERR", "DQ", "VAR_POISSON", "VAR_RNOISE"]
    assert offset == content.size


@pytest.mark.parametrize(
    ("obs_id", "ending"),
    [
        (PI_MEN, "_lc.png"),
        ("jsim01010", "_drz.jpg"),
        ("jsim01010", "_thumb.jpg"),
        ("lsim01010", ".png"),
        ("lwp13058", ".png"),
    ],
)
def test_a_preview_is_a_picture_with_something_on_it(obs_id: str, ending: str) -> None:
    product = next(p for p in listed(obs_id) if str(p.row["dataURI"]).endswith(ending))
    data = bytes_of(product)
    assert b"SIMULATED" in data
    Pillow = pytest.importorskip("PIL.Image", reason="decoding a JPEG takes Pillow")
    with Pillow.open(io.BytesIO(data)) as picture:
        pixels = np.asarray(picture.convert("L"))
    assert pixels.min() < 60 and pixels.max() > 150
    assert picture.format == ("PNG" if ending.endswith("png") else "JPEG")
