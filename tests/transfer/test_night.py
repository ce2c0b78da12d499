"""A night's run over a bad link: random faults all night, the app away twice, and in the morning every file is right.

A short night of 150 files here; `MAST_TUI_NIGHT_S=600 pytest -s tests/transfer/test_night.py` is ten minutes and 2,000.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from mast_tui.core.host import ArchiveHost
from mast_tui.core.manifest import read_manifest
from mast_tui.transfer import Transfers, verify

from .chaos import Chaos, Fault
from .conftest import session_of
from .fits_files import hdu
from .test_kill_loop import all_right, wrong
from .test_service import gone

NIGHT_S = float(os.environ.get("MAST_TUI_NIGHT_S", "12"))
FILES = 2000 if NIGHT_S >= 300 else 150
#: How many answers are spoiled.
SPOILED = 0.3
KINDS = (
    "reset", "stall", "cut", "nolength", "chunked", "html", "disguised", "status", "norange", "newversion", "weak"
)  # fmt: skip


def fits_body(name: str, size: int, version: int) -> bytes:
    """A FITS file of about `size` bytes, other for each version."""
    data = random.Random(f"{name}#{version}").randbytes(size)
    return hdu({"SIMPLE": True, "BITPIX": 8, "NAXIS": 1, "NAXIS1": size}, data)


class BadNight(Chaos):
    """Until `morning` (by the monotonic clock) answers are spoiled at random, and for a while nobody is there."""

    morning: float
    outage: tuple[float, float]

    def begin(self, seconds: float) -> None:
        now = time.monotonic()
        self.dice = random.Random(11)
        self.met: Counter[str] = Counter()
        self.morning = now + seconds
        self.outage = (now + 0.45 * seconds, now + 0.5 * seconds)

    def _fault(self, name: str) -> Fault:
        now = time.monotonic()
        if self.outage[0] < now < self.outage[1]:
            fault = Fault("status", code=503, headers={"Retry-After": "1"})
        elif now > self.morning or self.dice.random() > SPOILED:
            return Fault("none")
        else:
            code = self.dice.choice((429, 500, 502, 503))
            fault = Fault(self.dice.choice(KINDS), at=self.dice.random(), code=code)
        self.met[fault.kind] += 1
        return fault


@pytest.mark.timeout(120 + 2 * NIGHT_S)
async def test_after_a_bad_night_every_file_is_right(home: Path) -> None:
    dice = random.Random(5)
    out = home / "out"
    sizes = {f"n{i:04d}.fits": dice.randrange(1_000, 60_000) for i in range(FILES)}
    need = sum(len(fits_body(name, size, 0)) for name, size in sizes.items())
    with BadNight(dict(sizes), body=fits_body, total_bps=need / (0.8 * NIGHT_S)) as chaos:
        chaos.begin(NIGHT_S)
        began = time.monotonic()
        app = Transfers(ArchiveHost(chaos.base))
        await app.add(session_of(chaos, out))
        for _time in range(2):
            await asyncio.sleep(NIGHT_S / 6)
            await app.leave(go_on=True)
            before = len(list(out.glob("*.fits")))
            await asyncio.sleep(NIGHT_S / 6)
            assert wrong(chaos, out) == []
            assert len(list(out.glob("*.fits"))) > before, "it goes on while nobody looks"
            app = Transfers(ArchiveHost(chaos.base))
            assert await app.attach_if_running()
        done = await app.settled("s1")
        given_up = sum(t.state != "done" for t in done)
        if given_up:  # a file may have met more faults than it has tries: in the morning one key asks for those again
            print(Counter((t.state, t.why) for t in done if t.state != "done"))
            await app.retry()
            done = await app.settled("s1")
        took = time.monotonic() - began
        assert Counter(t.state for t in done) == {"done": FILES}
        await app.leave(go_on=False)
        assert await gone(10)
        all_right(chaos, out)
        assert {f.state for f in read_manifest((out / "manifest.json").read_text()).files} == {"done"}
        report = verify(out)
        assert report.ok and report.count("right") == FILES
        assert sum(chaos.met.values()) > FILES / 10
        over = 100 * (chaos.sent - sum(len(chaos.content(n)) for n in sizes)) / need
        print(f"{FILES} files in {took:.0f} s, {dict(chaos.met)}; given up first {given_up}, sent again {over:.1f} %")
