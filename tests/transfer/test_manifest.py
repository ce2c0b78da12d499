"""The record as others read it: it keeps to its published schema, says how files were made, and old ones are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mast_tui.core.errors import UnreadableFile
from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.host import ArchiveHost
from mast_tui.core.manifest import SCHEMA_VERSION, FileRecord, Manifest, read_manifest, schema_text
from mast_tui.core.query import Position, Query
from mast_tui.provenance import spellings
from mast_tui.transfer import read_source
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.making import Makings
from mast_tui.transfer.record import manifest_of

from .chaos import Chaos, stated
from .conftest import Bench, session_of

VERSION_1 = Path(__file__).with_name("files") / "manifest-1.json"
SCHEMA: dict[str, Any] = json.loads(schema_text())


def recorded(bench: Bench, chaos: Chaos, session: FetchSession) -> Manifest:
    """The record beside the data once nothing of the session is to come."""
    bench.settle(bench.add(chaos, session))

    def whole() -> bool:
        bench.owner.recorder.flush()
        made = read_manifest((bench.out / "manifest.json").read_text())
        return made.id == session.id and all(f.state != "queued" for f in made.files)

    bench.until(whole)
    return read_manifest((bench.out / "manifest.json").read_text())


def errors_of(text: str) -> list[str]:
    return [f"{e.json_path}: {e.message}" for e in Draft202012Validator(SCHEMA).iter_errors(json.loads(text))]


def hubble_file(version: str) -> bytes:
    """A FITS file of one header whose data are a block of the version's letters, as reprocessing would change them."""
    cards = (
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    1",
        "NAXIS1  =                 2880",
        "TELESCOP= 'HST'",
        "INSTRUME= 'COS     '",
        "PROPOSID=                17515 / PEP proposal identifier",
        "OPUS_VER= 'HSTDP 2025_1'",
        f"CAL_VER = '{version}'",
        "CRDS_CTX= 'hst_1260.pmap'",
        "DOI     = '10.17909/abcd-ef12'",
        "END",
    )
    return "".join(f"{card:<80}" for card in cards).encode().ljust(2880) + (version * 2880)[:2880].encode()


def test_the_published_schema_is_one_and_describes_exactly_what_is_written() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    assert set(SCHEMA["$defs"]["file"]["properties"]) == set(FileRecord.__dataclass_fields__)


def test_every_record_that_is_written_keeps_to_the_schema(bench: Bench) -> None:
    faults = {"gone.fits": [stated(code=404)], "closed.fits": [stated(code=401)] * 50}
    files: dict[str, bytes | int] = {"a.fits": hubble_file("3.6.0"), "b.dat": 50, "gone.fits": 5, "closed.fits": 5}
    query = Query("pi Men", Position(84.29, -80.47, 0.02, "pi Men", "SIMBAD"))
    with Chaos(files, faults=faults) as chaos:
        words = {**query.to_json(), "spellings": spellings(query, ArchiveHost(chaos.base))}
        created = "2026-11-21T12:00:00Z"
        session = session_of(chaos, bench.out, queries=(words,), created=created, versions={"python": "3.11"})
        record = recorded(bench, chaos, session)
    assert errors_of((bench.out / "manifest.json").read_text()) == []
    made = {f.uri.rsplit("/", 1)[-1]: f for f in record.files}
    assert [made[n].cause for n in ("a.fits", "gone.fits", "closed.fits")] == ["", "gone", "not_allowed"]
    assert "curl" in record.queries[0]["spellings"]


def test_the_record_of_a_session_that_has_just_begun_keeps_to_it_too(bench: Bench) -> None:
    with Chaos({"a.dat": 10}, latency_s=1.0) as chaos:
        bench.add(chaos, session_of(chaos, bench.out, created="2026-11-21T12:00:00Z"))
        bench.owner.recorder.flush()
        assert errors_of((bench.out / "manifest.json").read_text()) == []


def test_a_record_says_how_each_file_was_made(bench: Bench) -> None:
    with Chaos({"a.fits": hubble_file("3.6.0"), "b.dat": 5}) as chaos:
        a, b = recorded(bench, chaos, session_of(chaos, bench.out)).files
    assert (a.pipeline, a.calibration, a.proposal_id) == ("HSTDP 2025_1", "3.6.0, hst_1260.pmap", "17515")
    assert a.header["INSTRUME"] == "COS"
    assert "2026" <= a.started <= a.finished, "UTC in ISO 8601 sorts as time does"
    assert a.doi is None, "a DOI in a header counts only when the file is from MAST itself"
    assert (b.pipeline, b.calibration, dict(b.header)) == ("", "", {})


def test_a_file_that_was_processed_again_is_kept_and_recorded_with_its_new_version(bench: Bench) -> None:
    """`get --from` of last year's record: the bytes differ, and old and new versions say why."""
    with Chaos({"a.fits": hubble_file("3.6.1")}) as chaos:
        item = FetchItem(chaos.uri("a.fits"), "a.fits", 5760, sha256="0" * 64)
        (record,) = recorded(bench, chaos, FetchSession("s1", str(bench.out), (item,), chaos.base)).files
    assert (record.state, record.cause, record.calibration) == ("failed", "reprocessed", "3.6.1, hst_1260.pmap")
    assert record.sha256 != "0" * 64 and record.size == 5760


def test_a_link_in_place_of_a_file_is_not_followed_for_the_record(bench: Bench, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.fits"
    elsewhere.write_bytes(hubble_file("secret"))
    with Chaos({"a.fits": hubble_file("3.6.0")}) as chaos:
        bench.settle(bench.add(chaos, session_of(chaos, bench.out)))
        (bench.out / "a.fits").unlink()
        (bench.out / "a.fits").symlink_to(elsewhere)
        owner = bench.owner.queue.sessions["s1"]
        assert "secret" not in manifest_of(owner, Makings(FileOps()).of).to_text()
        assert manifest_of(owner).files[0].state == "done"


def test_a_record_of_version_1_is_read_and_fetched_from() -> None:
    old = read_manifest(VERSION_1.read_text())
    assert (old.id, old.archive, old.versions["mast-tui"]) == (
        "20261002T081503Z-4f1a2b",
        "https://mast.stsci.edu",
        "0.1.0",
    )
    first, second, third = old.files
    assert (first.state, first.size, first.verdict, first.release_mjd) == ("done", 1851840, "complete", 55400.5)
    assert (first.pipeline, first.calibration, first.cause, dict(first.header)) == ("", "", "", {})
    assert second.state == "needs_login" and third.doi == "10.17909/t9-r086-e880"
    items = read_source(VERSION_1)
    assert [i.sha256 for i in items] == ["3b" * 32, "", ""]
    assert Query.from_json(old.queries[0]).position is not None
    assert errors_of(old.to_text()) == [], "written again it is one of today's"


def test_a_record_written_by_hand_has_text_where_text_belongs() -> None:
    data = json.loads(VERSION_1.read_text())
    data["files"][0] |= {"pipeline": 5, "description": ["x"], "header": {"A": 1}}
    file = read_manifest(json.dumps(data)).files[0]
    assert (file.pipeline, file.description, file.header["A"]) == ("5", "['x']", "1")
    data["files"][0]["header"] = 5
    with pytest.raises(UnreadableFile, match="damaged"):
        read_manifest(json.dumps(data))
