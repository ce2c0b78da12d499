"""Files come through the proxy that the environment names, and from nobody whose certificate is not believed."""

from __future__ import annotations

import base64
import contextlib
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from mast_tui.core.host import MAST as MAST_ADDRESS
from mast_tui.core.host import ArchiveHost
from mast_tui.core.secret import Secret
from mast_tui.transfer.outcomes import TryAgain
from mast_tui.transfer.way import manager_for
from mast_tui.transfer.web import BROKEN, Line

MAST = ArchiveHost(MAST_ADDRESS)


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[tuple[str, str, dict[str, str]]]]]:
    """A server that says yes to all but CONNECT: its address without the scheme, and what it was asked (method, target,
    headers). The rest of `/slow` never comes."""
    asked: list[tuple[str, str, dict[str, str]]] = []
    over = threading.Event()

    class Yes(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            self.send_response(403 if self.command == "CONNECT" else 200)
            self.send_header("Content-Length", "3000" if self.path == "/slow" else "3")
            self.end_headers()
            self.wfile.write(b"yes")
            if self.path == "/slow":
                self.wfile.flush()
                over.wait(30)

        do_CONNECT = do_GET

        def log_message(self, *_what: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle", "curl_ca_bundle"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[tuple[ssl.SSLContext, str]]:
    """A server's side of TLS for 127.0.0.1, and the file of the authority that vouches for it."""
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    yield context, str(tmp_path / "ca.pem")


def test_a_proxy_of_the_environment_is_asked_with_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as (proxy, asked):
        monkeypatch.setenv("http_proxy", f"http://me:s%40crt@{proxy}")
        answer = manager_for("http://nowhere.invalid/").request("GET", "http://nowhere.invalid/a?b", retries=False)
        assert answer.data == b"yes"
    ((method, target, headers),) = asked
    assert (method, target) == ("GET", "http://nowhere.invalid/a?b")
    assert headers["proxy-authorization"] == "Basic " + base64.b64encode(b"me:s@crt").decode()


@pytest.mark.parametrize(
    ("name", "value", "no_proxy"),
    [("HTTPS_PROXY", "{}", ""), ("ALL_PROXY", "http://{}", ""), ("HTTPS_PROXY", "http://{}", "mast.stsci.edu")],
    ids=["without a scheme", "for all", "but not for MAST"],
)
def test_the_archive_is_reached_through_a_tunnel_that_sees_no_token(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, no_proxy: str
) -> None:
    with serving() as (proxy, asked):
        monkeypatch.setenv(name, value.format(proxy))
        monkeypatch.setenv("NO_PROXY", no_proxy)
        if no_proxy:
            assert manager_for(MAST.base).proxy is None
            return
        with pytest.raises(TryAgain, match="the proxy does not lead to the archive: 403"):
            Line(read_s=5.0).get(MAST, f"{MAST.base}/api/v0.1/Download/file", {}, Secret("SEKRIT"))
    ((method, target, headers),) = asked
    assert (method, target) == ("CONNECT", "mast.stsci.edu:443")
    assert "SEKRIT" not in str(headers)


def test_a_certificate_that_nobody_vouches_for_is_said_and_nothing_sent(authority: tuple[ssl.SSLContext, str]) -> None:
    tls, _ca = authority
    with serving(tls) as (address, asked):
        host = ArchiveHost(f"https://{address}")
        with pytest.raises(TryAgain, match="certificate is not accepted: unable to get local issuer"):
            Line(read_s=5.0).get(host, f"{host.base}/f", {}, Secret("SEKRIT"))
    assert asked == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_authority_of_the_environment_is_believed(
    authority: tuple[ssl.SSLContext, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    tls, ca = authority
    monkeypatch.setenv(name, ca)
    with serving(tls) as (address, asked):
        host, line = ArchiveHost(f"https://{address}"), Line(read_s=5.0)
        for _ in range(2):
            answer = line.get(host, f"{host.base}/f", {}, Secret("SEKRIT"))
            assert (answer.status, answer.body.read()) == (200, b"yes")
            answer.close()
    assert [headers["authorization"] for _method, _target, headers in asked] == ["token SEKRIT"] * 2


def test_certificates_that_are_not_there_are_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "gone.pem"))
    with pytest.raises(TryAgain, match="CURL_CA_BUNDLE names certificates that are not there"):
        Line(read_s=5.0).get(MAST, MAST.base, {}, None)


def test_a_read_over_tls_is_ended_from_another_thread(
    authority: tuple[ssl.SSLContext, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, ca = authority
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca)
    with serving(tls) as (address, _asked):
        host, line = ArchiveHost(f"https://{address}"), Line(read_s=60.0)
        answer = line.get(host, f"{host.base}/slow", {}, None)
        ended = threading.Event()

        def read() -> None:
            with contextlib.suppress(*BROKEN):
                while answer.body.read(1):
                    pass
            ended.set()

        reading = threading.Thread(target=read, daemon=True)
        reading.start()
        assert not ended.wait(0.2)
        line.cut()
        assert ended.wait(5)
        answer.close()
