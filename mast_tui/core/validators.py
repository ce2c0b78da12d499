"""What names the version of a file on a server, so that its parts are never mixed with those of another version.

Used by the two rooms that ask for parts of files: `archive` for looks and `transfer` for downloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

#: A date is a strong validator only when it is this much older than the answer (RFC 9110 §8.8.2.2).
_STRONG_DATE_S = 60.0


def strong_validator(headers: Mapping[str, str]) -> str:
    """The ETag when it is a strong one, else Last-Modified when that is, else ''."""
    etag = headers.get("etag", "").strip()
    if etag.startswith('"'):
        return etag
    modified = headers.get("last-modified", "").strip()
    try:
        age = parsedate_to_datetime(headers["date"]).timestamp() - parsedate_to_datetime(modified).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError):
        return modified
    return modified if age >= _STRONG_DATE_S else ""
