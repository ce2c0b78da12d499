"""What a key costs on the wire is within its budget: the budgets of the benchmark, whatever the machine's load."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.bench_wire import (
    APP,
    BUDGETS,
    MARKER,
    PLAIN,
    environment,
    ten_transfers,
    the_app,
    to_results,
)
from tests.journeys.ptyharness import Terminal


def test_keys_of_the_search_and_of_a_long_list(tmp_path: Path) -> None:
    """At both sizes, a cursor each; most of the time is waited for silence, so both are waited for at once."""
    with ThreadPoolExecutor() as pool:
        small = pool.submit(the_app, (80, 24), 2000, tmp_path, MARKER)
        large = pool.submit(the_app, (120, 40), 2000, tmp_path, PLAIN)
        for found, with_marker in ((small.result(), True), (large.result(), False)):
            budgets = {action: pair[with_marker] for action, pair in BUDGETS.items() if action in found}
            assert len(budgets) == 6
            assert {action: n for action, n in found.items() if n > budgets[action]} == {}


def test_ten_transfers_for_five_seconds(tmp_path: Path) -> None:
    sent = ten_transfers((120, 40), tmp_path, PLAIN)
    assert 0 < sent <= BUDGETS["ten transfers, 5 s"][0]


def test_on_a_slow_link_the_rows_move_a_page_on_under_the_cursor(tmp_path: Path) -> None:
    """A held key then costs a page now and then, and a sign a step: a tenth of what scrolling by lines costs."""
    with Terminal([*APP, "--rows", "2000", "--low-bandwidth", "on"], env=environment(tmp_path)) as terminal:
        to_results(terminal, 0.5)
        assert terminal.lines[3].startswith("▸")
        terminal.press(*["down"] * 18)
        terminal.wait_until(lambda _: terminal.lines[21].startswith("▸"), "the last row")
        last = terminal.lines[21].strip("▸ ")
        terminal.press("down")
        terminal.wait_until(lambda _: terminal.lines[4].startswith("▸"), "the second row of the next page")
        assert terminal.lines[3].strip() == last, "the last row is the first"
        before = terminal.sent
        terminal.press(*["down"] * 10)
        terminal.wait_until(lambda _: terminal.lines[14].startswith("▸"), "ten rows on")
        assert terminal.sent - before <= 10 * BUDGETS["cursor"][1]
