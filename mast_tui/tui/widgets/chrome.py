"""The lines around every screen: title above, status and key hints below. They send bytes only when words change."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from mast_tui.core.text import clean


class Line(Static):
    """One line of text; `say` redraws only when the words change, and never reads them as markup."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; }"

    def __init__(self, text: Text | str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        shown = _text(text)
        super().__init__(shown, id=id, classes=classes, markup=False)
        self._shown = shown

    def say(self, text: Text | str) -> None:
        new = _text(text)
        if new != self._shown or new.spans != self._shown.spans:
            self._shown = new
            self.update(new)

    @property
    def words(self) -> str:
        return self._shown.plain


class TitleBar(Line):
    """Where we are, and of which archive; who we are and what is on the way stand at the right."""

    DEFAULT_CSS = "TitleBar { dock: top; text-style: reverse; }"

    def show(self, screen: str, archive: str, right: str, width: int) -> None:
        left = f" mast-tui  {screen}"
        middle = clean(archive, 60)
        right = clean(right, 60)
        room = width - len(left) - len(right) - 4
        if len(middle) > room:
            middle = middle[: max(0, room - 1)] + "…" if room > 4 else ""
        gap = max(1, width - len(left) - len(middle) - len(right) - 4)
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(left, Style(bold=True))
        text.append(f"  {middle}{' ' * gap}{right} ")
        self.say(text)


class KeyHints(Line):
    """The keys that do something here, dimmed when they can't just now."""

    def show(self, hints: list[tuple[str, str, bool]], width: int) -> None:
        """`hints`: key, label, enabled; the last one is always shown, what does not fit before it is left out."""
        text = Text(no_wrap=True, overflow="crop")
        used, last = 0, hints[-1:]
        reserve = sum(len(key) + len(label) + 3 for key, label, _ in last)
        fitting = []
        for hint in hints[:-1]:
            used += len(hint[0]) + len(hint[1]) + 3
            if used + reserve > width:
                break
            fitting.append(hint)
        for key, label, enabled in fitting + last:
            text.append(" ")
            text.append(key, Style(bold=True) if enabled else Style(dim=True))
            text.append(f" {label} ", Style() if enabled else Style(dim=True, italic=True))
        self.say(text)


class StatusLine(Line):
    """What is going on, or what went wrong; a sign at the front says which, not only a colour.

    It grows to as many lines as an error needs: what to do next stands at the end.
    """

    DEFAULT_CSS = "StatusLine { height: auto; min-height: 1; max-height: 4; }"

    def idle(self, words: str = "") -> None:
        self.say(Text(f" {clean(words, 400)}"))

    def busy(self, words: str) -> None:
        self._tell(" ⋯ ", Style(bold=True), words)

    def good(self, words: str) -> None:
        self._tell(" ✓ ", Style(bold=True, color="green"), words)

    def wrong(self, words: str) -> None:
        self._tell(" ! ", Style(bold=True, color="red"), words)

    def _tell(self, sign: str, style: Style, words: str) -> None:
        self.say(Text.assemble((sign, style), clean(words, 400), overflow="fold"))


def _text(text: Text | str) -> Text:
    return text if isinstance(text, Text) else Text(clean(text, 4000), no_wrap=True, overflow="ellipsis")


def one_line(words: str, width: int = 70) -> Text:
    """An entry of a list: lists wrap what is longer than the dialog, so it is cut before."""
    return Text(clean(words, width))
