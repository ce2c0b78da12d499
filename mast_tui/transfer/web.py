"""One worker's line to the archive, and to its cloud copy: open connections that can be cut from another thread.

GET only, redirects followed by hand so that every hop is checked before anything is sent to it, the token only where
the archive takes it. urllib3 and not requests, which is on it: requests adds cookies, `~/.netrc` and redirects, all of
which must be kept away here, and takes 15 ms more to load while the user waits. What the environment says of proxies
and certificates is read as requests does (`way`). Used by the engine; nothing else in the transfer process opens a
connection.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from mast_tui import __version__
from mast_tui.core.host import Server
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.transfer.outcomes import GiveUp, NeedsLogin, TryAgain
from mast_tui.transfer.way import manager_for

CONNECT_S, READ_S = 15.0, 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 5
#: Bytes of an error page that are read rather than opening a new connection, and for how many seconds.
_SHORT, _SPARE_S = 1 << 14, 0.5

#: What a broken line raises while a body is read.
BROKEN = (urllib3.exceptions.HTTPError, OSError, ValueError)


class _Sockets:
    """The live sockets of a line, so that a blocked read can be ended from another thread."""

    def __init__(self) -> None:
        self._live: set[socket.socket] = set()
        self._guard = threading.Lock()

    def watch(self, manager: urllib3.PoolManager) -> urllib3.PoolManager:
        """Know of every connection that this manager will make."""
        manager.pool_classes_by_scheme = {
            scheme: self._watched(pool) for scheme, pool in manager.pool_classes_by_scheme.items()
        }
        return manager

    def _watched(self, pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
        connection: type[HTTPConnection] = pool.ConnectionCls  # type: ignore[assignment] # its own is a protocol
        sockets = self

        class Watched(connection):  # type: ignore[misc,valid-type] # known only at run time: http, https or SOCKS
            sock: socket.socket

            def connect(self) -> None:
                super().connect()
                with sockets._guard:
                    sockets._live.add(self.sock)

            def close(self) -> None:
                with sockets._guard:
                    sockets._live.discard(self.sock)
                super().close()

        return type(pool.__name__, (pool,), {"ConnectionCls": Watched})

    def cut(self) -> None:
        with self._guard:
            live = list(self._live)
        for s in live:
            with contextlib.suppress(OSError):
                # not SSLSocket.shutdown: that takes the TLS state away under the reading thread
                socket.socket.shutdown(s, socket.SHUT_RDWR)


@dataclass(frozen=True)
class Answer:
    """What came from `url`, after redirects: `headers` in lower case, the body not yet read. To be closed."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: urllib3.BaseHTTPResponse

    def close(self) -> None:
        self.body.close()


class Line:
    """`read_s` is the longest silence that is borne."""

    def __init__(self, read_s: float = READ_S, connect_s: float = CONNECT_S) -> None:
        self._connect_s, self._read_s = connect_s, read_s
        self._sockets = _Sockets()
        self._managers: dict[str, urllib3.PoolManager] = {}

    def cut(self) -> None:
        """End whatever this line is doing, from any thread."""
        self._sockets.cut()

    def spare(self, answer: Answer) -> None:
        """Read a short answer that is of no use to its end, so that its connection serves the next question too; not
        for longer than a new connection may take."""
        length = answer.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > _SHORT:
            return
        enough = threading.Timer(_SPARE_S, self.cut)
        enough.start()
        try:
            with contextlib.suppress(*BROKEN):
                answer.body.read(decode_content=False)
        finally:
            enough.cancel()

    def get(
        self, host: Server, url: str, headers: Mapping[str, str], token: Secret | None, read_s: float | None = None
    ) -> Answer:
        """The answer; the caller closes it. `read_s` is the patience for this question, where it is another than the
        line's.

        TryAgain when there is no answer; GiveUp or NeedsLogin when a redirect leads where we don't go.
        """
        for _hop in range(_MOST_HOPS + 1):
            answer = self._ask(host, url, headers, token, read_s or self._read_s)
            if answer.status not in _REDIRECTS:
                return answer
            self.spare(answer)
            answer.close()
            url = urljoin(url, answer.headers.get("location", ""))
            if (urlsplit(url).hostname or "").startswith("auth."):
                raise NeedsLogin(f"{host.called} sends us to its login page for this file")
            if not host.trusts(url):
                raise GiveUp(f"{host.called} points to {clean(url, 120)}, which is not asked")
        raise TryAgain(f"{host.called} redirects in a circle")

    def _ask(self, host: Server, url: str, headers: Mapping[str, str], token: Secret | None, read_s: float) -> Answer:
        sent = {"User-Agent": f"mast-tui/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        if token and host.takes_token(url):
            # the cookie is astroquery's way; the header is the one of MAST's own download scripts
            sent |= {"Authorization": f"token {token.reveal()}", "Cookie": f"mast_token={token.reveal()}"}
        try:
            came = self._manager(url).urlopen(
                "GET",
                url,
                headers=sent,
                timeout=urllib3.Timeout(connect=self._connect_s, read=read_s),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except urllib3.exceptions.SSLError as error:
            raise TryAgain(f"{host.called}'s certificate is not accepted: {_root(error)}", unreached=True) from None
        except urllib3.exceptions.ReadTimeoutError:
            raise TryAgain(f"no answer for {read_s:.0f} s") from None
        except urllib3.exceptions.ProxyError as error:
            raise TryAgain(f"the proxy does not lead to {host.called}: {_root(error)}", unreached=True) from None
        except (urllib3.exceptions.TimeoutError, urllib3.exceptions.ProtocolError) as error:
            raise TryAgain(f"{host.called} can't be reached: {_root(error)}", unreached=True) from None
        except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            raise TryAgain(f"{host.called} can't be asked: {_root(error)}", unreached=True) from None

        return Answer(url, came.status, {k.lower(): v for k, v in came.headers.items()}, came)

    def _manager(self, url: str) -> urllib3.PoolManager:
        place = urljoin(url, "/")
        if place not in self._managers:
            self._managers[place] = self._sockets.watch(manager_for(url))
        return self._managers[place]


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
