"""One query in the other languages in which it can be asked: astroquery, the archive's JSON, curl, this command line.

Each sends the same service and parameters as the app does, so that a question found on the screen goes into a script,
a notebook or a cron line. The strings are for copying: exact, with odd characters escaped by each language's own rules.
"""

from __future__ import annotations

import json
import shlex
from decimal import Decimal

from mast_tui.core.columns import observation_column
from mast_tui.core.host import ArchiveHost
from mast_tui.core.query import Criterion, Query
from mast_tui.core.text import clean

#: The astroquery whose spelling is written: its query methods and the way it builds filters.
ASTROQUERY = "0.4.11"
#: Rows a page in the written requests; the archive's own limit is 50,000.
PAGE_SIZE = 1000


def spellings(query: Query, host: ArchiveHost | None = None) -> dict[str, str]:
    """The query as "astroquery", "json", "curl" and "command line". InvalidQuery for one without any condition.

    `host` is the archive that curl and the command line ask; astroquery's spelling always asks MAST itself.
    """
    host = host or ArchiveHost()
    request = _request(query)
    field = shlex.quote("request=" + json.dumps(request))
    return {
        "astroquery": _astroquery(query),
        "json": json.dumps(request, indent=1),
        "curl": f"curl -sS --data-urlencode {field} {shlex.quote(host.invoke_url)}",
        "command line": _command_line(query, host),
    }


def _request(query: Query) -> dict[str, object]:
    return {
        "service": query.service,
        "params": query.params(),
        "format": "json",
        "pagesize": PAGE_SIZE,
        "page": 1,
    }


def _astroquery(query: Query) -> str:
    query.params()
    place = query.position
    lines = [f"# {clean(query.describe(), 200)}", f"# astroquery {ASTROQUERY}"]
    if place is not None:
        lines += ["from astropy import units as u", "from astropy.coordinates import SkyCoord"]
    lines += ["from astroquery.mast import Observations", ""]
    words = []
    if place is not None:
        words.append(f'coordinates=SkyCoord({place.ra_deg!r}, {place.dec_deg!r}, unit="deg")')
        words.append(f"radius={place.radius_deg!r} * u.deg")
    words += [f"{criterion.column}={_values(criterion)}" for criterion in query.criteria]
    method = "query_criteria" if query.criteria else "query_region"
    lines += [f"observations = Observations.{method}(", *(f"    {word}," for word in words), ")"]
    return "\n".join(lines) + "\n"


def _values(criterion: Criterion) -> str:
    """The criterion as astroquery's keyword takes it; its wildcard is written with *, which it turns into %."""
    if criterion.low is not None and criterion.high is not None:
        return f"[{criterion.low!r}, {criterion.high!r}]"
    values: list[str] = [*criterion.values]
    if criterion.pattern:
        values.append(criterion.pattern.replace("%", "*"))
    # numbers read better without quotes, and astroquery turns both into the same text
    if observation_column(criterion.column).kind == "int" and all(_is_plain_integer(v) for v in values):
        return f"[{', '.join(values)}]"
    return ascii(values)


def _is_plain_integer(word: str) -> bool:
    try:
        return str(int(word)) == word
    except ValueError:
        return False


def _command_line(query: Query, host: ArchiveHost) -> str:
    words = ["mast-tui", "search"]
    if query.position is not None:
        p = query.position
        words += [f"{_plain(p.ra_deg)} {_plain(p.dec_deg)}", "--radius", f"{_plain(p.radius_deg)}deg"]
    for criterion in query.criteria:
        words += ["-c", str(criterion)]
    if not host.is_mast:
        words += ["--archive", host.base]
    return " ".join(shlex.quote(word) for word in words)


def _plain(number: float) -> str:
    """All digits of a float without an exponent, which a person's coordinates never have."""
    return format(Decimal(repr(number)), "f")
