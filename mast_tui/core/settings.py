"""Settings: built-in values < configuration file < environment (`MAST_TUI_…`) < command line; each knows its origin.

An unknown key is refused with the nearest right one: a typo that is silently ignored costs an evening. The token is
not a setting: it is read from `MAST_API_TOKEN` by the controller and never passes through here.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mast_tui.core import folders, host, sky
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.text import clean, nearest

ENVIRONMENT_PREFIX = "MAST_TUI_"


def _setting(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True)
class Settings:
    """All settings, valid ones only. `origins` says of each where its value comes from."""

    archive: str = _setting(host.MAST, "address of the archive; https, or http on this machine")
    download_folder: str = _setting("", "where files go; empty: ~/mast")
    data_folders: tuple[str, ...] = _setting(
        (), "folders with data fetched before, by whatever tool: what stands there is copied, not fetched again"
    )
    radius: str = _setting(f"{sky.DEFAULT_RADIUS_DEG}deg", "search radius when none is given, with its unit")
    page_size: int = _setting(1000, "rows asked for at once (100 to 50000)")
    jobs: int = _setting(4, "transfers at once (1 to 4)")
    source: str = _setting("auto", "where files come from: archive, cloud (its public copy), or auto: the faster")
    limit_rate: str = _setting("", "most bytes a second over all transfers: 500k, 2M; empty: no limit")
    ask_above_size: str = _setting("2G", "`get` asks at a terminal before it fetches more bytes than this: 500M, 2G")
    ask_above_files: int = _setting(500, "and before it fetches more files than this")
    deadline_s: int = _setting(120, "seconds after which one question to the archive is given up")
    theme: str = _setting("auto", "auto, or a theme of Textual: textual-dark, textual-light, ansi-dark, nord …")
    colors: str = _setting(
        "auto", "colours of the terminal: truecolor, 256, 16, none, or auto: as COLORTERM, TERM and NO_COLOR say"
    )
    cursor: str = _setting("row", "how the table's cursor is shown: row, or marker (fewer bytes on a slow link)")
    low_bandwidth: str = _setting(
        "auto", "send less at once, refine when the line is quiet: on, off, or auto, when the terminal's link is slow"
    )
    plot: str = _setting("braille", "how curves are drawn: braille, or ascii where the font has no braille")
    graphics: str = _setting("off", "true pixels for images (sixel, kitty): off, or auto to ask the terminal at start")
    mouse: bool = _setting(False, "read the mouse; off leaves selecting text to the terminal")
    keyring: bool = _setting(False, "keep the token in the desktop's keyring when logging in")
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def radius_deg(self) -> float:
        return sky.parse_radius(self.radius)

    @property
    def limit_rate_bytes(self) -> int | None:
        return parse_rate(self.limit_rate) if self.limit_rate else None

    @property
    def ask_above_bytes(self) -> int:
        return parse_rate(self.ask_above_size)

    @property
    def data_folder_paths(self) -> tuple[Path, ...]:
        return tuple(Path(folder).expanduser() for folder in self.data_folders)

    @property
    def folder(self) -> Path:
        return Path(self.download_folder).expanduser() if self.download_folder else folders.default_download_folder()

    def with_values(self, values: Mapping[str, Any], origin: str) -> Settings:
        """A copy with `values` set and checked; InvalidQuery names what is wrong and the nearest right key."""
        known = {f.name: f for f in fields(self) if f.name != "origins"}
        changed: dict[str, Any] = {}
        for key, value in values.items():
            if key not in known:
                near = nearest(key, known)
                raise InvalidQuery(
                    f"there is no setting “{clean(key, 40)}” ({clean(origin, 200)})",
                    "",
                    f"Did you mean {near}?" if near else "`mast-tui config show` lists them",
                )
            changed[key] = _checked(key, value, getattr(self, key), origin)
        origins = {**self.origins, **dict.fromkeys(changed, origin)}
        return replace(self, **changed, origins=origins)


def names_and_help() -> dict[str, str]:
    return {f.name: f.metadata["help"] for f in fields(Settings) if f.name != "origins"}


def load(
    path: Path | None = None, environment: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> Settings:
    """The settings in force. `overrides` are those of the command line; None in them means: not given."""
    settings = Settings()
    path = path or folders.config_file()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidQuery(f"{clean(path, 200)} can't be read", clean(error, 100)) from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidQuery(f"{clean(path, 200)} is not valid TOML", clean(error, 200)) from None
    settings = settings.with_values(values, str(path))
    environment = os.environ if environment is None else environment
    # MAST_TUI_STOCK_DRIVER and the like are switches of single rooms, not settings
    known = names_and_help()
    for key, value in environment.items():
        name = key.removeprefix(ENVIRONMENT_PREFIX).lower()
        if key.startswith(ENVIRONMENT_PREFIX) and name in known:
            settings = settings.with_values({name: value}, f"environment {key}")
    given = {k: v for k, v in (overrides or {}).items() if v is not None}
    return settings.with_values(given, "command line")


def parse_rate(text: str) -> int:
    """Bytes a second from "500k", "2M", "1500"; powers of ten. InvalidQuery in a sentence otherwise."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kKmMgG]?)(?:[bB](?:/s)?)?\s*", text)
    if not match or float(match[1]) <= 0:
        raise InvalidQuery(f"“{clean(text, 30)}” is not a rate", "", "Write bytes a second: 500k or 2M")
    return max(1, round(float(match[1]) * {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}[match[2].lower()]))


