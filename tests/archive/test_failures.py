"""Foreign errors become ours in one place; their words, which hold addresses and object names, are not shown."""

from __future__ import annotations

import pytest
import requests

from mast_tui.archive.failures import from_exception, from_response, from_status
from mast_tui.core.errors import InvalidQuery, MastTuiError, NotAllowed, ServerError, TemporarilyUnavailable

_POOL = "HTTPSConnectionPool(host='mast.stsci.edu', port=443): Max retries exceeded with url: /Santa-war/query?"


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (requests.ConnectTimeout(_POOL), TemporarilyUnavailable, "does not answer"),
        (requests.ReadTimeout(_POOL), TemporarilyUnavailable, "does not answer"),
        (TimeoutError("Timeout limit of 600 exceeded."), TemporarilyUnavailable, "does not answer"),
        (
            requests.ConnectionError(f"{_POOL} (NameResolutionError: Failed to resolve 'x' ([Errno -2] Name unknown))"),
            TemporarilyUnavailable,
            "can't be looked up",
        ),
        (
            requests.ConnectionError(f"{_POOL} (NewConnectionError: [Errno 111] Connection refused)"),
            TemporarilyUnavailable,
            "refused",
        ),
        (
            requests.ConnectionError(f"{_POOL} (NewConnectionError: [Errno 101] Network is unreachable)"),
            TemporarilyUnavailable,
            "no way to it",
        ),
        (requests.ConnectionError("('Connection aborted.', RemoteDisconnected())"), TemporarilyUnavailable, "broke"),
        (requests.exceptions.ChunkedEncodingError("IncompleteRead"), TemporarilyUnavailable, "broke"),
        (requests.exceptions.ProxyError(_POOL), TemporarilyUnavailable, "HTTPS_PROXY"),
        (
            requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"),
            ServerError,
            "REQUESTS_CA_BUNDLE",
        ),
        (requests.exceptions.SSLError("EOF occurred in violation of protocol"), TemporarilyUnavailable, "broke"),
        (requests.TooManyRedirects("Exceeded 5 redirects."), ServerError, "can't be asked"),
    ],
)
def test_every_way_of_not_getting_there_has_its_sentence(error: Exception, kind: type[MastTuiError], told: str) -> None:
    ours = from_exception(error)
    assert type(ours) is kind and told in str(ours)
    assert "HTTPSConnectionPool" not in str(ours) and ours.next_step


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, InvalidQuery), (422, InvalidQuery), (401, NotAllowed), (403, NotAllowed), (404, ServerError)]
    + [(405, ServerError), (418, ServerError), (408, TemporarilyUnavailable), (429, TemporarilyUnavailable)]
    + [(code, TemporarilyUnavailable) for code in (500, 502, 503, 504, 520)],
)
def test_statuses(status: int, kind: type[MastTuiError]) -> None:
    response = requests.Response()
    response.status_code = status
    assert type(from_response(response)) is kind
    assert f"({status})" in str(from_response(response)) or f"status {status}" in str(from_response(response))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Invalid column name 'colour'.", InvalidQuery),
        ("Procedure needs parameter '@obsid', which was not supplied.", InvalidQuery),
        ("Error converting data type varchar to bigint.", InvalidQuery),
        ("Must be logged in as an authorized user to see this.", NotAllowed),
        ("Timeout expired. The server is not responding.", ServerError),
        ("", ServerError),
        (None, ServerError),
    ],
)
def test_what_the_archive_says_itself(words: str | None, kind: type[MastTuiError]) -> None:
    error = from_status({"status": "ERROR", "msg": words})
    assert type(error) is kind and (words or "It gave no reason").rstrip(".") in str(error)
