"""Long work of the disk, in a thread that nobody has to wait for.

`asyncio.to_thread` makes the end of the program wait for its threads; hashing a file of several gigabytes, or asking
a dead network disk, must not.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_own_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `function` gives or raises. Cancelling leaves the thread to itself; it ends with the process."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        if not answer.done():
            set_it()

    def run() -> None:
        try:
            value = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
            failure = error
            tell: Callable[[], None] = lambda: settle(lambda: answer.set_exception(failure))  # noqa: E731
        else:
            tell = lambda: settle(lambda: answer.set_result(value))  # noqa: E731
        with contextlib.suppress(RuntimeError):  # the loop is gone, and with it whoever asked
            loop.call_soon_threadsafe(tell)

    threading.Thread(target=run, daemon=True, name=function.__name__).start()
    return await answer
