"""The versions in a file's header: what made it, with which calibration, read without astropy."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest

from mast_tui.core.processing import Processing, read_processing

REAL = Path(os.environ.get("MAST_TUI_REAL_DATA", "../shared/data"))


def header(*cards: str) -> bytes:
    assert all(len(card) <= 80 for card in cards)
    text = "".join(f"{card:<80}" for card in ("SIMPLE  =                    T", *cards, "END"))
    return text.encode("latin-1").ljust(-(-len(text) // 2880) * 2880)


def read(*cards: str) -> Processing:
    return read_processing(io.BytesIO(header(*cards)))


def test_hubble_names_its_system_its_calibration_and_its_reference_files() -> None:
    made = read(
        "OPUS_VER= 'HSTDP 2025_1      ' / data processing software system version",
        "CAL_VER = '3.6.0   '           / CALCOS code version",
        "CRDS_CTX= 'hst_1260.pmap'",
        "PROPOSID=                17515 / PEP proposal identifier",
    )
    assert (made.pipeline, made.calibration, made.proposal_id) == ("HSTDP 2025_1", "3.6.0, hst_1260.pmap", "17515")


def test_tess_names_its_exporter_its_version_and_the_data_release() -> None:
    made = read(
        "CREATOR = '26493 LightCurveExporterPipelineModule' / pipeline job",
        "PROCVER = 'spoc-5.0.10-20200904' / SW version",
        "DATA_REL=                   42 / data release version number",
    )
    assert made.pipeline == "LightCurveExporterPipelineModule"
    assert made.calibration == "spoc-5.0.10-20200904, data release 42"


def test_a_packed_file_is_read_without_unpacking_it_all() -> None:
    packed = gzip.compress(header("CAL_VER = '1.12.5'") + bytes(50_000_000))
    assert read_processing(io.BytesIO(packed)).calibration == "1.12.5"
    assert read_processing(io.BytesIO(packed[:40])).calibration == "", "a stump of a file names nothing"


def test_a_doi_in_the_header_counts_only_when_it_is_one_of_the_archive() -> None:
    assert read("DOI     = 'https://doi.org/10.17909/t9-wpz1-8s54'").doi == "10.17909/t9-wpz1-8s54"
    assert read("DOI     = '10.1234/somewhere-else'").doi == ""


def test_what_a_header_says_is_clean_and_what_follows_it_is_not_read() -> None:
    made = read("CAL_VER = '1\x1b]0;t\x07'", "OPUS_VER= 'it''s / here'", "COMMENT CAL_VER = 'no'")
    assert "\x1b" not in made.calibration and made.pipeline == "it's / here"
    data = header("CREATOR = 'a'") + header("PROCVER = 'of the extension'")
    assert read_processing(io.BytesIO(data)).header == {"CREATOR": "a"}


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff\xd8\xff", b"SIMPLE  = ", b"\x1f\x8bnonsense"])
def test_another_kind_of_file_names_nothing(data: bytes) -> None:
    assert read_processing(io.BytesIO(data)) == Processing({})


@pytest.mark.parametrize(
    ("name", "pipeline", "calibration"),
    [
        ("hst/cos/MRK209_cos_x1dsum.fits", "HSTDP 2025_1", "3.6.0, hst_1260.pmap"),
        ("hst/stis/o4er06llq_raw.fits", "OPUS 2006_6", ""),
        ("jwst/nircam/jw01243001001_01101_00001_nrca5_x1d.fits", "", "1.3.3, jwst_0801.pmap"),
        ("jwst/nircam/jw42424001001_01101_00001_nrca1_rate.fits.gz", "", "0.12.0a.dev134+g9fd36628, jwst_0497.pmap"),
        (
            "tess/spoc/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits",
            "LightCurveExporterPipelineModule",
            "spoc-5.0.10-20200904, data release 42",
        ),
        (
            "kepler/lc/kplr011442793-2010009091648_llc.fits",
            "FluxExporter2PipelineModule",
            "svn+ssh://murzim/repo/soc/tags/release/9.3.22 r60269, data release 25",
        ),
        ("iue/IUE_LWP.fits", "", ""),
    ],
)
def test_real_files(name: str, pipeline: str, calibration: str) -> None:
    path = REAL / name
    if not path.is_file():
        pytest.skip("no folder of real files here")
    with path.open("rb") as file:
        made = read_processing(file)
    assert (made.pipeline, made.calibration) == (pipeline, calibration)
