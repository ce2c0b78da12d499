"""Somebody asks where files are in the cloud, and fetches them from the bucket that the embedded archive serves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import requests

from mast_tui.demo.faults import parse_fault
from mast_tui.demo.server import DemoServer, serve
from mast_tui.transfer.cloud_keys import key_of

from .conftest import BYTES, TIMEOUT_S, observation

PUBLIC = "mast:HST/product/u9zz0101m_drz.fits"
EXCLUSIVE = "mast:HST/product/u9zz0102m_drz.fits"
LARGE = "mast:HST/product/u9zz0103m_raw.fits"
#: Strings that MAST's and astroquery's documentation show for `get_cloud_uris`.
DOCUMENTED = {
    "mast:HST/product/u24r0102t_c1f.fits": "s3://stpubdata/hst/public/u24r/u24r0102t/u24r0102t_c1f.fits",
    "mast:HST/product/jbeveo010_drz.fits": "s3://stpubdata/hst/public/jbev/jbeveo010/jbeveo010_drz.fits",
    "mast:PS1/product/rings.v3.skycell.1334.061.stk.r.unconv.exp.fits": (
        "s3://stpubdata/panstarrs/ps1/public/rings.v3.skycell/1334/061/rings.v3.skycell.1334.061.stk.r.unconv.exp.fits"
    ),
    "mast:HST/product/does_not_exist.fits": None,
    "mast:IUE/url/pub/iue/data/lwp/1/lwp1.mxlo.gz": None,
}


def started(faults: Sequence[str] = ()) -> DemoServer:
    held = [
        observation(100, (PUBLIC, BYTES), (LARGE, bytes(9 << 20))),
        observation(101, (EXCLUSIVE, BYTES), dataRights="EXCLUSIVE_ACCESS", t_obs_release=99_000.0),
    ]
    chosen = [parse_fault(fault) for fault in faults]
    return serve(observations=held, resolver_entries=[], cloud=True, cloud_faults=chosen)


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with started() as running:
        yield running


def path_of(server: DemoServer, uri: str) -> Any:
    answer = requests.get(f"{server.base_url}/api/v0.1/path_lookup/", params={"uri": [uri]}, timeout=TIMEOUT_S)
    return answer.json()[uri]["path"]


def fetched(server: DemoServer, uri: str, method: str = "GET", before: str = "", **headers: str) -> requests.Response:
    assert server.cloud is not None
    key = key_of(path_of(server, uri))
    return requests.request(
        method, f"{server.cloud.base_url}/{before}{key}", headers=headers, timeout=TIMEOUT_S, allow_redirects=False
    )


def test_astroquery_makes_the_documented_strings_of_the_answers(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own code turns paths into keys; only the address, which it has built in as https, is another here."""
    from astroquery.mast import utils

    asked = requests.get
    monkeypatch.setattr(
        utils.requests, "get", lambda url, **more: asked(url.replace("https://mast.stsci.edu", server.base_url), **more)
    )
    keys = utils.mast_relative_path(list(DOCUMENTED), verbose=False)
    assert [f"s3://stpubdata/{key}" if key else None for key in keys] == list(DOCUMENTED.values())
    assert [key_of(path_of(server, uri)) for uri in DOCUMENTED] == keys, "and ours does the same"


def test_a_public_file_is_in_the_bucket_under_its_path(server: DemoServer) -> None:
    answer = fetched(server, PUBLIC)
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer.headers["ETag"] == f'"{hashlib.md5(BYTES).hexdigest()}"'
    assert "Content-Disposition" not in answer.headers
    assert fetched(server, PUBLIC, before="stpubdata/").content == BYTES
    head = fetched(server, PUBLIC, "HEAD")
    assert (head.headers["Content-Length"], head.headers["ETag"]) == (str(len(BYTES)), answer.headers["ETag"])


def test_parts_of_it_are_sent_under_its_own_validator(server: DemoServer) -> None:
    tag = fetched(server, PUBLIC, "HEAD").headers["ETag"]
    rest = fetched(server, PUBLIC, Range="bytes=150000-", **{"If-Range": tag})
    assert (rest.status_code, rest.content) == (206, BYTES[150_000:])
    archives = requests.head(f"{server.base_url}/api/v0.1/Download/file?uri={PUBLIC}", timeout=TIMEOUT_S)
    assert archives.headers["ETag"] != tag
    other = fetched(server, PUBLIC, Range="bytes=150000-", **{"If-Range": archives.headers["ETag"]})
    assert (other.status_code, other.content) == (200, BYTES)


def test_what_was_uploaded_in_parts_has_an_etag_that_is_no_md5(server: DemoServer) -> None:
    assert fetched(server, LARGE, "HEAD").headers["ETag"].endswith('-2"')


def test_an_exclusive_file_is_not_in_the_bucket_whoever_asks(server: DemoServer) -> None:
    assert path_of(server, EXCLUSIVE) is not None
    for headers in ({}, {"Authorization": "token demo-pi-1979"}):
        answer = fetched(server, EXCLUSIVE, **headers)
        assert answer.status_code == 404 and b"NoSuchKey" in answer.content


def test_nothing_else_is_in_it(server: DemoServer) -> None:
    assert server.cloud is not None
    for path in ("", "hst/public/u9zz/u9zz0101m/none.fits", "u9zz0101m_drz.fits", "hst/../etc/passwd", "whoami"):
        assert requests.get(f"{server.cloud.base_url}/{path}", timeout=TIMEOUT_S).status_code == 404
    assert requests.post(server.cloud.base_url, timeout=TIMEOUT_S).status_code == 403


def test_the_archive_says_where_it_is_and_without_one_says_so(server: DemoServer) -> None:
    assert server.cloud is not None
    found = requests.get(f"{server.base_url}/demo/cloud", timeout=TIMEOUT_S).json()
    assert found == {"cloud": server.cloud.base_url}
    with serve(observations=[], resolver_entries=[]) as plain:
        assert requests.get(f"{plain.base_url}/demo/cloud", timeout=TIMEOUT_S).json() == {"cloud": None}


def test_its_faults_are_its_own() -> None:
    with started(["missing"]) as server:
        assert fetched(server, PUBLIC).status_code == 404
        whole = requests.get(f"{server.base_url}/api/v0.1/Download/file?uri={PUBLIC}", timeout=TIMEOUT_S)
        assert whole.content == BYTES
    with started(["truncated=0.25", "download:unavailable=1"]) as server:
        assert fetched(server, PUBLIC).status_code == 503
        with pytest.raises(requests.RequestException):
            fetched(server, PUBLIC)
        assert fetched(server, PUBLIC).content == BYTES
