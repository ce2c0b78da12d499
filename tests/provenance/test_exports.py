"""A record in other forms: what a paper cites, and programs that stay programs whatever the record says."""

from __future__ import annotations

import ast
import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.query import Criterion, Query
from mast_tui.core.text import clean
from mast_tui.provenance import spellings
from mast_tui.provenance.exports import FORMS

QLP = "10.17909/t9-r086-e880"
HUBBLE = FileRecord(
    "mast:HST/product/lbgu17qnq_x1d.fits", "HST/lbgu17qnq/lbgu17qnq_x1d.fits", "done", 5760, "a" * 64, "complete",
    collection="HST", obs_id="lbgu17qnq", proposal_id="11598", rights="PUBLIC", doi_note="the rows carry no DOI",
)  # fmt: skip
WEBB = FileRecord(
    "mast:JWST/product/jw01366_x1d.fits", "JWST/jw01366/jw01366_x1d.fits", "done", 9, "b" * 64, "complete",
    collection="JWST", obs_id="jw01366", proposal_id="01366", rights="EXCLUSIVE", doi_note="the rows carry no DOI",
)  # fmt: skip
CURVE = FileRecord(
    "mast:HLSP/qlp/s0024/a_llc.fits", "HLSP/qlp/a_llc.fits", "done", 7, "c" * 64, "verified",
    collection="HLSP", obs_id="hlsp_qlp_a", doi=QLP, doi_note="collection: QLP",
)  # fmt: skip
LOST = FileRecord("mast:HST/product/lost.fits", "lost.fits", "failed", why="no such file")


def a_record(*files: FileRecord, **more: Any) -> Manifest:
    known: dict[str, Any] = {
        "id": "20261121T100000Z-abc123",
        "created": "2026-11-21T10:00:00Z",
        "finished": "",
        "archive": "https://mast.stsci.edu",
        "asked": "pi Men",
        "folder": "/home/ada/mast",
        "versions": {"mast-tui": "0.1.0", "python": "3.11.7", "astroquery": "0.4.11", "astropy": "8.0.2"},
        **more,
    }
    return Manifest(files=files, **known)


def written(form: str, record: Manifest) -> str:
    return FORMS[form].write(record)


def constants(script: str) -> dict[str, Any]:
    """The literal assignments of a program, read without running it."""
    made = {}
    for node in ast.parse(script).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                made[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return made


def test_the_script_pins_the_versions_of_the_record_and_names_exactly_its_files() -> None:
    script = written("script", a_record(HUBBLE, WEBB, LOST))
    found = constants(script)
    assert found["FILES"] == [
        (HUBBLE.uri, HUBBLE.path, 5760, "a" * 64),
        (WEBB.uri, WEBB.path, 9, "b" * 64),
    ]
    assert found["VERSIONS"] == {"python": "3.11.7", "astroquery": "0.4.11", "astropy": "8.0.2"}
    assert found["NEED_LOGIN"] is True
    assert '#     "astroquery==0.4.11",' in script and '#     "numpy",' in script
    assert "1 file of the record never came" in script
    assert "token=" in script and "MAST_API_TOKEN" in script


def test_public_files_are_fetched_without_a_token() -> None:
    assert constants(written("script", a_record(HUBBLE)))["NEED_LOGIN"] is False


def test_how_the_files_were_found_goes_along() -> None:
    query = Query("pi Men", None, (Criterion("proposal_id", ("11537",)),))
    record = a_record(HUBBLE, queries=({**query.to_json(), "spellings": spellings(query)},))
    assert '#     proposal_id=["11537"]' in written("script", record).replace("'", '"')
    last = json.loads(written("notebook", record))["cells"][-1]
    assert last["cell_type"] == "markdown" and "Observations.query_criteria" in "".join(last["source"])


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30))
def test_whatever_a_record_says_the_programs_stay_the_same_programs(asked: str, name: str, version: str) -> None:
    """Quotes, braces, line ends: data stay data."""
    query = {"spellings": {"astroquery": f"{name}\n```\n{asked}"}}
    record = a_record(
        replace(HUBBLE, description=name), asked=asked, id=name, archive=asked,
        versions={"python": version, "astroquery": version}, queries=(query,), created=name,
    )  # fmt: skip
    script = written("script", record)
    assert all(clean(line, 10_000) == line for line in script.split("\n")), "nothing that a terminal obeys"
    shape = [type(node) for node in ast.parse(script).body]
    assert shape == [type(node) for node in ast.parse(written("script", a_record(HUBBLE))).body]
    assert len(json.loads(written("notebook", record))["cells"]) == 8
    rows = list(csv.reader(io.StringIO(written("csv", record))))
    assert [len(row) for row in rows] == [13, 13]
    cited = written("bibtex", record)
    assert [line for line in cited.splitlines() if line.startswith("@")] in ([], ["@article{astroquery:2019,"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("path", "../../.bashrc"),
        ("path", "/etc/passwd"),
        ("path", "a/-rf.fits"),
        ("uri", "mast:a\nimport os"),
        ("uri", ""),
        ("sha256", "nonsense'\n"),
    ],
)
@pytest.mark.parametrize("form", list(FORMS))
def test_a_record_that_would_write_elsewhere_is_refused(form: str, field: str, value: str) -> None:
    change: dict[str, Any] = {field: value}
    with pytest.raises(InvalidQuery):
        written(form, a_record(HUBBLE, replace(WEBB, **change)))


@pytest.mark.parametrize("form", list(FORMS))
def test_a_record_without_files_is_told(form: str) -> None:
    with pytest.raises(InvalidQuery, match="no file that was had"):
        written(form, a_record(LOST))


def test_bibtex_has_each_doi_once_and_says_why_others_have_none() -> None:
    text = written("bibtex", a_record(HUBBLE, WEBB, CURVE, replace(CURVE, path="HLSP/qlp/b.fits")))
    assert text.count(f"doi       = {{{QLP}}}") == 1
    assert "QLP: light curves of TESS full frame images" in text and "2 files fetched 2026-11-21" in text
    assert "% 2 files without a DOI: the rows carry no DOI" in text
    assert "@article{astroquery:2019" in text
    assert text.count("{") == text.count("}")
    odd = written("bibtex", a_record(replace(CURVE, doi="10.17909/x}, title={y")))
    assert "title={y" not in odd, "what is no DOI is not cited"


def test_acknowledgements_are_those_of_the_missions_with_their_programmes() -> None:
    text = written("acknowledgement", a_record(HUBBLE, WEBB, CURVE, replace(HUBBLE, proposal_id="8727")))
    assert "These observations are associated with program(s) 8727, 11598." in text
    assert "NAS 5-03127 for JWST. These observations are associated with program #1366." in text
    assert f"\\dataset[doi:{QLP}]{{https://doi.org/{QLP}}}" in text
    assert "https://archive.stsci.edu/hlsp/qlp" in text
    assert "https://archive.stsci.edu/publishing/mission-acknowledgements" in text
    assert "3 files without a DOI" in text


def test_a_programme_that_is_not_known_stays_open_and_simulated_data_are_not_acknowledged() -> None:
    text = written("acknowledgement", a_record(replace(HUBBLE, proposal_id="")))
    assert "associated with program(s) ____." in text
    assert "nothing to acknowledge" in written("acknowledgement", a_record(HUBBLE, simulated=True))
