"""What a preview's nouns say of themselves in words."""

from __future__ import annotations

import pytest

from mast_tui.core.look import ANY_FLAG, Quality


@pytest.mark.parametrize(
    ("quality", "rule"),
    [
        (Quality("QUALITY", 17087, 7), "QUALITY & 17087"),
        (Quality("DQ", 1, 7), "DQ & 1"),
        (Quality("flags", ANY_FLAG, 7), "flags"),
        (Quality("WEIGHT", 0, 7), "WEIGHT"),
    ],
)
def test_a_mask_of_every_flag_is_named_by_its_column_and_not_by_a_large_number(quality: Quality, rule: str) -> None:
    assert quality.rule == rule
