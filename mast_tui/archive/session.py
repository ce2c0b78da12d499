"""One job's web session: who is allowed to be asked, who sees the token, how long is waited. Runs in the workers.

astroquery's own session has no timeouts, a token cookie that goes to every host, and follows any redirect; a job puts
this one in its place.
"""

from __future__ import annotations

import functools
import importlib.metadata
import ipaddress
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from mast_tui import __version__
from mast_tui.core.errors import ServerError
from mast_tui.core.host import ArchiveHost
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.core.workers import report

#: Seconds to connect, and between two bytes of an answer. The archive holds an answer for up to 20 s while it works.
TIMEOUT_S = (10.0, 60.0)
#: Seconds before an unfinished question is put again, when the archive does not itself hold the answer: doubled up to
#: the second number.
_POLL_S = (0.25, 2.0)
#: An answer that says EXECUTING carries no rows; anything longer is not looked at.
_LONGEST_POLL_ANSWER = 8192


class HostToken(AuthBase):
    """Sends the token to the archive's own address, as header and as cookie, and to nobody else.

    Both, because the cookie is what astroquery sends and the header is what worked where the cookie did not
    (astroquery issue 2016). Without a token it is there all the same: it keeps `~/.netrc` out.
    """

    def __init__(self, host: ArchiveHost, token: Secret | None) -> None:
        self._host, self._token = host, token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.pop("Authorization", None)
        if self._token and request.url and self._host.takes_token(request.url):
            word = self._token.reveal()
            request.headers["Authorization"] = f"token {word}"
            others = request.headers.get("Cookie")
            request.headers["Cookie"] = f"{others}; mast_token={word}" if others else f"mast_token={word}"
        return request


class _Adapter(HTTPAdapter):
    """Fills in the timeouts, and keeps requests to this machine away from proxies."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        if _on_this_machine(urlsplit(request.url or "").hostname or ""):
            proxies = None
        return super().send(request, stream, TIMEOUT_S if timeout is None else timeout, verify, cert, proxies)


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@functools.cache
def _adapter() -> _Adapter:
    """Shared by all jobs of a process: connections stay open from page to page."""
    return _Adapter(pool_connections=4, pool_maxsize=8)


@functools.cache
def user_agent() -> str:
    return f"mast-tui/{__version__} (+astroquery/{importlib.metadata.version('astroquery')})"


class ArchiveSession(requests.Session):
    """A session for one job. Proxies of the environment are used; redirects stay within the archive's own hosts."""

    def __init__(self, host: ArchiveHost, token: Secret | None = None) -> None:
        super().__init__()
        self._host = host
        self.headers["User-Agent"] = user_agent()
        self.auth = HostToken(host, token)
        self.max_redirects = 5
        self.mount("https://", _adapter())
        self.mount("http://", _adapter())
        self.hooks["response"].append(_Poll())

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None and not self._host.trusts(urljoin(resp.url, target)):
            raise ServerError(
                "the archive points to an address that is not its own",
                f"It was not followed: {clean(target, 200)}",
                "Check the archive's address, and whether this network asks for a login first",
            )
        return target

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        prepared_request.prepare_auth(self.auth)


class _Poll:
    """Keeps astroquery's loop over EXECUTING answers, which has no pause of its own, from becoming a storm."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._pause_s = _POLL_S[0]

    def __call__(self, response: requests.Response, **_: object) -> None:
        if response.status_code != requests.codes.ok or not response.url.endswith("/invoke"):
            return
        if len(response.content) > _LONGEST_POLL_ANSWER or b"EXECUTING" not in response.content:
            return
        try:
            answer = json.loads(response.content)
        except ValueError:
            return
        if not isinstance(answer, dict) or answer.get("status") != "EXECUTING":
            return
        done = answer.get("percent complete")
        share = f", {clean(done, 6)} % done" if isinstance(done, int | float) else ""
        report(f"the archive is working on it{share} ({time.monotonic() - self._began:.0f} s)")
        if response.elapsed.total_seconds() < self._pause_s:
            time.sleep(self._pause_s - response.elapsed.total_seconds())
        self._pause_s = min(2 * self._pause_s, _POLL_S[1])
