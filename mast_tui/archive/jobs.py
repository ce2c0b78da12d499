"""What the worker processes of this room do: one function a job, called by name through `core.workers.WorkerPool`.

Observations, counts and products are asked through astroquery's `Mast.service_request_async`, unmodified, pointed at
the archive by its class attributes; the answer's JSON is packed here, so that the app never parses it. `host` is the
archive's base address; `token` arrives as a plain word over the private pipe and is wrapped at once.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from typing import Any

from mast_tui.archive import failures
from mast_tui.archive.ranges import fetch_parts, own_session
from mast_tui.archive.santa import RESOLVER_TIMEOUT_S, answers_of, looked_up
from mast_tui.archive.session import ArchiveSession
from mast_tui.core.errors import LocalFailure, MastTuiError, NotAllowed, ServerError, TemporarilyUnavailable
from mast_tui.core.host import ArchiveHost
from mast_tui.core.secret import Secret
from mast_tui.core.table_pack import pack_rows
from mast_tui.core.text import clean

#: Rows of a products list asked for at once; longer lists come in several requests of one job.
_PRODUCT_ROWS = 20_000

Answer = dict[str, Any]


def warm() -> str:
    """Import what the other jobs need; the version of astroquery."""
    _astroquery()
    return importlib.metadata.version("astroquery")


def page(
    host: str,
    token: str | None,
    service: str,
    params: Mapping[str, Any],
    number: int,
    page_size: int,
    keep: int | None = None,
) -> Answer:
    """Rows of page `number`, packed (the first `keep` of them), and how many pages and rows the archive holds."""
    answer = _invoke(host, token, service, params, page_size, number)
    fields, rows = _table(answer)
    paging = _paging(answer)
    total = _whole(paging.get("rowsFiltered"), len(rows))
    return {
        "packed": pack_rows(fields, rows[:keep]),
        "number": number,
        "n_pages": max(1, _whole(paging.get("pagesFiltered"), -(-total // page_size))),
        "total": total,
    }


def count(host: str, token: str | None, service: str, params: Mapping[str, Any]) -> int:
    """The one number that a COUNT_BIG question answers."""
    _, rows = _table(_invoke(host, token, service, params, 10, 1))
    try:
        return int(next(iter(rows[0].values())))
    except (IndexError, StopIteration, TypeError, ValueError):
        raise failures.unreadable("It should be a number of rows") from None


def products(host: str, token: str | None, obsids: Sequence[str]) -> Answer:
    """The files of some observations, each once, packed; `listed_rows` counts them as the archive lists them.

    The same file is listed under every observation that uses it, hundreds of times for Webb's guide-star files.
    """
    unique: dict[str, Mapping[str, Any]] = {}
    fields: Sequence[Mapping[str, Any]] = []
    listed, number, n_pages = 0, 1, 1
    while number <= n_pages:
        answer = _invoke(host, token, "Mast.Caom.Products", {"obsid": ",".join(obsids)}, _PRODUCT_ROWS, number)
        some_fields, rows = _table(answer)
        fields = some_fields or fields
        for row in rows:
            unique.setdefault(str(row.get("dataURI") or f"no address {listed}"), row)
            listed += 1
        n_pages = _whole(_paging(answer).get("pagesFiltered"), 1)
        number += 1
    return {"packed": pack_rows(fields, list(unique.values())), "listed_rows": listed}


def facets(host: str, token: str | None) -> dict[str, dict[str, int]]:
    """For every column with a list of values, how many observations of the whole archive have each."""
    answer = _invoke(host, token, "Mast.Caom.All", {}, format="extjs")
    try:
        columns = answer["data"]["Tables"][0]["Columns"]
        return {str(c["text"]): found for c in columns if (found := _histogram(c["ExtendedProperties"]))}
    except (KeyError, IndexError, TypeError, ValueError):
        raise failures.unreadable("It should be the archive's list of values") from None


def resolve(host: str, names: Sequence[str]) -> dict[str, list[Answer]]:
    """What every resolver says of each of at most 30 names.

    The resolver has a host of its own. Where that can't be reached (some networks let only the archive through), the
    archive is asked to look the names up, one by one; it passes on what its resolver says first.
    """
    archive = ArchiveHost(host)
    try:
        with failures.translated():
            response = ArchiveSession(archive).get(
                archive.resolver_url,
                params={"name": list(names), "outputFormat": "json", "resolveAll": "true"},
                timeout=RESOLVER_TIMEOUT_S,
            )
            response.raise_for_status()
            return answers_of(response.json(), names)
    except (TemporarilyUnavailable, ServerError, NotAllowed) as error:
        return _look_up(host, names, error)


def whoami(host: str, token: str | None) -> Answer:
    """Who the archive takes us for: `anonymous`, `display_name`, `user_id`, `scopes`."""
    archive = ArchiveHost(host)
    with failures.translated():
        response = ArchiveSession(archive, _secret(token)).get(
            archive.whoami_url, headers={"Accept": "application/json"}
        )
        response.raise_for_status()
        answer = response.json()
    if not isinstance(answer, dict):
        raise failures.unreadable("It should say who we are")
    attributes = answer.get("attrib")
    named = attributes.get("display_name", "") if isinstance(attributes, dict) else ""
    scopes = answer.get("scopes")
    return {
        "anonymous": bool(answer.get("anon", True)),
        "display_name": clean(named, 100),
        "user_id": clean(answer.get("ezid") or "", 100),
        "scopes": [clean(s, 100) for s in scopes] if isinstance(scopes, list) else [],
    }


def parts(
    host: str,
    token: str | None,
    uri: str,
    wanted: Sequence[Sequence[int]] | None,
    moved_before: int = 0,
    fresh: bool = False,
) -> Answer:
    """Bring parts of the file `uri` to the store of looks, see `ranges.fetch_parts`."""
    archive = ArchiveHost(host)
    session = own_session(lambda: ArchiveSession(archive, _secret(token)))
    return fetch_parts(session, archive.download_url(uri), host, uri, wanted, moved_before, fresh)


def _secret(token: str | None) -> Secret | None:
    return Secret(token) if token else None


def _astroquery() -> tuple[Any, Any]:
    """Its classes for the archive; LocalFailure where what is installed does not fit together."""
    try:
        from astroquery.mast import MastClass
        from astroquery.mast.discovery_portal import PortalAPI
    except (ImportError, AttributeError) as error:  # an astropy that is too old for its numpy raises the second
        raise LocalFailure(
            "astroquery can't be loaded", clean(error, 200), "Install again: pip install -U astroquery astropy numpy"
        ) from None
    return MastClass, PortalAPI


def _invoke(
    host: str,
    token: str | None,
    service: str,
    params: Mapping[str, Any],
    page_size: int | None = None,
    number: int | None = None,
    **properties: str,
) -> Answer:
    """The JSON of one request through astroquery, whose status is not ERROR."""
    mast_class, portal_api = _astroquery()
    archive = ArchiveHost(host)
    portal_api.MAST_REQUEST_URL = archive.invoke_url
    # astroquery asks once a process how it should parse each service's columns; `core.columns` says it for us, and a
    # portal that is down must not fail a query that the archive could answer
    portal_api._column_configs.setdefault(service, {})
    mast = mast_class()
    mast._session = ArchiveSession(archive, _secret(token))
    mast._portal_api_connection = portal_api(mast._session)
    with failures.translated():
        try:
            answers = mast.service_request_async(service, dict(params), pagesize=page_size, page=number, **properties)
        except (AttributeError, KeyError, TypeError):
            raise failures.unreadable("It should be a table") from None
        answer = answers[0].json()
    if not isinstance(answer, dict):
        raise failures.unreadable("It should be a table")
    if answer.get("status") == "ERROR":
        raise failures.from_status(answer)
    return answer


def _table(answer: Answer) -> tuple[list[Answer], list[Answer]]:
    fields, rows = answer.get("fields"), answer.get("data")
    if not isinstance(fields, list) or not isinstance(rows, list):
        raise failures.unreadable("It should be a table")
    if not all(isinstance(f, dict) and "name" in f for f in fields) or not all(isinstance(r, dict) for r in rows):
        raise failures.unreadable("Its rows or columns are not as they should be")
    return fields, rows


def _paging(answer: Answer) -> Answer:
    found = answer.get("paging")
    return found if isinstance(found, dict) else {}


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and value >= 0 else otherwise


def _histogram(properties: Mapping[str, Any]) -> dict[str, int]:
    """Values with counts; a column of numbers has bins instead, which are left out."""
    found = (properties.get("histObj") or {}).get("hist")
    if not isinstance(found, list):
        return {}
    return {clean(bin_["key"], 200): int(bin_["count"]) for bin_ in found}


def _look_up(host: str, names: Sequence[str], first: MastTuiError) -> dict[str, list[Answer]]:
    made: dict[str, list[Answer]] = {}
    for name in names:
        try:
            answer = _invoke(host, None, "Mast.Name.Lookup", {"input": name, "format": "json"}, 10, 1)
        except (TemporarilyUnavailable, ServerError, NotAllowed):
            raise first from None  # the archive can't do it either: say what happened to the resolver
        made[name] = looked_up(answer, name)
    return made
