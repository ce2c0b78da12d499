"""Where the token comes from: the environment, a masked input (kept in memory), or the keyring when asked for.

A keyring can hang for ever on a machine without a desktop, so it is asked in a child process with a deadline; the
token travels over a pipe, never in arguments or on disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys

from mast_tui.core.errors import LocalFailure
from mast_tui.core.secret import Secret

VARIABLE = "MAST_API_TOKEN"
_SERVICE = "mast-tui"
_LIMIT_S = 3.0
_JOB = """
import sys
verb = sys.argv[1]
import keyring
if verb == "get":
    sys.stdout.write(keyring.get_password("mast-tui", "token") or "")
elif verb == "set":
    keyring.set_password("mast-tui", "token", sys.stdin.read())
elif keyring.get_password("mast-tui", "token") is not None:
    keyring.delete_password("mast-tui", "token")
"""


def take_from_environment() -> Secret | None:
    """The token in `MAST_API_TOKEN`, taken out of the environment so that no child process inherits it."""
    word = os.environ.pop(VARIABLE, "").strip()
    return Secret(word) if word else None


async def from_keyring() -> Secret | None:
    """The token kept in the keyring, or None; LocalFailure when the keyring does not answer."""
    word = await _ask("get")
    return Secret(word) if word else None


async def keep_in_keyring(token: Secret) -> None:
    await _ask("set", token.reveal())


async def forget_in_keyring() -> None:
    await _ask("forget")


async def _ask(verb: str, word: str = "") -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _JOB,
        verb,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_LIMIT_S):
            answer, _ = await process.communicate(word.encode())
    except TimeoutError:
        raise LocalFailure(
            "the keyring does not answer", f"waited {_LIMIT_S:.0f} s", f"Use {VARIABLE}, or log in for this session"
        ) from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
    if process.returncode != 0:
        raise LocalFailure(
            "this machine has no usable keyring", "", f"Use {VARIABLE}, or log in for this session"
        ) from None
    return answer.decode("utf-8", "replace")
