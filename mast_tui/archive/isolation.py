"""What the worker processes of this room see of the user's machine: its proxies, and nothing that could redirect,
prompt or print. Used by `archive.client` when it starts them.
"""

from __future__ import annotations

from pathlib import Path

_PLAIN_CONFIG = Path(__file__).resolve().parent / "plain_config"


def worker_environment() -> dict[str, str]:
    """Environment variables to set in the workers.

    The user's astropy configuration can point astroquery at another server and switch on a log file that holds
    requests, so an empty one takes its place (XDG_CONFIG_HOME for astropy up to 7, ASTROPY_CONFIG_DIR from 8 on).
    The null keyring keeps astroquery from waiting for a locked one.
    """
    return {
        "XDG_CONFIG_HOME": str(_PLAIN_CONFIG),
        "ASTROPY_CONFIG_DIR": str(_PLAIN_CONFIG / "astropy"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
