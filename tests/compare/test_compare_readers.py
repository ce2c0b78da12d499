"""On every real file that lightkurve and specutils read, ours gives their numbers; both are optional."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.compare.compare_readers import Numbers, Row, compared, numbers

DATA = Path(os.environ.get("MAST_TUI_REAL_DATA", "../shared/data"))


def test_every_file_that_the_peers_read_gives_their_numbers() -> None:
    pytest.importorskip("lightkurve")
    pytest.importorskip("specutils")
    if not DATA.is_dir():
        pytest.skip("the folder of real files is not here")
    rows = list(compared(DATA))
    assert {row.library for row in rows} == {"lightkurve", "specutils"}
    assert [row for row in rows if not (row.equal or row.explained)] == []


def test_a_difference_is_seen_and_only_a_missing_mask_explains_it() -> None:
    theirs = numbers([1.0, 2.0, 3.0, float("nan")], [5.0, 6.0, 7.0, 8.0])
    assert theirs == Numbers(3, 1.0, 3.0, 6.0)
    fewer = numbers([1.0, 2.0], [5.0, 6.0])
    assert Row("specutils", "a", theirs, theirs, theirs).equal
    assert (
        not Row("specutils", "a", theirs, fewer, theirs).equal
        and Row("specutils", "a", theirs, fewer, theirs).explained
    )
    assert not Row("lightkurve", "a", theirs, fewer, theirs).explained
    assert not Row("specutils", "a", theirs, fewer, fewer).explained
    assert not Row("specutils", "a", theirs, None, None).explained
