"""The link to the terminal in words, and a measurement of it for whoever does not run the app."""

from __future__ import annotations

import contextlib
import os
import random
import re
import select
import time
from collections.abc import Mapping
from dataclasses import replace

from mast_tui.core.text import human_bytes
from mast_tui.tui.wire.pacing import Link

#: What is sent to find the rate: so many changes of colour, which show nothing, of 8 bytes each. They are drawn at
#: random, so that a compressing ssh makes no more of them than of pictures of the app.
_CHANGES = 256
_TIMES = 3
#: Longest wait for the first answer, and for the one behind the colours (4800 baud needs 4.3 s).
_FIRST_S, _RATE_S = 1.0, 6.0
#: A rate above this takes the 2 kB less time than answers scatter by; nobody needs to know it better.
_MEASURABLE = 1e6
_REPORT = re.compile(rb"\x1b\[\d+;\d+R")


def in_words(link: Link | None, environment: Mapping[str, str] = os.environ) -> str:
    """Round trip and rate of the link, for people. `link` is None where nothing measures it."""
    if link is None:
        return "not measured: Textual's own driver does not measure it"
    if not link.answers or link.round_trip_s is None:
        return "not measured: the terminal does not answer"
    words = f"round trip {1e3 * link.round_trip_s:.0f} ms, "
    if link.bytes_per_s is None:
        words += "rate not measured yet"
    elif link.bytes_per_s > _MEASURABLE:
        words += f"over {human_bytes(_MEASURABLE)}/s"
    else:
        words += f"about {human_bytes(link.bytes_per_s)}/s"
    inside = "tmux" if environment.get("TMUX") else "screen" if environment.get("STY") else ""
    return f"{words} (as far as {inside}, which answers for the terminal)" if inside else words


def measure(fd: int) -> Link:
    """Ask the terminal `fd` where its cursor is, a few times alone and once behind 2 kB that show nothing. Takes up to
    7 s on the slowest line, a few round trips on others; what is typed meanwhile is lost. OSError where `fd` is none.
    """
    import termios
    import tty

    before = termios.tcgetattr(fd)
    try:
        tty.setcbreak(fd, termios.TCSANOW)
        round_trip = _answered_in(fd, b"", _FIRST_S)
        if round_trip is None:
            return Link(False)
        again = (_answered_in(fd, b"", _FIRST_S) for _ in range(_TIMES - 1))
        round_trip = min([round_trip, *(s for s in again if s is not None)])
        link, colours = Link(True, round_trip), _colours()
        took = _answered_in(fd, colours, _RATE_S)
        return link if took is None else replace(link, bytes_per_s=len(colours) / max(1e-6, took - round_trip))
    except termios.error as error:
        raise OSError(*error.args) from None
    finally:
        with contextlib.suppress(termios.error):
            # an answer that comes too late would be typed into the shell
            termios.tcsetattr(fd, termios.TCSAFLUSH, before)


def _colours() -> bytes:
    drawn = random.Random(6)  # noqa: S311 - nothing is secret about it
    changes = (f"\x1b[3{drawn.randrange(8)};4{drawn.randrange(8)}m" for _ in range(_CHANGES))
    return "".join([*changes, "\x1b[0m"]).encode("ascii")


def _answered_in(fd: int, data: bytes, limit_s: float) -> float | None:
    """Seconds until the terminal has answered behind `data`; None when it has not by then."""
    began = time.monotonic()
    end = began + limit_s
    rest = data + b"\x1b[6n"
    came = b""
    while (left := end - time.monotonic()) > 0:
        readable, writable, _ = select.select([fd], [fd] if rest else [], [], left)
        if writable:
            rest = rest[os.write(fd, rest[:256]) :]
        if readable:
            piece = os.read(fd, 1024)
            if not piece:
                return None
            came += piece
            if _REPORT.search(came):
                return time.monotonic() - began
    return None
