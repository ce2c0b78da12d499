"""The token: who we are with it, and that nobody but the archive ever sees it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import requests

from mast_tui.archive import Archive
from mast_tui.archive.session import ArchiveSession, HostToken
from mast_tui.core.errors import NotAllowed, ServerError, TemporarilyUnavailable
from mast_tui.core.host import ArchiveHost
from mast_tui.core.query import Position, Query
from mast_tui.core.secret import Secret

from .servers import Asked, Reply, ScriptedServer, a_page, always, as_json, scripted_server

TOKEN = "SEKRIT-0123456789"
CONE = Query("M8", Position(270.904, -24.387, 0.02))
ALICE = {
    "anon": False,
    "ezid": "alice@example.edu",
    "attrib": {"display_name": "A. \x1b[31mUser"},
    "scopes": ["mast:exclusive_access"],
    "token": TOKEN,
}

archive_test = pytest.mark.asyncio(loop_scope="module")


def door(asked: Asked) -> Reply:
    """Knows one token, by header or by cookie."""
    known = asked.headers.get("authorization") == f"token {TOKEN}" and f"mast_token={TOKEN}" in asked.headers["cookie"]
    return as_json(ALICE if known else {"anon": True, "ezid": None, "attrib": {}, "scopes": []})


@archive_test
async def test_the_archive_says_who_we_are(archive: Archive, server: ScriptedServer) -> None:
    server.play(door)
    identity = await archive.whoami(Secret(TOKEN))
    assert (identity.anonymous, identity.display_name, identity.user_id) == (False, "A. ␛[31mUser", "alice@example.edu")
    assert identity.scopes == ("mast:exclusive_access",)
    assert TOKEN not in repr(identity)


@archive_test
async def test_without_a_token_we_are_anonymous(archive: Archive, server: ScriptedServer) -> None:
    server.play(door)
    assert (await archive.whoami(None)).anonymous
    assert (await archive.whoami(Secret(" "))).anonymous


@archive_test
async def test_a_wrong_token_is_refused_in_a_sentence(archive: Archive, server: ScriptedServer) -> None:
    server.play(door)
    with pytest.raises(NotAllowed, match="does not accept this token") as caught:
        await archive.whoami(Secret("wrong-and-secret"))
    assert "wrong-and-secret" not in str(caught.value)
    assert caught.value.exit_code == 4


@archive_test
async def test_a_page_instead_of_an_identity(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: Reply(200, b"<html>"))
    with pytest.raises(TemporarilyUnavailable, match="web page"):
        await archive.whoami(Secret(TOKEN))
    server.play(lambda asked: as_json([1]))
    with pytest.raises(ServerError):
        await archive.whoami(Secret(TOKEN))


@archive_test
async def test_questions_carry_the_token_and_forget_it_with_the_next(
    archive: Archive, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.play(lambda asked: a_page(asked, 5))
    archive.token = Secret(TOKEN)
    try:
        await archive.page(CONE, 1)
        await archive.page(CONE, 2)
    finally:
        archive.token = None
    for page in (1, 2, 3):
        await archive.page(CONE, page)
    with_token, without = server.asked[:2], server.asked[2:]
    assert all(a.headers["authorization"] == f"token {TOKEN}" for a in with_token)
    assert all(a.headers["cookie"] == f"mast_token={TOKEN}" for a in with_token)
    assert all("authorization" not in a.headers and "cookie" not in a.headers for a in without)
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(vars(archive))


@archive_test
async def test_a_server_that_fails_is_told_about_without_the_token(archive: Archive, server: ScriptedServer) -> None:
    archive.token = Secret(TOKEN)
    try:
        for reply in (Reply(500), Reply(403), Reply(200, b"<html>"), Reply(reset=True, length=10)):
            server.play(always(reply))
            with pytest.raises((NotAllowed, TemporarilyUnavailable)) as caught:
                await archive.page(CONE, 1)
            assert TOKEN not in str(caught.value) and TOKEN not in repr(caught.value.to_json())
    finally:
        archive.token = None


def prepared(url: str, host: str, token: str = TOKEN) -> requests.PreparedRequest:
    session = requests.Session()
    session.cookies.set("other", "1")
    return session.prepare_request(requests.Request("GET", url, auth=HostToken(ArchiveHost(host), Secret(token))))


@pytest.mark.parametrize(
    "url",
    [
        "https://mastresolver.stsci.edu/Santa-war/query",
        "https://mast.stsci.edu.example.org/whoami",
        "https://mast.stsci.edu@example.org/whoami",
        "https://mast.stsci.edu:8443/whoami",
        "http://mast.stsci.edu/whoami",
        "https://stpubdata.s3.amazonaws.com/hst/public/x.fits",
    ],
)
def test_no_other_address_gets_it(url: str) -> None:
    request = prepared(url, "https://mast.stsci.edu")
    assert TOKEN not in str(request.headers)


def test_the_archive_itself_gets_it_beside_its_own_cookies() -> None:
    request = prepared("https://mast.stsci.edu/api/v0/invoke", "https://mast.stsci.edu")
    assert request.headers["Cookie"] == f"other=1; mast_token={TOKEN}"


def test_a_netrc_file_neither_replaces_the_token_nor_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password netrc-password\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with scripted_server() as server:
        server.script = lambda asked: (
            Reply(302, headers={"Location": "/whoami"}) if asked.path == "/moved" else as_json({"anon": True})
        )
        host = ArchiveHost(server.base)
        ArchiveSession(host, Secret(TOKEN)).get(f"{server.base}/moved")
        ArchiveSession(host).get(f"{server.base}/moved")
        first, moved, bare, bare_moved = server.asked
    assert first.headers["authorization"] == moved.headers["authorization"] == f"token {TOKEN}"
    assert "authorization" not in bare.headers and "authorization" not in bare_moved.headers


def test_a_redirect_to_another_address_is_refused_before_it_is_asked() -> None:
    with scripted_server() as server, scripted_server() as other:
        server.script = lambda asked: Reply(307, headers={"Location": f"{other.base}/whoami"})
        with pytest.raises(ServerError, match="not its own"):
            ArchiveSession(ArchiveHost(server.base), Secret(TOKEN)).get(f"{server.base}/whoami")
        assert other.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest",
        "https://mast.stsci.edu.evil.example/",
        "//evil.example/x",
    ],
)
def test_no_redirect_reaches_what_is_not_the_archives(target: str) -> None:
    with scripted_server() as server:
        server.script = lambda asked: Reply(302, headers={"Location": target})
        with pytest.raises(ServerError, match="not its own"):
            ArchiveSession(ArchiveHost(server.base)).get(f"{server.base}/x", timeout=5)


def test_this_machine_is_never_asked_through_a_proxy_and_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_server() as server, scripted_server() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.base)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        server.script = lambda asked: as_json({})
        proxy.script = lambda asked: as_json({})
        session = ArchiveSession(ArchiveHost(server.base))
        session.get(f"{server.base}/whoami")
        assert (len(server.asked), len(proxy.asked)) == (1, 0)
        session.get("http://archive.example/whoami")
        assert len(proxy.asked) == 1
