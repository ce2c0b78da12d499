"""Where errors of requests, astroquery and the archive's own messages become the one family of `core.errors`.

The only such place of this room. Runs in the workers; the words of exceptions are not passed on, since they hold
addresses and object names that help nobody.
"""

from __future__ import annotations

import contextlib
import email.utils
import re
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import requests

from mast_tui.core.errors import InvalidQuery, MastTuiError, NotAllowed, ServerError, TemporarilyUnavailable
from mast_tui.core.text import clean

_LATER = "Try again later; https://archive.stsci.edu tells of maintenance"
_NETWORK = "Check the network and the archive's address; `mast-tui doctor` looks closer"
_LOGIN = "Log in with a token that may see it, or wait for its release"

#: The archive's way to say that the question, not the archive, is at fault.
_ASKED_WRONGLY = re.compile(
    r"invalid (column|parameter|object name|service|request)|unknown (column|service|parameter)|needs parameter"
    r"|no such column|incorrect syntax|error converting|missing required",
    re.I,
)
_ASKED_BY_NOBODY = re.compile(r"logged in|not authori[sz]ed|unauthori[sz]ed|permission", re.I)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Errors that leave the block are of our family."""
    try:
        yield
    except (requests.RequestException, OSError) as error:
        raise from_exception(error) from None


def from_exception(error: Exception) -> MastTuiError:
    """What went wrong on the way to the archive and back."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return from_response(error.response)
    if isinstance(error, requests.JSONDecodeError):
        return _not_data(str(error.doc))
    if isinstance(error, requests.Timeout | TimeoutError):
        return TemporarilyUnavailable("the archive does not answer", "Nothing came in time", _LATER)
    if isinstance(error, requests.exceptions.ProxyError):
        return TemporarilyUnavailable("the proxy does not let us through", "", "Check HTTPS_PROXY and NO_PROXY")
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" in str(error).upper():
        return ServerError(
            "the archive's certificate can't be verified",
            "Somebody may listen in, or this network has a certificate of its own",
            "If the network is yours, name its certificates in REQUESTS_CA_BUNDLE",
        )
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError | ConnectionError):
        return _no_connection(str(error))
    return ServerError("the archive can't be asked", type(error).__name__, _NETWORK)


def from_response(response: requests.Response) -> MastTuiError:
    """What an HTTP status of 400 or more means."""
    code = response.status_code
    if code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return NotAllowed(f"the archive does not allow this ({code})", "", _LOGIN)
    if code in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
        return InvalidQuery(f"the archive did not understand the question ({code})", _words(response), "Change it")
    if code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE):
        return ServerError(f"there is no archive service at this address ({code})", "", "Check the archive's address")
    if code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT) or code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        pause = retry_after_s(response.headers.get("Retry-After"))
        what = "asks for a pause" if pause is not None or code == HTTPStatus.TOO_MANY_REQUESTS else "can't answer now"
        return TemporarilyUnavailable(f"the archive {what} ({code})", "", _LATER, retry_after_s=pause)
    return ServerError(f"the archive answers with status {code}", _words(response), _LATER)


def from_status(answer: dict[str, Any]) -> MastTuiError:
    """What an answer means whose status is ERROR, with the archive's own message."""
    words = clean(re.sub(r"\s+", " ", str(answer.get("msg") or "")).strip(), 300)
    if _ASKED_BY_NOBODY.search(words):
        return NotAllowed("the archive does not allow this", words, _LOGIN)
    if _ASKED_WRONGLY.search(words):
        return InvalidQuery("the archive refuses the question", words, "Change the conditions")
    return ServerError("the archive reports an error", words or "It gave no reason", "Try again, or ask for less")


def unreadable(what_is_wrong: str) -> MastTuiError:
    """An answer in JSON that is not what this service answers."""
    return ServerError("the archive's answer can't be read", what_is_wrong, "Try again; if it stays so, report it")


def web_page() -> MastTuiError:
    """A page in HTML where data should be, with status 200."""
    return TemporarilyUnavailable(
        "the archive answers with a web page instead of data",
        "That is how it looks during maintenance, or when this network asks for a login first",
        _LATER,
    )


def retry_after_s(header: str | None) -> float | None:
    """The pause a server asks for, in seconds: a number, or a date (RFC 9110, 10.2.3)."""
    if not header:
        return None
    header = header.strip()
    if header.isdecimal():
        return float(header[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None


def _not_data(text: str) -> MastTuiError:
    if text.lstrip()[:1] == "<":
        return web_page()
    return TemporarilyUnavailable("the archive's answer was cut short", "", "Try again")


def _no_connection(words: str) -> MastTuiError:
    lower = words.lower()
    # "resolve" alone also stands in the address of the name resolver
    if any(sign in lower for sign in ("failed to resolve", "name resolution", "getaddrinfo", "name or service")):
        return TemporarilyUnavailable("the archive's address can't be looked up", "No answer from DNS", _NETWORK)
    if "refused" in lower:
        return TemporarilyUnavailable("the archive can't be reached", "The connection was refused", _NETWORK)
    if "unreachable" in lower:
        return TemporarilyUnavailable("the archive can't be reached", "There is no way to it from here", _NETWORK)
    return TemporarilyUnavailable("the connection to the archive broke", "", _NETWORK)


def _words(response: requests.Response) -> str:
    """The server's own words, when they are words and not a page."""
    text = response.text.strip()[:300]
    return "" if text.startswith("<") else clean(text)
