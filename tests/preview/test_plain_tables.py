"""Tables that are not FITS are tables, and curves where their columns say so."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from astropy.table import Column, MaskedColumn, Table

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Preview, Series, TableLook
from mast_tui.plot import text as in_text
from mast_tui.preview import Previewer
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview


def look(path: Path, **asked: object) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


def table_of(found: Preview) -> TableLook:
    item = next(item for item in found.items if isinstance(item, TableLook))
    return item


def test_a_white_light_table_of_jwst_is_a_light_curve(tmp_path: Path) -> None:
    path = tmp_path / "jw01366_whtlt.ecsv"
    time = 59791.1 + np.arange(30) / 1000
    Table(
        {
            "MJD_UTC": Column(time, unit="d"),
            "BJD_TDB": Column(time + 0.004, unit="d"),
            "whitelight_flux": Column(0.2 + 0.001 * np.arange(30), unit="Jy"),
        },
        meta={"instrument": "NIRSPEC"},
    ).write(path, format="ascii.ecsv")
    found = look(path)
    curve = found.items[0]
    assert isinstance(curve, Series) and found.kind == "lightcurve"
    assert (curve.y_axis.name, curve.y_axis.unit, curve.n_good) == ("whitelight_flux", "Jy", 30)
    assert curve.x_axis.name == "BJD_TDB" and curve.time is not None and curve.time.offset_jd == 2_400_000.5
    assert table_of(found).n_rows == 30


def test_the_orders_of_a_soss_table_are_curves_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "soss_whtlt.ecsv"
    Table(
        {
            "MJD_UTC": 59791.1 + np.arange(9) / 1000,
            "whitelight_flux_order_1": np.ones(9),
            "whitelight_flux_order_2": np.full(9, 0.3),
        }
    ).write(path, format="ascii.ecsv")
    assert [(s.y_axis.name, s.summary.y_median) for s in look(path).series] == [
        ("whitelight_flux_order_1", 1.0),
        ("whitelight_flux_order_2", 0.3),
    ]


def test_aperture_photometry_of_jwst_comes_with_its_error(tmp_path: Path) -> None:
    path = tmp_path / "jw_phot.ecsv"
    Table({"MJD": 59791.1 + np.arange(5) / 99, "net_aperture_sum": np.ones(5), "net_aperture_sum_err": np.ones(5) / 9}
          ).write(path, format="ascii.ecsv")  # fmt: skip
    curve = look(path).series[0]
    assert (curve.product, curve.error_name) == ("JWST aperture photometry", "net_aperture_sum_err")


def test_every_table_of_a_votable_is_parsed_with_units_and_missing_values(tmp_path: Path) -> None:
    path = tmp_path / "answer.vot"
    one = Table(
        {"ra": Column([1.0, 2.0, 3.0], unit="deg"), "mag": MaskedColumn([9.0, 5.0, 7.0], mask=[True, False, False])}
    )
    one.write(path, format="votable", table_id="stars")
    found = look(path)
    shown = table_of(found)
    assert (found.kind, shown.n_rows, [c.name for c in shown.columns]) == ("table", 3, ["ra", "mag"])
    assert (shown.columns[0].unit, shown.columns[0].median) == ("deg", 2.0)
    assert (shown.columns[1].low, shown.columns[1].high) == (5.0, 7.0), "the masked 9 does not count"
    with pytest.raises(InvalidQuery, match="no table 1"):
        look(path, hdu=1)


def test_a_spectrum_in_a_votable_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "spectrum.vot"
    Table({"WAVELENGTH": Column(np.linspace(120.0, 130, 40), unit="nm"), "FLUX": np.full(40, 2e-14)}).write(
        path, format="votable"
    )
    spectrum = look(path).series[0]
    assert (spectrum.kind, spectrum.n_good, spectrum.summary.x_max) == ("spectrum", 40, 130.0)


def test_tables_without_a_name_are_not_called_by_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "stars.csv"
    path.write_text("name,mag\na,1\nb,2\n")
    assert [item.name for item in look(path).items] == ["table"]
    assert in_text(look(path)).startswith("table · stars.csv")
    two = tmp_path / "two.vot"
    part = '<TABLE><FIELD name="a" datatype="int"/><DATA><TABLEDATA><TR><TD>1</TD></TR></TABLEDATA></DATA></TABLE>'
    two.write_text(f'<?xml version="1.0"?><VOTABLE version="1.4"><RESOURCE>{part}{part}</RESOURCE></VOTABLE>')
    assert [item.name for item in look(two).items] == ["table", "table 1"]


def test_a_gphoton_table_is_a_light_curve_in_galex_time(tmp_path: Path) -> None:
    path = tmp_path / "gphoton.csv"
    rows = [f"{741010221.8 + 10 * k},{1e-15 * (k + 1)},1e-16,{17.5},{4.0 if k == 2 else 0.0}" for k in range(8)]
    path.write_text("t_mean,flux_bgsub,flux_bgsub_err,mag_bgsub,flags\n" + "\n".join(rows) + "\n")
    curve = look(path).series[0]
    assert (curve.n_rows, curve.n_good, curve.y_axis.unit) == (8, 7, "erg/s/cm2/A")
    assert curve.quality is not None and curve.quality.flags[0].meaning == "Less than half of the bin was exposed"
    # 741,010,221.8 s after 1980-01-06 00:00 UTC is 2003-06-30 12:10:21.8
    assert curve.time is not None
    assert curve.summary.x_min + curve.time.offset_jd == pytest.approx(2452821.0072, abs=1e-4)
    magnitudes = look(path, column="mag_bgsub").series[0]
    assert magnitudes.y_axis.upside_down and not curve.y_axis.upside_down


def test_two_columns_of_numbers_are_a_table_and_by_its_name_a_light_curve(tmp_path: Path) -> None:
    text = "# time flux\n" + "\n".join(f"{2000.0 + k / 48} {1e4 + k}" for k in range(12)) + "\n"
    plain = tmp_path / "numbers.txt"
    plain.write_text(text)
    assert look(plain).kind == "table"
    named = tmp_path / "hlsp_k2gap_k2_lightcurve_201121245-c01_kepler_v1_ts.txt"
    named.write_text(text)
    curve = look(named).series[0]
    assert (curve.product, curve.n_good) == ("K2GAP light curve", 12)
    assert curve.time is not None and curve.time.offset_jd == 2_454_833.0


def test_a_text_of_words_stays_a_text(tmp_path: Path) -> None:
    path = tmp_path / "readme.txt"
    path.write_text("Some words here.\nAnd 3 more there.\nThe end of it\n")
    assert look(path).kind == "text"


def test_a_table_that_cannot_be_parsed_says_so_and_shows_its_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "broken.ecsv"
    path.write_text("# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: nonsense}\na b\n1 2\n3 4\n")
    found = look(path)
    assert found.kind == "table" and "could not be parsed" in " ".join(found.items[0].notes)


def test_an_empty_cell_is_a_missing_number(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("name,period\nWASP-18,0.94\nunknown,\nWASP-19,0.79\n")
    shown = table_of(look(path))
    assert (shown.columns[1].low, shown.columns[1].high) == (0.79, 0.94)
    assert np.isnan(shown.columns[0].low) and shown.rows[0] == ("WASP-18", "0.94")


def test_a_packed_table_is_read_as_the_table_it_is(tmp_path: Path) -> None:
    path = tmp_path / "hlsp_curve.csv.gz"
    path.write_bytes(gzip.compress(b"time,flux,flux_err\n" + b"".join(b"%d,%d,1\n" % (k, 9 + k) for k in range(5))))
    found = look(path)
    assert (found.kind, found.problems, found.n_bytes) == ("lightcurve", (), path.stat().st_size)
    assert found.series[0].y.tolist() == [9, 10, 11, 12, 13] and table_of(found).n_rows == 5
    votable = tmp_path / "table.vot.gz"
    Table({"ra": [1.5, 2.5]}).write(tmp_path / "table.vot", format="votable")
    votable.write_bytes(gzip.compress((tmp_path / "table.vot").read_bytes()))
    assert [row[0] for row in table_of(look(votable)).rows] == ["1.5", "2.5"]


@pytest.mark.parametrize("head", ["#,mission,year", "# number,mission,year"])
def test_a_header_that_is_written_as_a_comment_is_the_header(tmp_path: Path, head: str) -> None:
    """lightkurve's search results begin with "#,mission,…"."""
    path = tmp_path / "search.csv"
    path.write_text(f"# made by hand\n{head}\n0,TESS Sector 14,2019\n1,TESS Sector 15,2019\n")
    shown = table_of(look(path))
    assert [column.name for column in shown.columns] == [head[0] if head[1] == "," else "number", "mission", "year"]
    assert shown.n_rows == 2 and shown.rows[0][1] == "TESS Sector 14"


