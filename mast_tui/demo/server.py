"""The embedded archive on a loopback socket, also as a proxy for the plain-HTTP name resolver.

`serve` runs it in threads of this process (tests), `main` in a process of its own (`python -m mast_tui.demo`, which
the app and `mast-tui demo serve` start).
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from http.server import ThreadingHTTPServer
from typing import Any

from mast_tui.demo import datasets
from mast_tui.demo.archive import Archive
from mast_tui.demo.cloud import CloudCopy
from mast_tui.demo.connection import Connection
from mast_tui.demo.faults import KINDS, Fault, parse_fault
from mast_tui.demo.holdings import HeldObservation
from mast_tui.demo.journal import Journal


class DemoServer(ThreadingHTTPServer):
    """The archive, or its cloud copy, listening on 127.0.0.1. `close` ends it at once, stalled connections too, and
    the `cloud` copy with it.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, archive: Archive | CloudCopy, port: int = 0):
        """Port 0 takes a free one. Raises OSError when the port is taken."""
        super().__init__(("127.0.0.1", port), Connection)
        self.archive = archive
        self.journal = Journal()
        self.closing = threading.Event()
        self.cloud: DemoServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> DemoServer:
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True, name="demo archive")
        self._thread.start()
        return self

    def close(self) -> None:
        if self.cloud is not None:
            self.cloud.close()
        self.closing.set()
        if self._thread is not None:
            self.shutdown()
            self._thread.join(5)
            self._thread = None
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that the other side drops are everyday; a fault of the archive itself goes to stderr."""
        kind = sys.exc_info()[0]
        if kind is not None and not issubclass(kind, OSError):
            super().handle_error(request, client_address)

    def __enter__(self) -> DemoServer:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()


def serve(
    port: int = 0,
    rows: int = 0,
    faults: Sequence[Fault] = (),
    *,
    observations: Sequence[HeldObservation] | None = None,
    resolver_entries: Iterable[Mapping[str, Any]] | None = None,
    cloud: bool = False,
    cloud_faults: Sequence[Fault] = (),
) -> DemoServer:
    """Start the archive in this process; `observations` and names default to the data sets of the demo. `cloud`: with a
    public copy of its files on another port, which has `cloud_faults`.

    Raises ValueError for more than 500,000 rows, OSError when the port is taken.
    """
    held = datasets.all_observations() if observations is None else observations
    entries = datasets.resolver_entries() if resolver_entries is None else resolver_entries
    archive = Archive(held, entries, rows, faults)
    server = DemoServer(archive, port)
    if cloud:
        server.cloud = DemoServer(CloudCopy(archive.products, cloud_faults)).start()
        archive.cloud_url = server.cloud.base_url
    return server.start()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT or, where asked, the end of stdin; the first line on stdout is the base URL."""
    given = _options().parse_args(argv)
    try:
        server = serve(
            given.port, given.rows, given.fault, cloud=given.cloud or bool(given.cloud_fault),
            cloud_faults=given.cloud_fault,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        print(f"the embedded archive can't start: {error}", file=sys.stderr)  # noqa: T201
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if given.exit_with_stdin:
        threading.Thread(target=_wait_for_stdin, args=(stop,), daemon=True).start()
    with server, contextlib.suppress(BrokenPipeError):
        print(server.base_url, flush=True)  # noqa: T201 - the promise of the command
        stop.wait()
    return 0


def _wait_for_stdin(stop: threading.Event) -> None:
    """The parent's end of the pipe closes when it ends, however it ends."""
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.buffer.read(1024):
            continue
    stop.set()


def _options() -> argparse.ArgumentParser:
    about = "; ".join(f"{name}: {kind.about} (default {kind.value:g})" for name, kind in KINDS.items())
    parser = argparse.ArgumentParser(
        prog="mast-tui demo serve",
        description="Serve the embedded archive on 127.0.0.1. The first line on stdout is its base URL.",
    )
    parser.add_argument("--port", type=_port, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--rows", type=int, default=0, help="simulated observations to add, up to 500000")
    parser.add_argument(
        "--fault",
        type=_fault,
        action="append",
        default=[],
        metavar="NAME[=VALUE][xTIMES]",
        help=f"misbehave on purpose, may be repeated: {about}",
    )
    parser.add_argument("--cloud", action="store_true", help="serve a public cloud copy of the files as well")
    parser.add_argument(
        "--cloud-fault",
        type=_fault,
        action="append",
        default=[],
        metavar="NAME[=VALUE][xTIMES]",
        help="the same for the cloud copy (which this switches on): slow, rate, missing, stall …",
    )
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when stdin closes")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def _fault(text: str) -> Fault:
    try:
        return parse_fault(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
