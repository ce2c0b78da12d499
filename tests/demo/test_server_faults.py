"""The archive misbehaves on purpose, in each of its ways, and behaves again when it should."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from mast_tui.demo.faults import KINDS, parse_fault
from mast_tui.demo.server import serve

from .conftest import BYTES, PUBLIC_URI, Client, faulty, sample

CAOM = "Mast.Caom.Filtered"
ALL = {"columns": "*", "filters": []}


def raw_get(archive: Client, range_header: str = "") -> bytes:
    """The bytes of an answer until the other side closes, without a client's own judgement."""
    where = urlsplit(archive.url)
    extra = f"Range: {range_header}\r\n" if range_header else ""
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as sock:
        path = f"/api/v0.1/Download/file?uri={PUBLIC_URI}"
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{extra}\r\n".encode())
        found = b""
        while block := sock.recv(65_536):
            found += block
    return found


def test_slow_waits_before_every_answer(own_archive: Client) -> None:
    own_archive.faults("slow=0.3")
    start = time.monotonic()
    assert own_archive.file(PUBLIC_URI).content == BYTES
    assert own_archive.get("/whoami").ok
    assert time.monotonic() - start >= 0.6


def test_rate_sends_the_file_at_the_speed_asked_for(own_archive: Client) -> None:
    own_archive.faults("rate=400000")
    start = time.monotonic()
    assert own_archive.file(PUBLIC_URI).content == BYTES
    assert time.monotonic() - start >= 0.3


def test_executing_comes_before_the_answer_to_the_same_question(own_archive: Client) -> None:
    own_archive.faults("executing=2")
    states = [own_archive.mashup(CAOM, ALL, cacheBreaker="a").json()["status"] for _ in range(4)]
    assert states == ["EXECUTING", "EXECUTING", "COMPLETE", "COMPLETE"]
    assert own_archive.mashup(CAOM, ALL, cacheBreaker="b").json()["status"] == "EXECUTING"


def test_unavailable_says_when_to_come_back_and_then_answers(own_archive: Client) -> None:
    own_archive.faults("unavailable", "download:unavailable=1")
    answers = [own_archive.mashup(CAOM, ALL) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "1"
    assert [own_archive.file(PUBLIC_URI).status_code for _ in range(2)] == [503, 200]


def test_the_maintenance_page_has_status_200_and_is_no_json(own_archive: Client) -> None:
    own_archive.faults("html")
    answer = own_archive.mashup(CAOM, ALL)
    assert answer.status_code == 200
    assert answer.text.startswith("<!DOCTYPE html>")
    assert own_archive.file(PUBLIC_URI).content == BYTES


def test_error_is_a_status_in_the_mashup_and_a_500_elsewhere(own_archive: Client) -> None:
    own_archive.faults("error")
    answer = own_archive.mashup(CAOM, ALL).json()
    assert (answer["status"], bool(answer["msg"])) == ("ERROR", True)
    assert own_archive.get("/whoami").status_code == 500


def test_page_two_fails_once_or_always(own_archive: Client) -> None:
    def page(number: int) -> int:
        return own_archive.mashup(CAOM, ALL, page=number, pagesize=10, cacheBreaker=str(time.time())).status_code

    own_archive.faults("page2")
    assert [page(1), page(2), page(3), page(2)] == [200, 503, 200, 200]
    own_archive.faults("page2-always")
    assert [page(1), page(2), page(2), page(3)] == [200, 503, 503, 200]


def test_truncated_promises_more_than_it_sends_and_can_be_resumed(own_archive: Client) -> None:
    own_archive.faults("truncated=0.25")
    head, _, body = raw_get(own_archive).partition(b"\r\n\r\n")
    assert b"Content-Length: 200000" in head
    assert body == BYTES[:50_000]
    rest = own_archive.file(PUBLIC_URI, Range="bytes=50000-")
    assert body + rest.content == BYTES
    own_archive.faults("truncated=0.25xall")
    for _ in range(2):
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            own_archive.file(PUBLIC_URI)


def test_reset_breaks_the_connection_as_often_as_asked(own_archive: Client) -> None:
    own_archive.faults("reset=2")
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            raw_get(own_archive)
    assert raw_get(own_archive).endswith(BYTES[-100:])


def test_stall_falls_silent_and_the_server_still_closes_at_once(own_archive: Client) -> None:
    own_archive.faults("stall=0.5", "silent")
    with pytest.raises(requests.exceptions.ConnectionError, match="timed out"):
        own_archive.session.get(f"{own_archive.url}/api/v0.1/Download/file?uri={PUBLIC_URI}", timeout=0.5)
    assert own_archive.file(PUBLIC_URI).content == BYTES
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(requests.get, f"{own_archive.url}/whoami", timeout=20, proxies={"http": ""})
        while own_archive.get("/demo/stats").json()["now_at_once"].get("metadata", 0) < 1:
            time.sleep(0.02)
        start = time.monotonic()
        own_archive.server.close()
        with pytest.raises(requests.exceptions.ConnectionError):
            waiting.result()
    assert time.monotonic() - start < 5


def test_nolength_and_norange_are_what_they_say(own_archive: Client) -> None:
    own_archive.faults("nolength")
    answer = own_archive.file(PUBLIC_URI, Range="bytes=5-9")
    assert "Content-Length" not in answer.headers
    assert "Accept-Ranges" not in answer.headers
    assert (answer.status_code, answer.content) == (200, BYTES)
    own_archive.faults("norange")
    answer = own_archive.file(PUBLIC_URI, Range="bytes=5-9")
    assert (answer.status_code, len(answer.content)) == (200, 200_000)
    assert "Accept-Ranges" not in answer.headers


def test_gzip_packs_on_the_way_what_was_asked_for_as_it_is(own_archive: Client) -> None:
    own_archive.faults("gzip")
    answer = own_archive.file(PUBLIC_URI, Range="bytes=5-9", Accept_Encoding="identity")
    assert (answer.status_code, answer.headers["Content-Encoding"], answer.content) == (200, "gzip", BYTES)
    assert answer.headers["ETag"].startswith("W/") and int(answer.headers["Content-Length"]) != len(BYTES)


def test_a_changed_file_has_another_etag_and_can_not_be_stitched(own_archive: Client) -> None:
    own_archive.faults("changed")
    first = own_archive.file(PUBLIC_URI, Range="bytes=0-99999")
    second = own_archive.file(PUBLIC_URI, Range="bytes=100000-", If_Range=first.headers["ETag"])
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]
    assert second.headers["Last-Modified"] != first.headers["Last-Modified"]
    assert len(second.content) == len(BYTES)
    assert first.content + second.content[100_000:] not in (BYTES, second.content)
    assert own_archive.file(PUBLIC_URI).content == second.content