def test_values_between_tabs_are_a_table_too(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("name\twords, or none\nWASP-18\ta, b\nWASP-19\t\n")
    shown = table_of(look(path))
    assert [column.name for column in shown.columns] == ["name", "words, or none"] and shown.n_rows == 2


def test_a_comment_above_a_header_stays_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("# made today, by hand\nname,period\nWASP-18,0.94\n")
    assert [column.name for column in table_of(look(path)).columns] == ["name", "period"]


async def test_a_votable_that_grows_without_end_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "bomb.vot"
    entities = "".join(f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' for k in range(1, 12))
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE VOTABLE [<!ENTITY e0 "ha">{entities}]>'
        '<VOTABLE version="1.4"><RESOURCE><TABLE name="&e11;"><DESCRIPTION>&e11;</DESCRIPTION></TABLE>'
        "</RESOURCE></VOTABLE>"
    )
    previewer = Previewer()
    found = await previewer.look(path, deadline_s=15)
    await previewer.close()
    words = " ".join((*found.problems, *(note for item in found.items for note in item.notes)))
    assert "could not be parsed" in words or found.kind == "unreadable", words


def test_numbers_are_written_with_the_digits_they_were_stored_with(tmp_path: Path) -> None:
    path = tmp_path / "list.fits"
    Table({"AV": np.array([33.3, 4.1], np.float32), "BJD": [2457000.12345678, 2457001.5]}).write(path)
    assert table_of(look(path)).rows == (("33.3", "2457000.12345678"), ("4.1", "2457001.5"))


def test_names_that_python_takes_for_numbers_stay_names(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("visit,flux\n2018_01,1\n2018_02, 2 \n")
    shown = table_of(look(path))
    assert [row[0] for row in shown.rows] == ["2018_01", "2018_02"] and shown.columns[1].high == 2
