"""The journal of the embedded archive counts what is answered between two clearings, and nothing else."""

from __future__ import annotations

from mast_tui.demo.journal import Entry, Journal

ANSWERED = Entry("GET", "/api/v0.1/Download/file", "download", "a.fits", 200, 65_536, "test", False, "")


def test_an_answer_from_before_the_clearing_is_not_counted_after_it() -> None:
    journal = Journal()
    old = journal.begin("download")
    journal.clear()
    new = journal.begin("download")
    journal.end("download", ANSWERED, old)  # left by its client long ago, it ends only now
    stats = journal.stats()
    assert stats["now_at_once"]["download"] == 1 and not stats["bytes_sent"]
    journal.end("download", ANSWERED, new)
    stats = journal.stats()
    assert stats["now_at_once"]["download"] == 0 and stats["bytes_sent"]["download"] == 65_536
    assert stats["requests"] == 1 and stats["most_at_once"]["download"] == 1
