"""The bytes of one file, from where they are had into its part: asked for, resumed, begun anew. Used by the engine.

The sources of a file are asked in the order that `mirrors` gives. A part is only ever gone on with from the source it
came from; another source begins at the first byte.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from mast_tui.core.host import ArchiveHost
from mast_tui.core.look_store import Span
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.transfer.digests import Digests
from mast_tui.transfer.fetched import Want
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.judge import Plan, judge
from mast_tui.transfer.known import looked_at, next_span, start_of, with_span
from mast_tui.transfer.mirrors import Failure, Mirrors, Source, stated_md5
from mast_tui.transfer.outcomes import GiveUp, NeedsLogin, Outcome, TryAgain
from mast_tui.transfer.part import Held, Part
from mast_tui.transfer.stream import Body, Control, Stream, digest_of_part
from mast_tui.transfer.web import Line


class Download:
    """`token_for` gives the token for an archive, or None; it goes to that archive only."""

    def __init__(
        self, ops: FileOps, stream: Stream, mirrors: Mirrors, token_for: Callable[[ArchiveHost], Secret | None]
    ) -> None:
        self._ops, self._stream, self._mirrors, self._token_for = ops, stream, mirrors, token_for

    def body(self, want: Want, part: Part, line: Line, control: Control) -> Body:
        """The file in the part, from the first source that gives it; else what the archive said to it is raised."""
        sources = self._mirrors.sources(want, part.held(), line, control.stop)
        control.check()
        answers: dict[str, Failure] = {}
        for source in sources:
            sent, held = control.sent, part.held()
            try:
                body = self._from(source, want, part, line, control)
                if source.kind == "cloud" and (why := _refused(body.md5, body.sha256, body.plan, want)):
                    part.drop()
                    raise GiveUp(why)
                self._mirrors.came(source, want)
                return replace(body, source=source.kind, note=source.note)
            except (TryAgain, GiveUp, NeedsLogin) as error:
                control.check()
                answers[source.kind] = error
                ours = held is not None and held.source == source.kind
                if not control.has_line:  # all had come: the disk's fault, not the source's
                    raise
                if not self._mirrors.failed(source, want, error, brought=control.sent > sent, held=ours):
                    raise
        raise answers.get("archive") or answers["cloud"]

    def doubt(self, want: Want, body: Body) -> None:
        """What came is no whole file. If that is from the cloud copy, the archive is asked the next time."""
        if body.source == "cloud":
            self._mirrors.lacks(want)

    def _from(self, source: Source, want: Want, part: Part, line: Line, control: Control) -> Body:
        held, look = part.held(), None
        part.source = control.source = source.kind
        if held is not None and held.source != source.kind:
            held = None
        if held is None and source.kind == "archive":
            look = looked_at(want, control)
            held = start_of(look, part, self._ops, control) if look is not None else None
        control.got = control.resumed_from = held.offset if held else 0
        control.total = held.total if held else want.listed_size
        while True:
            if held is not None and held.offset == held.total:
                digest = digest_of_part(part, held.total, control)
                control.got = held.total
                return Body(held.total, digest.hexdigest(), Plan(held.total, held.total, held.validator, framed=False))
            ahead = next_span(look, held.offset) if look is not None and held is not None else None
            body = self._ask(source, want, part, line, control, held, ahead)
            if look is None or held is None or ahead is None or body.plan.offset == 0:
                return body
            held = with_span(look, ahead, part, self._ops, control)
            if held is None:  # the store of looks was emptied: what has come is a part like any other
                held, look = Held(ahead[0], body.plan.validator, body.plan.total or look.total or 0), None

    def _ask(
        self,
        source: Source,
        want: Want,
        part: Part,
        line: Line,
        control: Control,
        held: Held | None,
        ahead: Span | None,
    ) -> Body:
        """The rest of the file behind what is held, or what lies between that and the bytes `ahead`, which are known.

        The whole file where the server answers with that.
        """
        headers = {}
        if held is not None:
            last = str(ahead[0] - 1) if ahead is not None else ""
            # S3 documents If-Match only; should it take no notice of If-Range, its answer has another ETag, which is
            # judged like any other change
            headers = {"Range": f"bytes={held.offset}-{last}", "If-Range": held.validator}
        token = self._token_for(want.host) if source.kind == "archive" else None
        self._mirrors.speeds.begun(want.host.base, source.kind)
        asked, sent, read_s = time.monotonic(), control.sent, control.read_s
        answer = line.get(source.server, source.url, headers, token)
        first_byte_s = time.monotonic() - asked
        control.answered = f"{clean(urlsplit(answer.url).netloc, 80)} answered {answer.status}"
        try:
            control.check()
            try:
                plan = judge(answer.status, answer.headers, want.path, held, source.server.called)
            except Outcome as error:
                line.spare(answer)
                if isinstance(error, TryAgain) and error.drop:
                    part.drop()
                raise
            if source.kind == "cloud":
                if want.listed_size not in (None, plan.total):
                    raise GiveUp("the cloud copy has this file with another length than the archive lists")
                plan = replace(plan, md5=stated_md5(answer.headers))
            if answer.status == 416:
                line.spare(answer)
            until = ahead[0] if ahead is not None and plan.offset else None

            def read(digest: Digests) -> None:
                answer.close()
                refused = source.kind == "cloud" and _refused(digest.md5(), digest.hexdigest(), plan, want)
                if until is None and not refused:  # else there is more to ask for
                    control.off_line()
                    control.came()

            return self._stream.take(plan, part, answer.body, control, until, read)
        finally:
            answer.close()
            came_s = control.read_s - read_s
            self._mirrors.speeds.came(want.host.base, source.kind, control.sent - sent, came_s, first_byte_s)


def _refused(md5: str, sha256: str, plan: Plan, want: Want) -> str:
    """Why a file of the cloud copy with these checksums is not the one it should be; '' when it is."""
    if md5 != plan.md5:
        return "what came from the cloud copy does not fit the checksum that it states"
    if want.sha256 and sha256 != want.sha256:
        return "the cloud copy has other bytes than the record names"
    return ""
