"""What is kept of files that were looked at: bounded, and never wrong about which bytes are there."""

from __future__ import annotations

import os
from dataclasses import replace

from mast_tui.core.look_store import Kept, folder_of, new_kept, read_kept, tidy, write_kept

BASE = "https://archive.example"


def keep(name: str, n_bytes: int, at: float) -> Kept:
    kept = replace(new_kept(BASE, f"mast:HST/product/{name}"), validator='"v"', total=n_bytes, known=((0, n_bytes),))
    kept.data.write_bytes(os.urandom(n_bytes))
    write_kept(kept)
    os.utime(folder_of(BASE, kept.uri), (at, at))
    return kept


def test_what_was_looked_at_longest_ago_goes_first() -> None:
    old, new = keep("old.fits", 300_000, 1e9), keep("new.fits", 300_000, 2e9)
    tidy(limit=400_000)
    assert read_kept(BASE, old.uri) is None and read_kept(BASE, new.uri) == new


def test_a_file_larger_than_the_store_is_kept_while_it_is_looked_at() -> None:
    old, huge = keep("old.fits", 100_000, 1e9), keep("huge.fits", 900_000, 2e9)
    tidy(limit=400_000, spare=huge)
    assert read_kept(BASE, old.uri) is None and read_kept(BASE, huge.uri) == huge
    tidy(limit=400_000)
    assert read_kept(BASE, huge.uri) is None
