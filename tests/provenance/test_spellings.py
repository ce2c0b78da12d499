"""A question found on the screen goes into a script: the written code asks the archive exactly the same."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.host import ArchiveHost
from mast_tui.core.query import Position, Query, parse_criteria, query_for
from mast_tui.core.sky import parse_radius
from mast_tui.core.target import read_target
from mast_tui.provenance import spellings


class Answer:
    """What astroquery's session gives back; only what it looks at."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def raise_for_status(self) -> None:
        return None

    def json(self) -> Any:
        return self._data


class Wire:
    """The archive's end of the line: answers astroquery and keeps the last request."""

    def __init__(self, columns: Any) -> None:
        self.columns = columns
        self.asked: dict[str, Any] = {}

    def request(self, _session: object, _method: str, url: str, data: str = "", **_: object) -> Answer:
        if url.endswith("columnsconfig"):
            return Answer(self.columns)
        self.asked = json.loads(unquote(data.removeprefix("request=")))
        return Answer({"status": "COMPLETE", "fields": [], "data": [], "paging": {"pagesFiltered": 1, "page": 1}})


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    import astroquery.mast as mast
    from astroquery.query import BaseQuery

    folder = Path(mast.__file__).parent / "tests" / "data"
    line = Wire(json.loads((folder / "columnsconfig.json").read_text()))
    patch = pytest.MonkeyPatch()
    patch.setattr(BaseQuery, "_request", lambda self, *args, **kwargs: line.request(self, *args, **kwargs))
    yield line
    patch.undo()


def run(code: str, wire: Wire) -> dict[str, Any]:
    """Run a written script as its reader would; what the archive was asked."""
    wire.asked = {}
    exec(compile(code, "script.py", "exec"), {})  # the test is that it runs
    return wire.asked


def same(asked: dict[str, Any], query: Query) -> bool:
    """Is it the same service and the same parameters, whatever the order of the keys?"""
    return bool(asked["service"] == query.service and asked["params"] == json.loads(json.dumps(query.params())))


M8 = Position(270.92194, -24.38017, 0.02, "M8", "SIMBAD")
QUESTIONS = [
    Query("M8", M8),
    Query("M8", M8, parse_criteria(["obs_collection=HST", "filters=F160W,F814W", "calib_level=2..3"])),
    Query("", None, parse_criteria(["obs_collection=JWST", "proposal_id=1073", "instrument_name=NIRCAM*"])),
    Query("", None, parse_criteria(["t_min=2018-07-25..2018-08-22", "dataproduct_type=timeseries"])),
    Query("", None, parse_criteria(["t_exptime=>1000", 'target_name=O\'Brien "x" $HOME `id`'])),
    Query("", None, parse_criteria(["em_min=..200.5", "target_name=π Mensae"])),
    query_for(read_target("TIC 261136679"), None, parse_criteria(["dataproduct_type=timeseries"])),
    query_for(read_target("proposal 1979"), None),
    query_for(read_target("18 03 37 -24 23 12"), parse_radius("72arcsec"), parse_criteria(["obs_collection=HST"])),
]


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda q: q.describe()[:40])
def test_the_python_that_is_shown_asks_the_archive_the_same(query: Query, wire: Wire) -> None:
    assert same(run(spellings(query)["astroquery"], wire), query)


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda q: q.describe()[:40])
def test_json_and_curl_carry_the_same_request(query: Query) -> None:
    written = spellings(query)
    assert same(json.loads(written["json"]), query)
    words = shlex.split(written["curl"])
    assert words[-1] == "https://mast.stsci.edu/api/v0/invoke"
    field = words[words.index("--data-urlencode") + 1]
    assert same(json.loads(field.removeprefix("request=")), query)


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda q: q.describe()[:40])
def test_the_command_line_reads_back_as_the_same_query(query: Query) -> None:
    again = read_command(spellings(query)["command line"])
    assert (again.service, again.params()) == (query.service, query.params())


def read_command(line: str) -> Query:
    words = shlex.split(line)
    assert words[:2] == ["mast-tui", "search"]
    target, radius, conditions = None, None, []
    rest = iter(words[2:])
    for word in rest:
        if word == "-c":
            conditions.append(next(rest))
        elif word == "--radius":
            radius = parse_radius(next(rest))
        else:
            target = read_target(word)
    criteria = parse_criteria(conditions)
    query = Query("", None, criteria) if target is None else query_for(target, radius, criteria)
    assert query is not None
    return query


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ra=st.floats(0, 359.9999), dec=st.floats(-90, 90), radius=st.floats(1e-5, 29), conditions=st.booleans())
def test_no_digit_of_a_position_is_lost_on_the_way(
    ra: float, dec: float, radius: float, conditions: bool, wire: Wire
) -> None:
    query = Query("", Position(ra, dec, radius), parse_criteria(["obs_collection=TESS"]) if conditions else ())
    written = spellings(query)
    assert same(run(written["astroquery"], wire), query)
    assert read_command(written["command line"]).params() == query.params()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_no_value_breaks_out_of_the_written_code(value: str, wire: Wire) -> None:
    if not value.strip() or any(sign in value for sign in ",*%"):
        return
    query = Query("", None, parse_criteria([f"target_name={value}"]))
    written = spellings(query)
    assert same(run(written["astroquery"], wire), query)
    assert same(json.loads(shlex.split(written["curl"])[3].removeprefix("request=")), query)


def test_the_curl_body_is_what_the_archive_reads(wire: Wire) -> None:
    """`--data-urlencode request=…` encodes as astroquery's own body does."""
    query = QUESTIONS[1]
    assert query is not None
    import urllib.parse

    field = shlex.split(spellings(query)["curl"])[3]
    name, _, value = field.partition("=")
    body = f"{name}={urllib.parse.quote(value)}"
    assert same(json.loads(parse_qs(body)["request"][0]), query)


def test_another_archive_is_named_where_it_matters() -> None:
    written = spellings(Query("M8", M8), ArchiveHost("http://127.0.0.1:8123"))
    assert "http://127.0.0.1:8123/api/v0/invoke" in written["curl"]
    assert "--archive http://127.0.0.1:8123" in written["command line"]


def test_asking_for_everything_has_no_spelling() -> None:
    with pytest.raises(InvalidQuery):
        spellings(Query())
