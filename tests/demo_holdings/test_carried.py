"""The real files that the package carries are the ones that SOURCES.md names, unchanged, and they open."""

from __future__ import annotations

import hashlib
import re
import warnings

import pytest
from astropy.io import fits

from mast_tui.demo.datasets.carried import FOLDER
from mast_tui.demo.holdings import FileContent

from .reading import bytes_of, observations


def sources() -> dict[str, tuple[int, str]]:
    """File name to its length and sha256, from the table."""
    lines = (FOLDER / "SOURCES.md").read_text(encoding="utf-8").splitlines()
    cells = [
        [c.strip() for c in line.strip("|").split("|")] for line in lines if re.search(r"\|\s*[0-9a-f]{64}\s*\|", line)
    ]
    return {c[0]: (int(c[1]), c[-1]) for c in cells}


def test_the_folder_holds_exactly_the_files_of_the_table_and_no_more_than_six_megabytes() -> None:
    there = {path.name: path for path in FOLDER.iterdir() if path.name != "SOURCES.md"}
    assert set(there) == set(sources())
    assert sum(path.stat().st_size for path in there.values()) <= 6_000_000
    for name, (length, digest) in sources().items():
        data = there[name].read_bytes()
        assert len(data) == length
        assert hashlib.sha256(data).hexdigest() == digest


def test_every_carried_file_is_listed_once_as_real_and_served_as_it_is() -> None:
    found = {}
    for held in observations():
        for product in held.products():
            if isinstance(product.content, FileContent):
                assert "real public file, carried by the demo" in str(product.row["description"])
                assert "SIMULATED" not in str(held.row["obs_title"])
                found[product.content.path.name] = hashlib.sha256(bytes_of(product)).hexdigest()
    assert found == {name: digest for name, (_, digest) in sources().items()}


@pytest.mark.parametrize("name", [n for n in sources() if n.endswith(".fits")])
def test_a_carried_fits_file_opens(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # real headers have real blemishes
        with fits.open(FOLDER / name) as hdus:
            assert len(hdus[1].data) > 0
