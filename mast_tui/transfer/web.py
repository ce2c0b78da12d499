"""One worker's line to the archive, and to its cloud copy: a requests session that can be cut from another thread.

GET only, redirects followed by hand so that every hop is checked before anything is sent to it, the token only where
the archive takes it. Used by the engine; nothing else in the transfer process opens a connection.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from mast_tui import __version__
from mast_tui.core.host import Server
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.transfer.outcomes import GiveUp, NeedsLogin, TryAgain

CONNECT_S, READ_S = 15.0, 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 5
#: Bytes of an error page that are read rather than opening a new connection, and for how many seconds.
_SHORT, _SPARE_S = 1 << 14, 0.5
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

#: What a broken line raises while a body is read.
BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


class _Token(AuthBase):
    """Sends the token where it may go. Always set, because an auth object keeps requests from reading ~/.netrc, whose
    entry for the host would replace it.

    The cookie is astroquery's way; the header is the one of MAST's own download scripts.
    """

    def __init__(self, host: Server, token: Secret | None) -> None:
        self._host, self._token = host, token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token and request.url and self._host.takes_token(request.url):
            request.headers["Authorization"] = f"token {self._token.reveal()}"
            request.headers["Cookie"] = f"mast_token={self._token.reveal()}"
        return request


class _Adapter(HTTPAdapter):
    """Remembers the live sockets, so that a blocked read can be ended from another thread."""

    def __init__(self) -> None:
        self._sockets: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        if not getattr(pool, "_mast_tui_watched", False):
            pool.ConnectionCls = self._watched(pool.ConnectionCls)
            pool._mast_tui_watched = True
        return pool

    def _watched(self, base: Any) -> Any:
        adapter = self

        class Watched(base):  # type: ignore[misc] # the base is known only at run time: http or https
            def connect(self) -> None:
                super().connect()
                with adapter._guard:
                    adapter._sockets.add(self.sock)

            def close(self) -> None:
                with adapter._guard:
                    adapter._sockets.discard(self.sock)
                super().close()

        return Watched

    def cut(self) -> None:
        with self._guard:
            sockets = list(self._sockets)
        for s in sockets:
            with contextlib.suppress(OSError):
                # not SSLSocket.shutdown: that takes the TLS state away under the reading thread
                socket.socket.shutdown(s, socket.SHUT_RDWR)


class Line:
    """`read_s` is the longest silence that is borne."""

    def __init__(self, read_s: float = READ_S, connect_s: float = CONNECT_S) -> None:
        self._timeout = (connect_s, read_s)
        self._adapter = _Adapter()
        self._session = requests.Session()
        self._session.headers.clear()
        self._session.headers["User-Agent"] = f"mast-tui/{__version__}"
        self._session.headers["Accept"] = "*/*"
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, self._adapter)

    def cut(self) -> None:
        """End whatever this line is doing, from any thread."""
        self._adapter.cut()

    def spare(self, response: requests.Response, found: Mapping[str, str]) -> None:
        """Read a short answer that is of no use to its end, so that its connection serves the next question too; not
        for longer than a new connection may take."""
        length = found.get("content-length", "")
        if not length.isdecimal() or int(length) > _SHORT:
            return
        enough = threading.Timer(_SPARE_S, self.cut)
        enough.start()
        try:
            with contextlib.suppress(*BROKEN):
                response.raw.read(decode_content=False)
        finally:
            enough.cancel()

    def get(
        self, host: Server, url: str, headers: Mapping[str, str], token: Secret | None, read_s: float | None = None
    ) -> tuple[requests.Response, dict[str, str]]:
        """The answer, its body not yet read, and its headers in lower case. The caller closes it. `read_s` is the
        patience for this question, where it is another than the line's.

        TryAgain when there is no answer; GiveUp or NeedsLogin when a redirect leads where we don't go.
        """
        for _hop in range(_MOST_HOPS + 1):
            response = self._ask(host, url, headers, token, read_s or self._timeout[1])
            found = {k.lower(): v for k, v in response.headers.items()}
            if response.status_code not in _REDIRECTS:
                return response, found
            self.spare(response, found)
            response.close()
            url = urljoin(url, found.get("location", ""))
            if (urlsplit(url).hostname or "").startswith("auth."):
                raise NeedsLogin(f"{host.called} sends us to its login page for this file")
            if not host.trusts(url):
                raise GiveUp(f"{host.called} points to {clean(url, 120)}, which is not asked")
        raise TryAgain(f"{host.called} redirects in a circle")

    def _ask(
        self, host: Server, url: str, headers: Mapping[str, str], token: Secret | None, read_s: float
    ) -> requests.Response:
        loopback = (urlsplit(url).hostname or "") in _LOOPBACK
        self._session.trust_env = not loopback  # proxies and certificates of the environment, but not to this machine
        self._session.cookies.clear()
        try:
            return self._session.get(
                url,
                headers={"Accept-Encoding": "identity", **headers},
                auth=_Token(host, token),
                stream=True,
                timeout=(self._timeout[0], read_s),
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            raise TryAgain(f"{host.called}'s certificate is not accepted: {_root(error)}", unreached=True) from None
        except requests.exceptions.ReadTimeout:
            raise TryAgain(f"no answer for {read_s:.0f} s") from None
        except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            raise TryAgain(f"{host.called} can't be reached: {_root(error)}", unreached=True) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            raise TryAgain(f"{host.called} can't be asked: {_root(error)}", unreached=True) from None


def _root(error: BaseException) -> str:
    """The innermost cause, in short: the chain of a connection error holds the whole address."""
    inner: BaseException = error
    while True:
        inside = inner.args[0] if inner.args else None
        reason = getattr(inside, "reason", None) or inside or inner.__cause__ or inner.__context__
        if isinstance(reason, BaseException) and reason is not inner:
            inner = reason
            continue
        break
    if isinstance(inner, OSError) and inner.strerror:
        return clean(inner.strerror, 100)
    words = re.sub(r"\[Errno -?\d+\] ", "", str(inner)).rsplit(": ", 1)[-1]
    return clean(words or type(inner).__name__, 100)