_LIMITS = {"page_size": (100, 50000), "jobs": (1, 4), "deadline_s": (5, 3600), "ask_above_files": (0, 10**9)}
_CHOICES = {
    "source": ("auto", "archive", "cloud"),
    "colors": ("auto", "truecolor", "256", "16", "none"),
    "cursor": ("row", "marker"),
    "plot": ("braille", "ascii"),
    "graphics": ("off", "auto"),
    "low_bandwidth": ("auto", "on", "off"),
}


def _checked(key: str, value: Any, default: object, origin: str) -> object:
    where = f"setting {key} ({clean(origin, 200)})"
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        word = str(value).lower()
        if word in ("1", "true", "yes", "on", "0", "false", "no", "off"):
            return word in ("1", "true", "yes", "on")
        raise InvalidQuery(f"{where} is “{clean(value, 30)}”", "It is on or off", "Write true or false")
    if isinstance(default, tuple):
        return _folders(value, where)
    if isinstance(default, int):
        low, high = _LIMITS[key]
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = low - 1
        if isinstance(value, bool) or not low <= number <= high:
            raise InvalidQuery(f"{where} is “{clean(value, 30)}”", f"It is a number from {low} to {high}")
        return number
    word = str(value)
    if key in _CHOICES and word not in _CHOICES[key]:
        raise InvalidQuery(f"{where} is “{clean(word, 30)}”", f"It is one of {', '.join(_CHOICES[key])}")
    try:
        if key == "archive":
            return host.parse_host(word).base
        if key == "radius":
            sky.parse_radius(word)
        if key == "ask_above_size" or (key == "limit_rate" and word):
            parse_rate(word)
    except InvalidQuery as error:
        if key == "ask_above_size":
            raise InvalidQuery(f"{where} is “{clean(word, 30)}”", "It is a size in bytes", "Write 500M or 2G") from None
        if origin == "command line":
            raise
        raise InvalidQuery(f"{where}: {error.what}", error.why, error.next_step) from None
    return word


def _folders(value: Any, where: str) -> tuple[str, ...]:
    """Folders as a list in TOML, or in one word with colons between them, as in PATH."""
    words = value.split(os.pathsep) if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise InvalidQuery(f"{where} is no list of folders", "", 'Write ["/data/mast", "~/old"]')
    for word in filter(None, words):
        if not word.startswith(("/", "~")):
            raise InvalidQuery(f"{where}: “{clean(word, 100)}” is not an absolute path", "", "Write /data/… or ~/…")
    return tuple(filter(None, words))
