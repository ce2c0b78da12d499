"""Images, cubes, pixel files, tables, text and pictures: recognised, made small, and named for what they are."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.look import ImageLook, PictureLook, Preview, TableLook, TextLook
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.shrinking import block_maximum, zscale
from tests.preview.made_files import pixel_file, table, write


def look(path: Path, **asked: object) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


def image(path: Path, **asked: object) -> ImageLook:
    item = look(path, **asked).items[0]
    assert isinstance(item, ImageLook)
    return item


def test_the_dispersed_light_of_a_grism_comes_before_what_belongs_to_it(tmp_path: Path) -> None:
    names = ("REF", "SEG", "SCI", "ERR", "DQ", "CONTAM")
    hdus = [fits.ImageHDU(np.full((20, 40), k, np.float32), name=name) for k, name in enumerate(names)]
    path = write(tmp_path / "x.beams.fits", [*hdus, *hdus])
    assert [item.name for item in look(path).items] == ["SCI", "SCI"]
    assert image(path, hdu=1).summary.y_median == 0.0, "the direct image is there when it is asked for"


def test_an_hst_image_shows_its_science_array_with_no_data_left_blank(tmp_path: Path) -> None:
    sky = np.random.default_rng(1).normal(0.01, 0.002, (900, 1000)).astype(np.float32)
    sky[400, 500] = 30.0
    sky[:100] = np.nan
    hdus = [fits.ImageHDU(sky, name="SCI"), fits.ImageHDU(np.ones((900, 1000), np.float32), name="WHT")]
    hdus[0].header["BUNIT"] = "ELECTRONS/S"
    path = write(tmp_path / "hst_drz.fits", hdus, {"TELESCOP": "HST", "INSTRUME": "ACS", "TARGNAME": "M101"})
    found = look(path)
    shown = image(path)
    assert (found.kind, found.instrument, len(found.items)) == ("image", "HST/ACS", 1)
    assert (shown.shape, shown.step, shown.value_axis.unit) == ((900, 1000), (6, 4), "ELECTRONS/S")
    assert (shown.n_rows, shown.n_good) == (900_000, 800_000)
    assert np.nanmax(shown.pixels) == 30, "a star of one pixel survives"
    assert np.isnan(shown.pixels[:16]).all() and shown.limits[1] < 1
    assert shown.summary.y_median == pytest.approx(0.01, rel=0.01)


def test_unusable_pixels_of_jwst_are_left_blank(tmp_path: Path) -> None:
    flags = np.zeros((20, 30), np.uint32)
    flags[3, 4], flags[5, 6] = 1, 4
    science, dq = fits.ImageHDU(np.ones((20, 30), np.float32), name="SCI"), fits.ImageHDU(flags, name="DQ")
    shown = image(write(tmp_path / "cal.fits", [science, dq], {"TELESCOP": "JWST", "INSTRUME": "NIRCAM"}))
    assert np.argwhere(np.isnan(shown.pixels)).tolist() == [[3, 4]] and shown.n_good == 599


def test_integers_with_scale_and_planes_are_read(tmp_path: Path) -> None:
    counts = np.zeros((4, 12, 10), np.uint16)
    counts[3] = 40_000
    shown = image(write(tmp_path / "c0f.fits", [], {"TELESCOP": "HST"}, counts))
    assert (shown.summary.y_max, shown.shape, shown.notes[0]) == (40_000, (4, 12, 10), "plane 4 of 4 is shown")


def test_a_compressed_image_is_read(tmp_path: Path) -> None:
    compressed = fits.CompImageHDU(np.arange(600, dtype=np.int32).reshape(20, 30), name="SCI")
    shown = image(write(tmp_path / "fpack.fits.fz", [compressed]))
    assert (shown.shape, shown.summary.y_max) == ((20, 30), 599)


def test_a_cube_is_shown_as_its_median(tmp_path: Path) -> None:
    cube = fits.ImageHDU(np.ones((9, 6, 5), np.float32), name="SCI")
    cube.data[4] = 1000
    cube.header["CTYPE3"] = "WAVE"
    found = look(write(tmp_path / "s3d.fits", [cube], {"TELESCOP": "JWST"}))
    assert found.kind == "cube" and found.items[0].to_json()["y"]["max"] == 1.0


def test_packets_of_telemetry_are_no_spectra(tmp_path: Path) -> None:
    """HST _spt files: one-dimensional arrays without spectral coordinates."""
    packets = [fits.ImageHDU(np.arange(965, dtype=np.int16), name="UDL"), fits.ImageHDU(np.arange(40, dtype=np.int16))]
    found = look(write(tmp_path / "j8bt06nyq_spt.fits", packets, {"TELESCOP": "HST", "INSTRUME": "ACS"}))
    assert (found.kind, [item.kind for item in found.items]) == ("header", ["header"])


def test_a_mosaic_of_jwst_has_nan_where_nothing_was_seen(tmp_path: Path) -> None:
    sky = np.full((30, 40), 0.5, np.float32)
    sky[:, :8] = np.nan
    science = fits.ImageHDU(sky, name="SCI")
    science.header["BUNIT"] = "MJy/sr"
    others = [fits.ImageHDU(sky, name=name) for name in ("ERR", "CON", "WHT", "VAR_POISSON", "VAR_RNOISE", "VAR_FLAT")]
    found = look(write(tmp_path / "jw_i2d.fits", [science, *others], {"TELESCOP": "JWST", "INSTRUME": "NIRCAM"}))
    (shown,) = found.items
    assert isinstance(shown, ImageLook) and (shown.value_axis.unit, shown.n_good) == ("MJy/sr", 30 * 32)
    assert np.isnan(shown.pixels[:, :8]).all() and not np.isnan(shown.pixels[:, 8:]).any()


def test_a_galex_map_lies_in_the_primary_array(tmp_path: Path) -> None:
    counts = np.zeros((20, 20), np.float32)
    counts[4, 5] = 2.0
    shown = image(write(tmp_path / "AIS_1-nd-int.fits.gz", [], {"TELESCOP": "GALEX", "BUNIT": "counts/s"}, counts))
    assert (shown.name, shown.hdu, shown.summary.y_max, shown.value_axis.unit) == ("primary array", 0, 2.0, "counts/s")


def test_a_pixel_file_is_shown_as_the_median_of_its_good_cadences(tmp_path: Path) -> None:
    found = look(pixel_file(tmp_path / "tess_tp.fits"))
    shown = found.items[0]
    assert isinstance(shown, ImageLook)
    assert (found.kind, shown.shape, shown.n_rows, shown.n_good) == ("pixels", (20, 5, 7), 20, 18)
    assert np.argwhere(shown.pixels == 100).tolist() == [[2, 3]]


def test_a_table_that_no_recipe_knows_is_shown_as_a_table(tmp_path: Path) -> None:
    limits = table(
        [("NAME", "8A", ["a", "b"]), ("LOW", "E", [0.5, 1.5], "ct/s"), ("HISTORY", "5J", np.arange(10).reshape(2, 5))],
        "LIMITS",
    )
    found = look(write(tmp_path / "limits.fits", [limits]))
    shown = found.items[0]
    assert isinstance(shown, TableLook)
    assert [(c.name, c.unit) for c in shown.columns] == [("NAME", ""), ("LOW", "ct/s"), ("HISTORY", "")]
    assert shown.rows == (("a", "0.5", "0 1 2 … (5)"), ("b", "1.5", "5 6 7 … (5)"))


def test_every_fits_file_has_its_headers(tmp_path: Path) -> None:
    path = pixel_file(tmp_path / "tp.fits")
    with fits.open(path, mode="update") as hdus:
        hdus[0].header["LONGSTR"] = ("it's " * 30, "a string over several cards")
        hdus[0].header["HIERARCH ESO DET"] = 5
    header = look(path).header
    assert header is not None
    assert [(hdu.name, hdu.kind, hdu.shape) for hdu in header.hdus] == [
        ("PRIMARY", "image", ()),
        ("PIXELS", "table", (20, 3)),
    ]
    cards = {card.keyword: card for card in header.hdus[0].cards}
    assert cards["TELESCOP"].value == "TESS" and cards["LONGSTR"].value == ("it's " * 30).strip()
    assert cards["ESO DET"].value == "5" and header.hdus[1].columns == ("TIME", "FLUX", "QUALITY")


def test_a_file_with_nothing_to_draw_shows_its_headers(tmp_path: Path) -> None:
    found = look(write(tmp_path / "empty.fits", [], {"TELESCOP": "HST"}))
    assert (found.kind, [item.kind for item in found.items], found.problems) == ("header", ["header"], ())


def test_zscale_is_not_led_by_a_few_bright_pixels() -> None:
    sky = np.random.default_rng(2).normal(100, 5, 5000)
    sky[:20] = 1e6
    low, high = zscale(sky)
    assert 70 < low < 100 < high < 200
    assert zscale(np.full(9, 3.0)) == (3.0, 4.0) and zscale(np.full(9, np.nan)) == (0.0, 1.0)


def test_shrinking_keeps_every_bright_pixel() -> None:
    pixels = np.zeros((317, 1001), np.float32)
    pixels[np.arange(0, 317, 13), np.arange(0, 25) * 40] = np.arange(1, 26)
    small, step = block_maximum(pixels, 40, 80)
    assert small.shape[0] <= 40 and small.shape[1] <= 80 and step == (8, 13)
    assert sorted(small[small > 0]) == list(range(1, 26))


def test_pictures_are_recognised_by_their_bytes(tmp_path: Path) -> None:
    png = tmp_path / "preview.png"
    png.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + b"\x08\x02\0\0\0")
    jpeg = tmp_path / "really_a_jpeg.fits"
    jpeg.write_bytes(
        b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x11\x08" + struct.pack(">HH", 300, 400) + b"\x03" + b"\0" * 20
    )
    found = [look(png), look(jpeg)]
    assert [f.kind for f in found] == ["picture", "picture"]
    assert [(f.items[0].format, f.items[0].shape) for f in found if isinstance(f.items[0], PictureLook)] == [
        ("PNG", (480, 640)),
        ("JPEG", (300, 400)),
    ]
    assert found[1].problems == ("Its name says FITS, but this is a JPEG picture.",)


def test_tables_as_text_are_recognised(tmp_path: Path) -> None:
    csv = tmp_path / "gaper.csv"
    csv.write_text('t0,t1,flux\n1,2,"3,5"\n4,5,6\n')
    ecsv = tmp_path / "phot.ecsv"
    ecsv.write_text(
        "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: int_mid_BJD, unit: d, datatype: float64}\n"
        "# - {name: flux, datatype: float64}\nint_mid_BJD flux\n59770.1 1.0\n59770.2 0.9\n"
    )
    vot = tmp_path / "cone.vot"
    vot.write_text(
        '<?xml version="1.0"?><VOTABLE><TABLE><FIELD name="ra" unit="deg"/><TR><TD>1</TD></TR></TABLE></VOTABLE>'
    )
    shown = [look(path).items[0] for path in (csv, ecsv, vot)]
    assert all(isinstance(item, TableLook) for item in shown)
    tables = [item for item in shown if isinstance(item, TableLook)]
    assert [item.n_rows for item in tables] == [2, 2, 1]
    assert tables[0].rows == (("1", "2", "3,5"), ("4", "5", "6"))
    assert [(c.name, c.unit) for c in tables[1].columns] == [("int_mid_BJD", "d"), ("flux", "")]
    assert [(c.name, c.unit) for c in tables[2].columns] == [("ra", "deg")]


def test_text_is_shown_as_text(tmp_path: Path) -> None:
    notes = tmp_path / "readme.txt"
    notes.write_text("first\nsecond\n")
    item = look(notes).items[0]
    assert isinstance(item, TextLook) and (item.lines, item.n_rows) == (("first", "second"), 2)