def test_faults_count_for_each_file_by_itself(own_archive: Client) -> None:
    own_archive.faults("download:unavailable=1")
    other = "mast:HST/product/demo_public_raw.fits"
    statuses = [own_archive.file(uri).status_code for uri in (PUBLIC_URI, other, PUBLIC_URI, other)]
    assert statuses == [503, 503, 200, 200]


def test_faults_are_switched_off_at_run_time_and_a_wrong_one_changes_nothing(own_archive: Client) -> None:
    own_archive.faults("html")
    answer = own_archive.post("/demo/faults", json={"faults": ["htlm"]})
    assert answer.status_code == 400
    assert "'html'" in answer.json()["msg"]
    assert [fault["name"] for fault in own_archive.get("/demo/faults").json()["faults"]] == ["html"]
    own_archive.faults()
    assert own_archive.get("/whoami").json()["anon"] is True


def test_faults_can_be_given_at_the_start() -> None:
    with serve(0, 0, faulty("unavailable=1"), observations=sample(), resolver_entries=[]) as server:
        client = Client(server)
        assert [client.get("/whoami").status_code for _ in range(2)] == [503, 200]


@pytest.mark.parametrize(
    ("text", "value", "times", "scopes"),
    [
        ("slow=0.2", 0.2, None, ("metadata", "download")),
        ("download:slow=2", 2.0, None, ("download",)),
        ("reset=3", 3.0, 3, ("download",)),
        ("stall=0.3xall", 0.3, None, ("download",)),
        ("htmlx2", 1.0, 2, ("metadata",)),
    ],
)
def test_a_fault_is_read_as_it_is_written(text: str, value: float, times: int | None, scopes: tuple[str, ...]) -> None:
    fault = parse_fault(text)
    assert (fault.value, fault.times, fault.scopes) == (value, times, scopes)


@pytest.mark.parametrize("text", ["", "slowly", "slow=fast", "=3", "slow=0.1.2", "upload:slow"])
def test_a_fault_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"fault|number"):
        parse_fault(text)


def test_every_fault_has_words_for_the_help() -> None:
    assert all(kind.about for kind in KINDS.values())


def test_the_log_counts_what_was_sent_and_what_went_on_at_once(own_archive: Client) -> None:
    own_archive.get("/demo/stats")
    own_archive.session.delete(own_archive.url + "/demo/log", timeout=10)
    own_archive.faults("slow=0.2")
    with ThreadPoolExecutor(3) as pool:
        files = [pool.submit(Client(own_archive.server).file, PUBLIC_URI) for _ in range(3)]
        assert all(file.result().content == BYTES for file in files)
    entries = own_archive.log()
    stats = own_archive.get("/demo/stats").json()
    assert stats["most_at_once"]["download"] == 3
    assert stats["bytes_sent"]["download"] == 3 * len(BYTES)
    assert stats["by_thing"] == {PUBLIC_URI: 3}
    assert {entry["status"] for entry in entries} == {200}
    assert "python-requests" in entries[0]["user_agent"]
