"""What Textual writes, read as cells: every sign as wide as Textual counts it, whatever stands beside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from mast_tui.tui.wire.cells import PLAIN, blank
from mast_tui.tui.wire.reading import cells_of

_PLOT = [*map(chr, range(0x20, 0x7F)), *map(chr, range(0x2500, 0x25A0)), *map(chr, range(0x2800, 0x2900))]


def test_the_signs_of_a_plot_are_a_cell_each() -> None:
    assert {get_character_cell_size(char) for char in _PLOT} == {1}
    cells, passed = cells_of("".join(_PLOT), "truecolor")
    assert [char for char, _pen in cells] == _PLOT and passed == ""


@given(st.text(alphabet=st.sampled_from([*" a~┊█⣿\x7f\x07", "é", "中", "🔭", "\u0301"]), max_size=30))
def test_words_take_the_cells_that_textual_counts(words: str) -> None:
    shown = "".join(char for char in words if char >= " ")
    cells, _passed = cells_of(words, "truecolor")
    assert len(cells) == cell_len(shown)
    assert "".join(char for char, _pen in cells).lstrip("\u0301\x7f") == shown.lstrip("\u0301\x7f")
    assert all(cell == blank(PLAIN) for cell in cells if cell[0] == " ")
