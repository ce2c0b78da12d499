"""`mast-tui provenance`: where a file comes from, of the archive's list, and offline of what is on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import Command

DATA = Path(__file__).parents[3] / "shared" / "data"
HUBBLE, WEBB = "jsim01010", "jw99002-o001_t001_nircam_clear-f115w"


def test_an_observation_of_hubble_from_its_proposal_to_the_combined_image(mast: Command) -> None:
    ran = mast("provenance", HUBBLE)
    assert ran.code == 0
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "HST proposal 99001",
        "└─ visit jsim01",
        "   ├─ jsim01a1q  exposure, EXP-DTH",
        "   │  └─ jsim01a1q_raw.fits  raw (level 1) · listed as CALACS · 134 MB",
        "   │     └─ jsim01a1q_flt.fits  calibrated (level 2) · listed as CALACS · 168 MB",
        "   ├─ jsim01b1q  exposure, EXP-DTH",
        "   │  └─ jsim01b1q_raw.fits  raw (level 1) · listed as CALACS · 134 MB",
        "   │     └─ jsim01b1q_flt.fits  calibrated (level 2) · listed as CALACS · 168 MB",
        "   └─ jsim01010  combines 2 exposures: jsim01a1q, jsim01b1q",
        "      ├─ jsim01010_drz.fits  combined (level 3) · listed as CALACS · 5.9 MB",
        "      ├─ jsim01010_asn.fits  association (level 1) · listed as CALACS · 11.5 kB",
        "      └─ 2 more  1 preview, 1 thumbnail",
    ]


def test_a_file_of_webb_s_is_found_in_its_observation(mast: Command) -> None:
    name = "jw99002001001_02101_00002_nrcalong_cal.fits"
    tree = mast("provenance", f"mast:JWST/product/{name}", "--json").json
    assert tree["notes"] == []
    (proposal,) = tree["tree"]
    assert proposal["name"] == "JWST proposal 99002"
    observation = proposal["children"][-1]
    exposures = [n for n in observation["children"] if n["words"] == "exposure, science"]
    assert len(exposures) == 3
    uncal = exposures[1]["children"][0]
    rate = uncal["children"][0]
    assert [uncal["level"], rate["level"], rate["children"][0]["level"]] == [1, 2, 2]
    assert rate["children"][0]["asked"] and rate["children"][0]["name"] == name
    combined = next(n for n in observation["children"] if n["words"].startswith("combines 3 exposures"))
    assert combined["children"][0]["product_type"] == "SCIENCE"
    assert combined["children"][0]["listed_version"] == "1.19.1"


def test_an_association_under_exclusive_access_is_said_to_be_that(mast: Command) -> None:
    ran = mast("provenance", "jw01979-o002_t001_nircam_clear-f150w2")
    assert ran.code == 0
    assert "combines" not in ran.out
    assert "_asn.json can't be read: The archive does not give this file (401)" in ran.err


def test_what_was_fetched_is_marked_as_here_with_the_version_of_its_header(mast: Command, tmp_path: Path) -> None:
    observation = "tess2018206045859-s0001-0000000261136679-0120-s"
    uri = f"mast:TESS/product/{observation}_lc.fits"
    assert mast("get", uri, "--to", str(tmp_path / "data")).code == 0
    ran = mast("provenance", uri)
    assert ran.code == 0
    (curve,) = [line for line in ran.out.splitlines() if "_lc.fits *" in line]
    assert "calibrated (level 3) · here · spoc-" in curve and "data release" in curve
    (pixels,) = [line for line in ran.out.splitlines() if "_tp.fits" in line]
    assert "here" not in pixels
    # the same offline, by the file and the record of its fetch
    (file,) = (tmp_path / "data").rglob("*_lc.fits")
    offline = mast("provenance", str(file), env={"MAST_TUI_ARCHIVE": "http://127.0.0.1:9"})
    assert offline.code == 0
    assert "_tp.fits  calibrated · not listed, not here" in offline.out
    assert "_lc.fits *  calibrated" in offline.out
    assert mast("provenance", str(file), "--json").json["tree"][0]["name"] == "TIC 261136679 · sector 1"


def test_a_folder_of_hubble_s_with_its_association_file_needs_no_archive(mast: Command, tmp_path: Path) -> None:
    fetched = mast("get", "mast:HST/product/jsim01010_asn.fits", "--to", str(tmp_path / "a"))
    assert fetched.code == 0
    (asn,) = (tmp_path / "a").rglob("*_asn.fits")
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(asn, folder)
    for name in ("jsim01a1q_flt.fits", "jsim01010_drz.fits", "ksim99a1q_flt.fits"):
        (folder / name).write_bytes(b"")
    ran = mast("provenance", str(folder / "jsim01010_drz.fits"), env={"MAST_TUI_ARCHIVE": "http://127.0.0.1:9"})
    assert ran.code == 0
    assert "jsim01010  combines 2 exposures: jsim01a1q, jsim01b1q" in ran.out
    assert "jsim01b1q  exposure, EXP-DTH · not listed, not here" in ran.out
    assert "ksim99" not in ran.out, "another visit's file is none of it"


def test_ascii_where_boxes_can_not_be_written(mast: Command) -> None:
    for env in ({"MAST_TUI_PLOT": "ascii"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}):
        ran = mast("provenance", HUBBLE, env=env)
        assert ran.code == 0 and ran.out.isascii() and "`- jsim01010" in ran.out


def test_what_is_nowhere_gets_a_sentence(mast: Command, tmp_path: Path) -> None:
    for words, code in (("nothing-of-that-name", 1), (str(tmp_path / "x.fits"), 1), (str(tmp_path), 1)):
        ran = mast("provenance", words)
        assert ran.code == code and ran.err.startswith("mast-tui: ")
    unlisted = mast("provenance", "mast:HST/product/jsim01z9q_flt.fits")
    assert unlisted.code == 0
    assert "No observation that its name points to lists this file" in unlisted.err
    assert "jsim01z9q_raw.fits  raw · not listed, not here" in unlisted.out


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the collection of real files")
@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("hst/nicmos/HST_NICMOS.fits", ["HST proposal 7215", "n4hk12010_mos.fits *  combined · here · Version 2.7"]),
        (
            "hst/cos/MRK209_cos_x1dsum.fits",
            ["HST proposal 17515", "lf9g01010_x1dsum.fits *  combined · here · 3.6.0, hst_1260.pmap"],
        ),
        (
            "hst/stis/o4er06llq_raw.fits",
            ["HST proposal 7436", "o4er06llq  exposure", "o4er06llq_raw.fits *  raw · here"],
        ),
        (
            "jwst/miri/miri_data.fits",
            [
                "JWST proposal 623",
                "_mirimage_calints.fits  calibrated · not listed, not here",
                "_a3001_crfints.fits *  calibrated · here · 1.3.3",
            ],
        ),
        (
            "tess/spoc/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits",
            ["TIC 261136679 · sector 1", "_lc.fits *  calibrated · here · spoc-5.0.10-20200904, data release 42"],
        ),
        ("k2/lc/ktwo211117077-c04_llc.fits", ["EPIC 211117077 · campaign 4", "data release 6"]),
    ],
)
def test_real_files_offline(bare: Command, path: str, lines: list[str]) -> None:
    ran = bare("provenance", str(DATA / path))
    assert ran.code == 0
    for line in lines:
        assert line in ran.out
    if "nicmos" in path:
        assert "HST_NICMOS.fits was made as n4hk12010_mos.fits" in ran.err
        assert "It is of the association n4hk12010_asn.fits, which is not here." in ran.err


def test_a_file_in_a_data_folder_is_here_another_archive_s_record_makes_none(mast: Command, tmp_path: Path) -> None:
    uri = "mast:HST/product/jsim01010_asn.fits"
    assert mast("get", uri, "--to", str(tmp_path / "a")).code == 0
    (asn,) = (tmp_path / "a").rglob("*_asn.fits")
    shelf = tmp_path / "shelf" / "mastDownload" / "HST" / "jsim01010"
    shelf.mkdir(parents=True)
    shutil.copy(asn, shelf)
    records = Path(mast.environment["HOME"]) / ".local/share/mast-tui"
    for record in records.rglob("*.json"):
        record.write_text(record.read_text().replace("http://127.0.0.1", "https://elsewhere.example"))

    def line() -> str:
        (found,) = [line for line in mast("provenance", HUBBLE).out.splitlines() if "_asn.fits" in line]
        return found

    assert " here " not in line()
    mast.environment["MAST_TUI_DATA_FOLDERS"] = str(tmp_path / "shelf")
    assert " here " in line()
