"""A file tells by itself whether it is whole: every truncation is found, and every flipped bit where there is a sum."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from mast_tui.transfer import checks
from mast_tui.transfer.checks import Finding, inspect

from .fits_files import card, hdu, light_curve


def look(data: bytes, name: str = "x.fits") -> Finding:
    return inspect(io.BytesIO(data), len(data), name)


def test_a_fits_file_with_sums_is_proved() -> None:
    found = look(light_curve(sums=True))
    assert (found.whole, found.proved, found.why) == (True, True, "")


def test_our_sums_are_those_of_astropy(tmp_path: Path) -> None:
    fits = pytest.importorskip("astropy.io.fits")
    path = tmp_path / "a.fits"
    columns = [fits.Column("TIME", "D", array=np.arange(1000.0)), fits.Column("FLUX", "E", array=np.ones(1000))]
    parts = [fits.PrimaryHDU(), fits.ImageHDU(np.arange(12345, dtype="i2")), fits.BinTableHDU.from_columns(columns)]
    fits.HDUList(parts).writeto(path, checksum=True)
    data = path.read_bytes()
    assert look(data).proved
    at = data.rindex(b"END" + b" " * 77) + 4000
    assert "checksum" in look(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]).why


def test_without_sums_it_is_whole_but_not_proved() -> None:
    found = look(light_curve(sums=False))
    assert (found.whole, found.proved, found.why) == (True, False, "no checksum in the file")


def test_sums_in_some_parts_only_do_not_prove_the_file() -> None:
    data = hdu({"SIMPLE": True, "BITPIX": 8, "NAXIS": 0}) + hdu(
        {"XTENSION": "IMAGE", "BITPIX": 8, "NAXIS": 1, "NAXIS1": 100, "PCOUNT": 0, "GCOUNT": 1}, b"a" * 100, sums=True
    )
    assert look(data).proved
    found = look(
        data + hdu({"XTENSION": "IMAGE", "BITPIX": 8, "NAXIS": 1, "NAXIS1": 9, "PCOUNT": 0, "GCOUNT": 1}, b"b" * 9)
    )
    assert (found.whole, found.proved) == (True, False)
    assert "only 1 of 2 extensions has a checksum" in found.why


@pytest.mark.parametrize("cut", [1, 100, 2879, 2880, 2881, 5760, 9000])
def test_every_truncation_is_found(cut: int) -> None:
    data = light_curve(sums=False)
    found = look(data[:-cut])
    assert found.whole is False and not found.foreign
    assert "truncated" in found.why


@pytest.mark.parametrize("place", [0.3, 0.6, 0.99])
def test_every_flipped_bit_is_found_where_there_is_a_sum(place: float) -> None:
    data = bytearray(light_curve(sums=True))
    data[int(len(data) * place)] ^= 4
    found = look(bytes(data))
    assert found.whole is False
    assert "does not match" in found.why or "header" in found.why


def test_zeros_at_the_end_are_found_where_there_is_a_sum() -> None:
    data = light_curve(sums=True)
    assert look(data[:-5760] + bytes(5760)).whole is False


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>login please</html>", b'{"error": "unauthorized"}', b"\x1b]52;c;AAAA\x1b\\" * 20],
)
def test_something_else_under_a_fits_name_is_foreign(data: bytes) -> None:
    found = look(data)
    assert found.foreign and found.whole is False
    assert found.why.isprintable()


@pytest.mark.parametrize(
    "cards",
    [
        {"SIMPLE": True, "BITPIX": 7, "NAXIS": 0},
        {"SIMPLE": True, "BITPIX": 8},
        {"SIMPLE": True, "BITPIX": 8, "NAXIS": 1, "NAXIS1": -5},
        {"SIMPLE": True, "BITPIX": 64, "NAXIS": 2, "NAXIS1": 10**18, "NAXIS2": 10**18},
        {"SIMPLE": True, "BITPIX": 8, "NAXIS": 99999},
        {"SIMPLE": True, "BITPIX": 8, "NAXIS": 1, "NAXIS1": 10**9},
        {"SIMPLE": True, "BITPIX": "x", "NAXIS": 0},
    ],
)
def test_a_header_that_lies_costs_no_time_and_no_memory(cards: dict[str, object]) -> None:
    assert look(hdu(cards)).whole is False


def test_a_header_without_end_is_given_up() -> None:
    endless = b"".join(card("SIMPLE", True) for _ in range(36 * 1200))
    assert "40,000 cards" in look(endless).why


def test_random_groups_and_special_records_are_fits_too() -> None:
    groups = hdu(
        {"SIMPLE": True, "BITPIX": 8, "NAXIS": 2, "NAXIS1": 0, "NAXIS2": 10, "GROUPS": True, "PCOUNT": 2, "GCOUNT": 3},
        b"g" * 36,
    )
    assert look(groups).whole is True
    assert look(groups + b"special record".ljust(2880)).whole is True


def test_gzip_has_a_sum_of_its_own() -> None:
    packed = gzip.compress(light_curve(sums=False)) + gzip.compress(b"a second member") + bytes(100)
    assert look(packed, "x.fits.gz").proved
    assert "no end" in look(gzip.compress(b"x" * 10000)[:-9], "x.gz").why
    broken = bytearray(gzip.compress(np.random.default_rng(1).bytes(5000)))
    broken[2500] ^= 1
    assert look(bytes(broken), "x.gz").whole is False


def test_a_bomb_is_not_unpacked_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_MOST_UNPACKED", 1 << 22)
    found = look(gzip.compress(bytes(1 << 24)), "x.gz")
    assert (found.whole, found.proved) == (None, False)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big", bytes(1 << 24))
    assert look(file.getvalue(), "x.zip").whole is None


def test_zip_png_jpeg_and_pdf() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", b"words" * 100)
    zipped = file.getvalue()
    assert look(zipped, "x.zip").proved
    assert look(zipped.replace(b"words", b"swords"[:5], 1), "x.zip").whole is False
    assert look(zipped[:-30], "x.zip").whole is False

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"abc") + chunk(b"IDAT", b"x" * 99) + chunk(b"IEND", b"")
    assert look(png, "x.png").proved
    assert look(png[:-5], "x.png").whole is False
    assert look(png.replace(b"xxx", b"xyx", 1), "x.png").whole is False

    assert look(b"\xff\xd8\xff\xe0" + b"j" * 9000 + b"\xff\xd9", "x.jpg").whole is True
    assert look(b"\xff\xd8\xff\xe0" + b"j" * 9000, "x.jpg").whole is False
    assert look(b"%PDF-1.4" + b"p" * 9000 + b"%%EOF\n", "x.pdf").whole is True
    assert look(b"%PDF-1.4" + b"p" * 9000, "x.pdf").whole is False


def test_a_kind_without_marks_has_nothing_to_tell() -> None:
    assert look(b"anything", "notes.txt") == Finding("other", None)


def test_it_can_be_stopped() -> None:
    class Stop(Exception):
        pass

    def proceed() -> None:
        raise Stop

    data = light_curve(sums=True)
    with pytest.raises(Stop):
        inspect(io.BytesIO(data), len(data), "x.fits", proceed)
