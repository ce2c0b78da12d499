"""`mast-tui preview` in words and numbers: --info, --words, --format json, and how a run with several files ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mast_tui.cli import ends, talk
from mast_tui.cli.preview_steps import Worked, search_json
from mast_tui.core.errors import InvalidQuery, UnreadableFile
from mast_tui.core.look import ImageLook, Series

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.core.look import Fact, Preview


def as_json(preview: Preview, found: Worked | None, info: bool, words: bool) -> str:
    """One object a line; more keys than those of the file itself only where they were asked for."""
    told = preview.to_json()
    if info:
        told["hdus"] = _hdus(preview)
        told["facts"] = [{"name": f.name, "value": f.value, "meaning": f.meaning} for f in _report(preview, found)]
    if preview.moved is not None:
        told["moved"] = {"bytes": preview.moved.n_bytes, "of_bytes": preview.moved.of_bytes, "how": preview.moved.how}
    if words:
        told["words"] = in_words(preview, found)
    if found is not None and found.searches:
        told["periodogram"] = search_json(found.searches[0])
        if len(found.searches) > 1:
            told["periodogram"]["residual"] = search_json(found.searches[1])
    return json.dumps(told) + "\n"


def in_words(preview: Preview, found: Worked | None) -> str:
    """The summary in sentences. InvalidQuery for what is neither a curve nor a spectrum."""
    from mast_tui.plot import takeaway

    series = found.series if found is not None else preview.series[0] if preview.series else None
    if series is None:
        raise InvalidQuery(f"there are no words for {preview.file}", f"It is of kind {preview.kind}", "Choose --info")
    return takeaway.in_words(series, preview.facts) + "\n"


async def verified(controller: Controller, where: str, preview: Preview) -> Preview:
    """With the checksums of a FITS file that is here verified, however large it is: --info asks for just that."""
    try:
        fact = None if preview.header is None else await controller.looks.checksums(where, talk.passing)
    except UnreadableFile:  # too large to be summed up in time: what the look found out stands
        fact = None
    if fact is None:
        return preview
    return replace(preview, facts=tuple(fact if old.name == fact.name else old for old in preview.facts))


def write_info(preview: Preview, found: Worked | None) -> None:
    """To stdout: what the file is, how good what is shown first is, what can be drawn, and its HDUs."""
    from mast_tui.cli.text_table import Heading, write_text_table

    for name, value in (("file", preview.file), ("kind", preview.kind), ("instrument", preview.instrument),
                        ("target", preview.target)):  # fmt: skip
        if value:
            talk.out(f"{name}: {value}")
    for fact in _report(preview, found):
        talk.out(f"{fact.name}: {fact.value}{f' ({fact.meaning})' if fact.meaning else ''}")
    for problem in preview.problems:
        talk.out(f"problem: {problem}")
    items = [
        (
            item.name,
            item.kind,
            "" if item.hdu is None else str(item.hdu),
            "×".join(str(n) for n in item.shape),
            str(item.n_rows),
            "" if isinstance(item, Series) and not item.read else str(item.n_good),
        )
        for item in preview.items
    ]
    if items:
        talk.out()
        write_text_table([Heading(h) for h in ("Can be drawn", "Kind", "HDU", "Shape", "Points", "Good")], items)
    hdus = [
        (str(h["index"]), h["name"], h["kind"], "×".join(str(n) for n in h["shape"]), " ".join(h["columns"]))
        for h in _hdus(preview)
    ]
    if hdus:
        talk.out()
        write_text_table([Heading(h) for h in ("HDU", "Name", "Kind", "Shape", "Columns")], hdus)


def end(previews: Sequence[Preview], found: Worked | None, told: bool) -> int:
    """The exit code; what a period search says where no text could, and what was wrong with files, goes to stderr."""
    if found is not None and not told:
        for search in found.searches:
            talk.say(search.verdict.words)
    code = ends.DONE
    for preview in previews:
        if preview.kind == "unreadable":
            code = ends.FAILED
            for problem in preview.problems:
                talk.say(f"mast-tui: {preview.file}: {problem}" if len(previews) > 1 else f"mast-tui: {problem}")
    return code


def _report(preview: Preview, found: Worked | None) -> tuple[Fact, ...]:
    """The quality of what is shown first, then what the headers say."""
    from mast_tui.analysis import quality_report

    first = found.series if found is not None else preview.items[0] if preview.items else None
    if not isinstance(first, Series | ImageLook):
        return preview.facts
    return quality_report(first, preview.facts, preview.header)


def _hdus(preview: Preview) -> list[dict[str, Any]]:
    return [
        {"index": h.index, "name": h.name, "kind": h.kind, "shape": list(h.shape), "columns": list(h.columns)}
        for h in (preview.header.hdus if preview.header is not None else ())
    ]
