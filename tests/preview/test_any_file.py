"""Whatever a file holds, a look at it ends in a preview that crosses, prints and draws, and in plain sentences."""

from __future__ import annotations

import json
import re
import tempfile
import warnings
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mast_tui import plot
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook, Preview, Series
from mast_tui.plot import takeaway
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.passing import from_wire, to_wire
from tests.preview.wild_files import wild_fits

#: What no terminal may be sent from a file: C0 and C1 controls, and marks that turn the direction of writing.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def looked(content: bytes, suffix: str, **asked: object) -> Preview:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"wild{suffix}"
        path.write_bytes(content)
        # in the worker numpy and astropy warn into nothing
        with warnings.catch_warnings(action="ignore"):
            return preview(path, Asked(file_name=path.name, **asked))  # type: ignore[arg-type]


def check(found: Preview) -> None:
    found = from_wire(to_wire(found))
    printed = json.dumps(found.to_json(), allow_nan=False, ensure_ascii=False)
    assert not UNSAFE.search(printed)
    for columns, rows, ascii_only in ((80, 24, False), (40, 12, True)):
        text = plot.text(found, columns, rows, ascii_only=ascii_only)
        assert not UNSAFE.search(text) and all(len(line) <= columns for line in text.splitlines())
    for problem in found.problems:
        assert problem.endswith((".", "?", "!")) and "\n" not in problem
        assert "unexpected error" not in problem
    for item in found.items[:2]:
        if isinstance(item, Series | ImageLook) and item.loaded:
            assert takeaway.to_svg(item).startswith("<")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=wild_fits(), quality=st.sampled_from(["none", "default", "hard"]))
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_any_fits_file_ends_in_a_preview(content: bytes, quality: Literal["none", "default", "hard"]) -> None:
    check(looked(content, ".fits", quality=quality))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=wild_fits(), hdu=st.integers(0, 4), row=st.none() | st.integers(0, 9), plane=st.none() | st.integers(0, 9)
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_what_is_asked_of_any_file_is_shown_or_refused(
    content: bytes, hdu: int, row: int | None, plane: int | None
) -> None:
    try:
        check(looked(content, ".fits", hdu=hdu, row=row, plane=plane, column="FLUX"))
    except InvalidQuery as error:
        assert not UNSAFE.search(str(error))
