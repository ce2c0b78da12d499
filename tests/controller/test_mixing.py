"""Mixed versions are told before a fetch, by the archive's list, and after it and by `verify`, by the headers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from astropy.io import fits

from mast_tui.controller import describe, mixed_in_record, mixed_on_disk, plan_as_json
from mast_tui.controller.plan import plan_items
from mast_tui.core.fetch import FetchItem
from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.transfer import verify

EXPOSURE = "jw01243001001_01101_0000{}_nrca5_cal.fits"


def items(*versions: str) -> list[FetchItem]:
    names = [EXPOSURE.format(n) for n in range(len(versions))]
    return [
        FetchItem(f"mast:JWST/product/{name}", name, 1, "JWST", product_type="SCIENCE", calib_level=2, version=version)
        for name, version in zip(names, versions, strict=True)
    ]


def test_a_plan_warns_of_what_is_mixed(tmp_path: Path) -> None:
    plan = plan_items(items("1.8.2", "1.12.5", "1.12.5"), tmp_path)
    warned = [said.text for said in describe(plan, logged_in=True) if said.warns]
    assert len(warned) == 1 and "JWST NIRCam: made by 2 versions" in warned[0]
    assert plan_as_json(plan, logged_in=True)["mixed"] == warned
    assert plan_items(items("1.12.5", "1.12.5"), tmp_path).mixed == ()


def test_of_a_record_the_headers_count_and_only_files_that_were_had() -> None:
    def record(n: int, calibration: str, state: str = "done") -> FileRecord:
        item = items(*["1.12.5"] * (n + 1))[n]
        return FileRecord(
            item.uri, item.path, state, product_type="SCIENCE", calib_level=2, version="1.12.5", calibration=calibration
        )

    def manifest(*files: FileRecord) -> Manifest:
        return Manifest("x", "", "", "", "", "", files=files)

    assert mixed_in_record(manifest(record(0, "1.8.2, jwst_0801.pmap"), record(1, "1.12.5, jwst_1084.pmap")))
    assert mixed_in_record(manifest(record(0, "1.8.2"), record(1, "1.8.2"))) == ()
    assert mixed_in_record(manifest(record(0, "1.8.2"), record(1, "1.12.5", "failed"))) == ()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two exposures as astroquery leaves them, calibrated by two versions, without any record."""
    made = tmp_path / "mastDownload" / "JWST"
    made.mkdir(parents=True)
    for n, version in enumerate(("1.8.2", "1.12.5")):
        primary = fits.PrimaryHDU()
        primary.header["TELESCOP"], primary.header["CAL_VER"] = "JWST", version
        primary.writeto(made / EXPOSURE.format(n))
    return tmp_path


def test_a_folder_without_a_record_is_judged_by_its_headers(folder: Path) -> None:
    (said,) = mixed_on_disk(verify(folder))
    assert said.startswith("JWST NIRCam: made by 2 versions of the pipeline or its data: 1.8.2 (1); 1.12.5 (1).")


def test_what_became_something_else_after_the_check_is_left_alone(folder: Path) -> None:
    report = verify(folder)
    path = folder / "mastDownload" / "JWST" / EXPOSURE.format(0)
    path.unlink()
    os.mkfifo(path)  # opening it would wait for ever
    assert mixed_on_disk(report) == ()
