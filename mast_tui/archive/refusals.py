"""What an answer, or the disk, means when it is not the file that was asked for. Used by `archive.ranges`."""

from __future__ import annotations

import requests

from mast_tui.archive import failures
from mast_tui.core.errors import LocalFailure, NotAllowed, NotFound
from mast_tui.core.text import clean


def not_written(error: OSError) -> LocalFailure:
    """The disk said no."""
    return LocalFailure("the file can't be written", clean(error.strerror), "Free some space, and try again")


def refuse_errors(response: requests.Response) -> None:
    """Raise what an answer means that is not the file, nor a part of it."""
    if response.status_code == requests.codes.not_found:
        raise NotFound("the archive has no such file", "", "Look at the products of its observation again")
    if response.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
        raise NotAllowed(
            f"the archive does not give this file ({response.status_code})",
            "It is exclusive to its proposers, or not public yet",
            "Log in with a token that may have it, or wait for its release",
        )
    response.raise_for_status()
    if "text/html" in response.headers.get("Content-Type", "") and not _is_page(response.url):
        raise failures.web_page()


def _is_page(url: str) -> bool:
    return url.lower().endswith((".html", ".htm"))
