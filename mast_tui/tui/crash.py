"""A report of a defect: the lines of code that led to it, without the values of variables, which may hold a token."""

from __future__ import annotations

import os
import platform
import traceback
from datetime import UTC, datetime
from pathlib import Path

from mast_tui import __version__
from mast_tui.core import folders
from mast_tui.core.errors import MastTuiError
from mast_tui.core.text import clean


def write_report(error: BaseException | None) -> str:
    """Write the report into the state folder (0600); returns a sentence saying where it is, or what it would say."""
    now = datetime.now(UTC)
    system = f"Python {platform.python_version()}, {platform.system()}"
    lines = [f"mast-tui {__version__}, {system}, {now:%Y-%m-%dT%H:%M:%SZ}"]
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {'/'.join(Path(f.filename).parts[-3:])}:{f.lineno} {f.name}" for f in frames]
        lines.append(f"{type(error).__name__}: {clean(error, 300)}")
    try:
        path = folders.ensure_private(folders.state_folder()) / f"crash-{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
        folders.write_whole(path, "\n".join(lines) + "\n")
    except (OSError, MastTuiError):
        return lines[-1]
    return f"The report is in {path}"
