"""One verb on the controller: started, guarded by signals, and ended with everything it started.

A signal cancels the work, gives the rooms a second to end their processes, and leaves; a second signal leaves at once.
A terminal that goes away without a signal (somebody had SIGHUP ignored) is the same. Under `nohup` we have none, and
go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import termios
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import Scene

if TYPE_CHECKING:
    from mast_tui.controller import Controller

Work = Callable[["Controller"], Awaitable[int]]
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: How long the rooms may take to end; together with the way here this keeps a stop within a second.
_CLOSE_S = 0.8
#: How often we look whether the terminal is still there.
_LOOK_S = 0.5


def run_verb(work: Work, scene: Scene, *, token: bool = True, **settings: Any) -> int:
    """Run `work` with a controller on the archive that `scene` chose; `token` False leaves the user's token alone."""
    chosen = scene.settings(**settings)

    from mast_tui.controller import Controller

    controller = Controller(chosen, demo=scene.demo, demo_rows=scene.rows or 0)
    if scene.demo:
        talk.say("The embedded demo archive answers: simulated and sample data.")
    return asyncio.run(_guarded(work, controller, token, scene.json))


async def _guarded(work: Work, controller: Controller, token: bool, as_json: bool) -> int:
    loop = asyncio.get_running_loop()

    async def whole() -> int:
        if token:
            await controller.token_from_user()
        else:
            os.environ.pop("MAST_API_TOKEN", None)  # no child process needs it
        return await work(controller)

    task = asyncio.ensure_future(whole())
    caught: list[signal.Signals] = []
    terminals = [fd for fd in (1, 2) if os.isatty(fd)]

    def stop(number: signal.Signals) -> None:
        if caught:
            os._exit(128 + number)
        caught.append(number)
        _let_go_of(terminals)
        task.cancel()

    for number in _SIGNALS:
        # `nohup` ignores SIGHUP on purpose
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop, number)
    watch = asyncio.ensure_future(_hung_up(terminals, lambda: stop(signal.SIGHUP)))
    try:
        return await task
    except asyncio.CancelledError:
        if not caught:
            raise
    finally:
        watch.cancel()
        talk.wipe()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_S if caught else None):
                await controller.close()
    _leave(caught[0], as_json)


async def _hung_up(terminals: Sequence[int], then: Callable[[], None]) -> None:
    """Call `then` once one of these descriptors is no terminal any more."""
    while terminals:
        if any(_is_gone(fd) for fd in terminals):
            return then()
        await asyncio.sleep(_LOOK_S)


def _is_gone(terminal: int) -> bool:
    try:
        termios.tcgetattr(terminal)
    except termios.error:
        return True
    return False


def _let_go_of(terminals: Sequence[int]) -> None:
    """Send our last words nowhere: written to a terminal that is gone, they would fail and cut the end short."""
    gone = [fd for fd in terminals if _is_gone(fd)]
    if gone:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for fd in gone:
            os.dup2(nowhere, fd)


def _leave(number: signal.Signals, as_json: bool) -> NoReturn:
    """End now: a thread that reads a large file can't be stopped, and must not keep the prompt waiting."""
    ends.leave(ends.of_interrupt(as_json) if number == signal.SIGINT else 128 + number)
