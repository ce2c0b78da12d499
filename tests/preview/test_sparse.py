"""A file with holes: what was not fetched is never read as data, and is told apart from what was cut off."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.core.look_store import joined, missing
from mast_tui.preview.cards import edited
from mast_tui.preview.guard import NotFetched, walk
from mast_tui.preview.headers import parse
from mast_tui.preview.sparse import SparseFile, condense

N = 300
SPANS = st.lists(st.tuples(st.integers(0, N), st.integers(0, N)).map(sorted), max_size=6)
#: What is in the holes: bytes that the file does not have.
TRUTH, HOLE = bytes(range(1, 101)) * 3, 0xFF


@given(SPANS, st.integers(0, N), st.integers(0, N))
def test_no_byte_is_read_that_was_not_fetched(spans: list[list[int]], start: int, size: int) -> None:
    held = bytearray([HOLE]) * N
    there = set[int]()
    for a, b in spans:
        held[a:b] = TRUTH[a:b]
        there.update(range(a, b))
    file = SparseFile(io.BytesIO(held), spans, N)
    file.seek(start)
    wanted = range(start, min(start + size, N))
    if there.issuperset(wanted):
        assert file.read(size) == TRUTH[start : start + size]
    else:
        with pytest.raises(NotFetched) as caught:
            file.read(size)
        assert caught.value.start == next(k for k in wanted if k not in there)


@given(SPANS, SPANS)
def test_what_is_missing_is_what_was_wanted_and_is_not_known(known: list[list[int]], wanted: list[list[int]]) -> None:
    def bytes_of(spans: object) -> set[int]:
        return {k for a, b in spans for k in range(a, b)}  # type: ignore[attr-defined]

    gaps = missing(known, wanted)
    assert bytes_of(gaps) == bytes_of(wanted) - bytes_of(known)
    assert joined(gaps) == gaps


def test_not_fetched_is_not_cut_off(tmp_path: Path) -> None:
    out = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(np.zeros((100, 100), np.float32), name="SCI")]).writeto(out)
    whole = out.getvalue()
    cut = walk(io.BytesIO(whole[:9000]), 9000)
    assert "cut off" in cut.problem and cut.next_bytes is None
    far = walk(SparseFile(io.BytesIO(whole[:2880]), [(0, 2880)], len(whole)), len(whole))  # type: ignore[arg-type]
    assert not far.problem and far.next_bytes == (2880, 5760) and len(far.hdus) == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 40), st.integers(1, 9), st.integers(1, 12))
def test_rows_of_any_stride_are_the_files_rows(first: int, step: int, count: int) -> None:
    """A table with long rows whose values say their number; only its headers and the rows asked for are there."""
    import tempfile

    n, width = 64, 6000
    table = fits.BinTableHDU.from_columns(
        [fits.Column("FLUX", f"{width}E", array=np.repeat(np.arange(n, dtype=np.float32), width).reshape(n, width))]
    )
    out = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), table]).writeto(out)
    whole = out.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        data, target = Path(folder) / "t.fits", Path(folder) / "small.fits"
        known: list[tuple[int, int]] = [(0, 10)]
        for _ in range(4):
            held = bytearray(b"\xff" * len(whole))
            for a, b in known:
                held[a:b] = whole[a:b]
            data.write_bytes(held)
            aim = {"hdu": 1, "rows": (first, step, count), "row": None, "plane": None, "window": None}
            answer = condense(str(data), known, len(whole), True, str(target), **aim)
            if "need" not in answer:
                break
            # the headers' requests bring what follows them too; here they bring no more than is needed
            known = joined([*known, *((a, min(b, a + 5760) if a < 5760 else b) for a, b in answer["need"])])
        with fits.open(target) as small:
            got = small[1].data["FLUX"]
            expected = np.arange(first, n, step)[:count]
            assert got.shape == (len(expected), width)
            assert (got == expected[:, None]).all()


def test_cards_are_changed_removed_and_added() -> None:
    header = fits.Header({"SIMPLE": True, "NAXIS2": 10, "CHECKSUM": "abc", "OBJECT": "x"}).tostring().encode()
    changed = parse(edited(header, {"NAXIS2": 3, "CHECKSUM": None, "CRPIX2": -1.5}))
    assert dict(changed.values) == {"SIMPLE": True, "NAXIS2": 3, "OBJECT": "x", "CRPIX2": -1.5}
    assert len(edited(header, {})) % 2880 == 0
