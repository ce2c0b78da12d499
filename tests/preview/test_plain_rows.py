"""Tables read straight from their bytes hold what astropy finds there; what is not plain comes from astropy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.preview import plain_rows
from mast_tui.preview.fits_file import FitsFile
from tests.preview.made_files import table, write


def every_kind(path: Path) -> Path:
    """A table with a column of each kind that FITS has, and two rows."""
    counts = np.array([0, 65535], np.uint16)
    flags = np.array([[1, 2**31], [2**32 - 1, 0]], np.uint32)
    long = np.array([2**63 + 5, 7], np.uint64)
    columns = [
        fits.Column("WORDS", "6A", array=["FUVA  ", "b"]),
        fits.Column("GOOD", "L", array=[True, False]),
        fits.Column("BYTES", "3B", array=np.arange(6).reshape(2, 3)),
        fits.Column("SHORT", "I", array=[-5, 5]),
        fits.Column("WAVE", "4D", array=np.arange(8.0).reshape(2, 4)),
        fits.Column("IMAGE", "6E", array=np.arange(12.0).reshape(2, 2, 3), dim="(3,2)"),
        fits.Column("EMPTY", "0E", array=np.zeros((2, 0))),
        fits.Column("COUNTS", "I", bzero=2**15, array=counts),
        fits.Column("FLAGS", "2J", bzero=2**31, array=flags),
        fits.Column("LONG", "K", bzero=2**63, array=long),
        fits.Column("SCALED", "I", array=[2, 5]),
        fits.Column("BITS", "11X", array=np.eye(2, 11, dtype=bool)),
        fits.Column("PAIR", "C", array=[1 + 2j, 3j]),
        fits.Column("LIST", "PE()", array=np.array([np.ones(2), np.ones(3)], dtype=object)),
        fits.Column("lower", "E", array=[1.5, np.nan]),
    ]
    hdu = fits.BinTableHDU.from_columns(columns, name="ALL")
    hdu.header["TSCAL11"], hdu.header["TZERO11"] = 0.5, 10.0
    return write(path, [hdu])


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_every_kind_of_column_is_as_astropy_reads_it(tmp_path: Path, suffix: str) -> None:
    path = every_kind(tmp_path / f"all.fits{suffix}")
    with FitsFile(path) as file, fits.open(path) as hdus:
        found, wanted = file.table(file.walk.hdus[1]), hdus[1].data
        assert found.n_rows == 2
        for name in hdus[1].columns.names:
            ours, theirs = found.raw(name.upper()), np.asarray(wanted.field(name))
            assert ours.shape == theirs.shape, name
            if name == "LIST":
                assert [len(row) for row in ours] == [len(row) for row in theirs]
            else:
                assert np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f"), name


def test_astropy_is_not_asked_for_plain_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = every_kind(tmp_path / "all.fits")
    asked: list[int] = []
    original = FitsFile._parsed

    def parsed(self: FitsFile, hdu: Any) -> Any:
        asked.append(hdu.index)
        return original(self, hdu)

    monkeypatch.setattr(FitsFile, "_parsed", parsed)
    with FitsFile(path) as file:
        found = file.table(file.walk.hdus[1])
        assert found.numbers("WAVE", 1).tolist() == [4, 5, 6, 7] and found.raw("WORDS").tolist() == ["FUVA", "b"]
        assert asked == []
        assert found.numbers("SCALED").tolist() == [11.0, 12.5] and asked == [1]


def test_a_header_that_does_not_add_up_is_left_to_astropy(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.fits", [table([("A", "D", np.ones(4)), ("B", "E", np.ones(4))])])
    with FitsFile(path) as file:
        hdu = file.walk.hdus[1]
        whole = plain_rows.plain_rows(file._file, hdu, file.columns(hdu), lambda: None)
        assert whole is not None and len(whole) == 4
    content = path.read_bytes().replace(b"TFORM2  = 'E       '", b"TFORM2  = 'D       '")
    path.write_bytes(content)
    with FitsFile(path) as file:
        hdu = file.walk.hdus[1]
        assert plain_rows.plain_rows(file._file, hdu, file.columns(hdu), lambda: None) is None


def test_of_a_table_that_was_cut_off_the_whole_rows_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "cut.fits", [table([("A", "D", np.arange(1000.0))])])
    with FitsFile(path) as file:
        start = file.walk.hdus[1].data_offset
    path.write_bytes(path.read_bytes()[: start + 8 * 10 + 3])
    with FitsFile(path) as file:
        assert file.table(file.walk.hdus[1]).numbers("A").tolist() == list(range(10))
