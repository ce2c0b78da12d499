"""One file, from the archive to its verified place. Run by the workers, one call an attempt.

The order of steps is what makes a crash harmless: bytes go to `NAME.part`; they are synced and checked; the ledger says
what they are; then they get their name; then the caller's journal says done. Whatever is killed, wherever, the next
attempt finds either the old state or the new, and no wrong file ever stands under a final name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from mast_tui.core.fetch import Verdict
from mast_tui.core.host import ArchiveHost
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.transfer import checks
from mast_tui.transfer.download import Download
from mast_tui.transfer.elsewhere import Elsewhere
from mast_tui.transfer.fetched import Fetched, Want
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.folder import DownloadFolder, apart
from mast_tui.transfer.ledger import Entry, archive_of
from mast_tui.transfer.mirrors import Mirrors
from mast_tui.transfer.outcomes import DiskFull, GiveUp, Outcome, TryAgain
from mast_tui.transfer.part import Part
from mast_tui.transfer.ratelimit import TokenBucket
from mast_tui.transfer.rates import Rates
from mast_tui.transfer.safe_open import Place, Unsafe, open_place, open_to_read
from mast_tui.transfer.stream import Body, Control, Stream
from mast_tui.transfer.web import Line

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Engine:
    """`token_for` gives the token for an archive, or None. `read_s` is the longest silence that is borne. `mirrors`
    says where files are had, `opened` in which other folders the queue works."""

    def __init__(
        self,
        ops: FileOps,
        bucket: TokenBucket,
        token_for: Callable[[ArchiveHost], Secret | None],
        read_s: float,
        mirrors: Mirrors | None = None,
        opened: Callable[[], Iterable[DownloadFolder]] = tuple,
    ) -> None:
        self._ops = ops
        self._download = Download(ops, Stream(ops, bucket, read_s), mirrors or Mirrors(), token_for)
        self._elsewhere = Elsewhere(ops, opened)
        self._bucket, self._rates = bucket, Rates()

    def fetch(self, want: Want, folder: DownloadFolder, line: Line, control: Control) -> Fetched:
        """Get the file, or raise one of `outcomes`."""
        control.on_line(line)
        try:
            control.check()
            folder.hold()
            control.still_ours = folder.check_held
            began = self._rates.now()
            with open_place(folder.fd, want.path, self._ops) as place:
                made = self._fetch(want, folder, place, line, control)
            if made.sent and self._bucket.rate is None:
                self._rates.came(archive_of(want.host.base), made.source, began, made.sent)
            return made
        except Unsafe as error:
            raise GiveUp(str(error)) from None
        except OSError as error:
            control.check()
            raise self._disk_trouble(error) from None
        finally:
            control.still_ours = _nothing
            control.off_line()

    def discard(self, path: str, uri: str, folder: DownloadFolder) -> None:
        """Remove what is held of a file that is no longer wanted. Never the file itself."""
        try:
            folder.hold()
            with open_place(folder.fd, path, self._ops, make=False) as place:
                Part(place, uri, self._ops).drop()
        except (Unsafe, Outcome, OSError):
            return

    # --- the steps -----------------------------------------------------------------------------------------------

    def _fetch(self, want: Want, folder: DownloadFolder, place: Place, line: Line, control: Control) -> Fetched:
        part = Part(place, want.uri, self._ops)
        if folder.may_be_open_elsewhere(want.path):
            part.make_own()
        taken = None
        if not want.refetch:
            here = self._already_here(want, folder, place, control)
            if here is not None:
                part.drop()
                return here
            taken = self._elsewhere.take(want, folder, part, control)
        if taken is not None:
            return self._commit(want, folder, place, part, taken.body, taken.verdict, taken.note, control)
        body = self._download.body(want, part, line, control)
        try:
            verdict, note = self._verdict(want, place, part, body, control)
        except TryAgain:
            self._download.doubt(want, body)
            raise
        return self._commit(want, folder, place, part, body, verdict, note, control)

    def _already_here(self, want: Want, folder: DownloadFolder, place: Place, control: Control) -> Fetched | None:
        """The file that stands there, when it is known to be the one that is wanted; nothing is asked for it."""
        status = place.status()
        if status is None:
            return None
        if not stat.S_ISREG(status.st_mode):
            raise Unsafe(f"“{clean(place.name, 80)}” is a link, a pipe or a folder, not a plain file")
        ours = [e for e in folder.ledger.of_path(want.path) if e.is_of(want.uri, want.host)]
        known = [e for e in ours if e.size == status.st_size]
        if want.sha256:
            known = [e for e in known if e.sha256 == want.sha256]
        if not known and not want.sha256:
            return None
        digest = self._digest(place, place.name, control)
        for entry in known:
            if entry.sha256 == digest:
                control.got = control.total = entry.size
                return Fetched(want.path, entry.size, digest, entry.verdict, entry.validator, entry.note)
        if want.sha256 == digest:
            finding = self._inspect(place, place.name, status.st_size, control)
            verdict: Verdict = "verified" if finding.proved else "complete"
            note = "was here already, with the bytes of the record"
            archive = archive_of(want.host.base)
            folder.ledger.add(Entry(want.uri, want.path, status.st_size, digest, verdict, "", note, _utc(), archive))
            control.got = control.total = status.st_size
            return Fetched(want.path, status.st_size, digest, verdict, "", note)
        return None

    # --- what came, and what becomes of it -----------------------------------------------------------------------

    def _verdict(self, want: Want, place: Place, part: Part, body: Body, control: Control) -> tuple[Verdict, str]:
        """The word for what the part holds and a note on it; TryAgain when it must be asked for once more."""
        finding = self._inspect(place, part.name, body.size, control, as_name=place.name)
        if finding.foreign:
            part.drop()
            raise TryAgain(finding.why)
        came = (body.size, body.sha256)
        agree = came in control.answers or (body.plan.offset == 0 and came == control.unstated)
        stated = body.plan.total is not None or body.size == want.listed_size
        if finding.whole is False:
            if agree and stated:  # the archive's own file is like this
                return "unverified", f"{finding.why}; the archive has sent the same bytes twice"
            self._once_more(part, body, control)
            raise TryAgain(finding.why, after_s=0)
        if body.plan.total is None and not finding.proved:
            if not (agree or stated or (body.plan.framed and finding.whole is True)):
                self._once_more(part, body, control)
                raise TryAgain("the server did not say how long the file is; asking again", after_s=0)
            return "unverified", "the server did not say how long the file is"
        if finding.proved:
            return "verified", body.note
        if body.plan.md5:
            return "verified", _join("its MD5 is the one that the cloud copy states", body.note)
        note = _join(finding.why, body.note)
        if want.listed_size not in (None, body.size):
            note = _join(note, f"the archive's list said {want.listed_size:,} bytes")
        return "complete", note

    def _once_more(self, part: Part, body: Body, control: Control) -> None:
        """Drop what came, remembering what it was; but keep it where it may only be the beginning of the file, and can
        be gone on with: the next answer, a 206 or a 416, then says how long the file is."""
        if body.plan.total is None and part.held() is not None:
            control.unstated = (body.size, body.sha256)
            return
        control.answers.append((body.size, body.sha256))
        part.drop()

    def _commit(
        self,
        want: Want,
        folder: DownloadFolder,
        place: Place,
        part: Part,
        body: Body,
        verdict: Verdict,
        note: str,
        control: Control,
    ) -> Fetched:
        path, name = want.path, place.name
        stands = self._what_stands(place, name, control)
        aside = ""
        if stands and stands != body.sha256:
            ours = folder.ledger.of_path(path)
            if any(e.is_of(want.uri, want.host) for e in ours):
                if not any(e.sha256 == stands for e in ours):  # changed since we wrote it: rot, or the user's work
                    aside = apart(name, stands)
                    note = _join(note, f"the file that had changed is now {clean(aside, 80)}")
            else:
                path, name = apart(path, want.uri), apart(name, want.uri)
                note = _join(note, f"another file has the name {clean(place.name, 80)}")
                stands = self._what_stands(place, name, control)
                if stands not in ("", body.sha256) and not any(e.sha256 == stands for e in folder.ledger.of_path(path)):
                    raise Unsafe(f"“{clean(place.name, 80)}” and “{clean(name, 80)}” are both taken by files of others")
        folder.check_held()
        control.check()
        validator, archive = body.plan.validator, archive_of(want.host.base)
        folder.ledger.add(Entry(want.uri, path, body.size, body.sha256, verdict, validator, note, _utc(), archive))
        folder.check_held()
        if aside:
            self._ops.replace(name, aside, place.folder_fd)
            self._ops.sync_folder(place.folder_fd)
        if aside or stands != body.sha256:
            self._ops.replace(part.name, name, place.folder_fd)
            self._ops.sync_folder(place.folder_fd)
        part.drop()
        made = Fetched(path, body.size, body.sha256, verdict, body.plan.validator, note, control.sent, body.source)
        if want.sha256 and want.sha256 != body.sha256:
            raise GiveUp(
                "the archive now has other bytes than the record names (reprocessed since?); the new file is kept",
                kept=made,
            )
        return made

    def _what_stands(self, place: Place, name: str, control: Control) -> str:
        """The sha256 of the file under a name, '' for none; Unsafe for what is not a plain file with one name."""
        status = place.status(name)
        if status is None:
            return ""
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise Unsafe(f"“{clean(name, 80)}” is a link, a pipe or a folder, not a plain file")
        return self._digest(place, name, control)

    # --- small things --------------------------------------------------------------------------------------------

    def _inspect(
        self, place: Place, name: str, size: int, control: Control, as_name: str | None = None
    ) -> checks.Finding:
        with os.fdopen(open_to_read(place.folder_fd, name, self._ops), "rb") as f:
            return checks.inspect(f, size, as_name or name, control.check)

    def _digest(self, place: Place, name: str, control: Control) -> str:
        with os.fdopen(open_to_read(place.folder_fd, name, self._ops), "rb") as f:
            digest = hashlib.sha256()
            while data := f.read(1 << 20):
                control.check()
                digest.update(data)
        return digest.hexdigest()

    def _disk_trouble(self, error: OSError) -> Exception:
        words = clean(error.strerror or error, 100)
        if error.errno in _FULL:
            return DiskFull(f"no space left for the download ({words}): free some, then resume")
        if error.errno == errno.EFBIG:
            return GiveUp("the file is larger than this disk or your limits allow")
        return TryAgain(f"the disk reports: {words}")


def _join(*words: str) -> str:
    return "; ".join(w for w in words if w)


def _nothing() -> None:
    pass


def _utc() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
