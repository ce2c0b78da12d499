"""The small FITS writer: what it writes is what astropy reads, and a size is promised before any pixel is made."""

from __future__ import annotations

import gzip
import io
import warnings
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.demo.datasets.gzipped import Gzipped
from mast_tui.demo.fits import Column, FitsFile, Image, Table, TiledFits, cards


def read_back(content: FitsFile | TiledFits) -> fits.HDUList:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return fits.open(io.BytesIO(content.read(0, content.size + 10)), checksum=True, uint=True)


def test_cards_keep_their_values_types_and_comments() -> None:
    header = cards(
        """
        NAME    = 'it''s {who}' / a quote in a text
        COUNT   = {count} / a number that is filled in
        SMALL   = 1.5E-20
        YES     = T
        NOTHING = / undefined
                  / A HEADING
        COMMENT SIMULATED for {who}
        """,
        who="me",
        count=7,
    )
    found = read_back(FitsFile([Image(header)], lambda: [None]))[0].header
    assert (found["NAME"], found["COUNT"], found["SMALL"], found["YES"]) == ("it's me", 7, 1.5e-20, True)
    assert found["NOTHING"] is None
    assert found.comments["COUNT"] == "a number that is filled in"
    assert "SIMULATED for me" in str(found["COMMENT"])


def test_a_value_that_does_not_fit_a_card_is_refused() -> None:
    with pytest.raises(ValueError, match="TITLE does not fit"):
        FitsFile([Image(cards("TITLE = '{t}'", t="x" * 90))], lambda: [None]).read(0, 1)


def test_a_table_gives_back_vectors_text_and_unsigned_numbers() -> None:
    columns = [
        Column("TIME", "D", "BJD - 2457000, days", "D14.7"),
        Column("FLUX", "6E", "e-/s", dim="(3,2)"),
        Column("DQ", "J", zero=2**31),
        Column("SEGMENT", "4A"),
    ]
    flux = np.arange(24.0).reshape(4, 2, 3)
    data: dict[str, Any] = {
        "TIME": [1.5, np.nan, 3, 4],
        "FLUX": flux,
        "DQ": [0, 1, 2**31, 2**32 - 1],
        "SEGMENT": np.array([b"FUVA", b"FUVB", b"A", b""]),
    }
    table = Table(columns, 4, cards("EXTNAME = 'LIGHTCURVE'"))
    found = read_back(FitsFile([Image([]), table], lambda: [None, data]))["LIGHTCURVE"]
    assert found.columns["TIME"].unit == "BJD - 2457000, days"
    assert np.isnan(found.data["TIME"][1])
    assert np.array_equal(found.data["FLUX"], flux)
    assert found.data["DQ"].tolist() == [0, 1, 2**31, 2**32 - 1]
    assert found.data["SEGMENT"].tolist() == ["FUVA", "FUVB", "A", ""]


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(0, 300),
    side=st.integers(1, 60),
    extra=st.integers(0, 80),
    kind=st.sampled_from(["f4", "i2", "i4"]),
)
def test_the_promised_size_is_the_size_and_the_checksums_hold(rows: int, side: int, extra: int, kind: str) -> None:
    header = [(f"KEY{n}", n, "") for n in range(extra)]
    table = Table([Column("X", "D"), Column("V", "3E")], rows, [])
    data = {"X": np.arange(rows), "V": np.ones((rows, 3))}
    pixels = np.random.default_rng(side).integers(-100, 100, (side, side + 1))
    made = FitsFile([Image(header), table, Image([], pixels.shape, kind)], lambda: [None, data, pixels])
    promised = made.size
    assert len(made.read(0, promised + 1000)) == promised
    assert np.array_equal(read_back(made)[2].data, pixels)


@settings(max_examples=25, deadline=None)
@given(side=st.integers(1, 150), cuts=st.lists(st.integers(0, 500_000), min_size=2, max_size=6))
def test_a_tiled_file_reads_the_same_from_any_offset_and_its_checksums_hold(side: int, cuts: list[int]) -> None:
    planes = [
        Image([], (side, 2 * side), "f4"),
        Image([], (2, side, side), "i2", True),
        Image([], (side, 3), "i2", flags=True),
    ]
    made = TiledFits([Image([]), *planes], 100.0, 5.0)
    whole = made.read(0, made.size)
    assert len(whole) == made.size
    places = sorted(min(c, made.size) for c in cuts)
    for start, stop in pairwise(places):
        assert made.read(start, stop - start) == whole[start:stop]
    assert made.read(made.size + 5, 10) == b""
    found = read_back(made)
    assert 90 < np.median(found[1].data) < 110
    assert 90 < np.median(found[2].data) < 110
    assert not found[3].data.any()


def test_a_stored_gzip_opens_and_has_the_length_it_promised() -> None:
    inner = TiledFits([Image([], (300, 200), "f4")])
    packed = Gzipped(inner)

    assert len(packed.read(0, 10**9)) == packed.size
    assert gzip.decompress(packed.read(0, packed.size)) == inner.read(0, inner.size)


def test_only_the_last_files_stay_in_memory_and_the_etag_outlives_them() -> None:
    times_made: list[int] = []

    def make(number: int) -> FitsFile:
        def data() -> list[Any]:
            times_made.append(number)
            return [np.full((4, 4), number)]

        return FitsFile([Image([], (4, 4), "i4")], data)

    files = [make(n) for n in range(40)]
    etags = [f.etag for f in files]
    assert len(set(etags)) == 40
    assert len(times_made) == 40
    assert files[39].read(2880, 4) == (39).to_bytes(4, "big")
    assert len(times_made) == 40, "the newest is still there"
    assert files[0].read(2880, 4) == (0).to_bytes(4, "big")
    assert files[0].etag == etags[0]
    assert len(times_made) == 41, "the oldest was made again"
