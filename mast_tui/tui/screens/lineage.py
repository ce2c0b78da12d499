"""Where a file comes from and what was made of it: the tree, a line a node; each file can be looked at and queued."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from mast_tui.core.errors import MastTuiError
from mast_tui.core.lineage import Lineage, Node, TreeLine, title, tree_lines
from mast_tui.core.text import clean, human_bytes, plural
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.line_list import Facts, LineList, shorten

if TYPE_CHECKING:
    from mast_tui.controller import Controller

#: Gives the tree; `everything` is the second argument.
Ask = Callable[["Controller", bool], Coroutine[Any, Any, Lineage]]
_DIM, _BOLD = Style(dim=True), Style(bold=True)
#: From this width a name leaves room (at most so much) for what is said of it, but keeps so much for itself.
_WIDE, _ABOUT, _NAME = 60, 40, 24
#: From this many lines what is known of a node stands below the tree without being asked for.
_TALL = 20


class TreeList(LineList[TreeLine]):
    """The lines of the tree: name, stage, whether it is here, version, size."""

    def key_of(self, item: TreeLine) -> Hashable:
        return item.branches, item.node.kind, item.node.name

    def line_of(self, item: TreeLine, width: int) -> Text:
        node = item.node
        about = node.about()
        # names differ at their ends; what is said of them is cut before they are
        left = width - len(item.branches)
        room = max(_NAME, left - min(len(about) + 2, _ABOUT)) if about and width >= _WIDE else left
        line = Text(item.branches, _DIM, no_wrap=True, end="")
        style = _BOLD if node.asked or node.kind == "proposal" else Style() if node.known else _DIM
        line.append(shorten(title(node), room), style)
        line.append(f"  {about}" if about else "", _DIM)
        line.truncate(width, overflow="ellipsis")
        return line


class LineageScreen(RoomScreen):
    """The tree that `ask` gives of what is called `name`."""

    CONTEXT: ClassVar[str] = "lineage"
    NAME: ClassVar[str] = "Provenance"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("lineage")
    DEFAULT_CSS = """
    LineageScreen #about { padding: 0 1; text-style: bold; }
    LineageScreen #node { height: 7; border-top: solid $primary; display: none; }
    LineageScreen #node.shown { display: block; }
    """

    def __init__(self, name: str, ask: Ask) -> None:
        super().__init__()
        self._called, self._ask = clean(name, 120), ask
        self._everything = False
        self._lineage: Lineage | None = None
        self._wants_detail: bool | None = None

    def body(self) -> ComposeResult:
        yield Line(self._called, id="about")
        yield TreeList(id="tree", marker_only=self.room.manners.marker(self.room.settings))
        yield Facts(id="node")

    def on_mount(self) -> None:
        self.tree_list.focus()
        self.start(self._load(), "load")

    async def _load(self) -> None:
        controller = await self.room.controller()
        self.say_busy(f"looking where {self._called} comes from … esc stops")
        lineage = await self._ask(controller, self._everything)
        first = self._lineage is None
        self._lineage = lineage
        lines = tree_lines(lineage, ascii_only=self.room.settings.plot == "ascii")
        self.tree_list.show(lines)
        if first:
            self.tree_list.place(next((i for i, line in enumerate(lines) if line.node.asked), 0))
        self._say_about()
        if lineage.notes:
            self.status.wrong(" ".join(lineage.notes))
        else:
            self.status.idle()
        self._show_node()
        self.refresh_chrome()

    @property
    def tree_list(self) -> TreeList:
        return self.query_one("#tree", TreeList)

    @property
    def node(self) -> Node | None:
        """The node under the cursor."""
        line = self.tree_list.current
        return None if line is None else line.node

    def _say_about(self) -> None:
        files = [node for node in self._lineage.nodes() if node.kind == "file"] if self._lineage else []
        here = sum(bool(node.path) for node in files)
        words = f"{self._called} · {plural(len(files), 'file')}, {here:,} here"
        self.query_one("#about", Line).say(words if files else self._called)

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._show_node()
        self.refresh_chrome()

    def on_resize(self) -> None:
        self._show_node()

    def _show_node(self) -> None:
        pane, node = self.query_one("#node", Facts), self.node
        wanted = self._wants_detail if self._wants_detail is not None else self.size.height >= _TALL
        pane.set_class(wanted and node is not None, "shown")
        if node is not None and wanted:
            pane.tell(facts_of(node))

    # --- keys ---------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        node = self.node
        if action_id in ("look", "take", "copy", "detail") and node is None:
            return "There is no tree yet."
        if action_id == "everything" and self._lineage is None:
            return "There is no tree yet."
        if action_id == "look" and node is not None:
            if node.kind != "file":
                return "This is not a file; go to one below it."
            if not node.path and not node.uri:
                return "This file is only known by its name: it is neither here nor listed."
        if action_id == "take" and not self._to_take():
            return "Nothing here can be queued: it is here already, or the archive's list was not asked."
        if action_id == "copy" and node is not None and not (node.uri or node.path):
            return "It has neither a URI nor a path."
        return None

    def do_look(self) -> None:
        from mast_tui.tui.screens.preview import PreviewScreen

        node = self.node
        assert node is not None
        self.room.push_screen(PreviewScreen(node.path or node.uri, node.name, node.size))

    def _to_take(self) -> list[str]:
        """URIs of the files at and below the cursor that the archive lists and that are not here."""
        if self.node is None or self._lineage is None:
            return []
        # of a file itself alone: what was made from it was not asked for
        below = [self.node] if self.node.kind == "file" else self.node.walk()
        return [n.uri for n in below if n.kind == "file" and not n.path and n.uri in self._lineage.items]

    def do_take(self) -> None:
        self.start(self._ask_to_take(), "take")

    async def _ask_to_take(self) -> None:
        from mast_tui.tui.screens.take import TakeScreen

        controller = await self.room.controller()
        assert self._lineage is not None
        items = [self._lineage.items[uri] for uri in self._to_take()]
        plan = await controller.plan_items(items, self.room.settings.folder)

        def taken(folder: str | None) -> None:
            if folder is not None:
                self.start(self._take(items, folder), "take")

        self.room.push_screen(TakeScreen(plan, bool(controller.token_source)), taken)

    async def _take(self, items: list[Any], folder: str) -> None:
        controller = await self.room.controller()
        plan = await controller.plan_items(items, Path(folder).expanduser())
        session = await controller.fetch(plan, f"provenance of {self._called}")
        self.status.good(
            f"{plural(len(session.items), 'file')} queued into {clean(session.folder, 60)}. D shows the downloads."
        )

    def do_everything(self) -> None:
        self._everything = not self._everything
        self.start(self._load(), "load")

    def do_detail(self) -> None:
        self._wants_detail = not self.query_one("#node").has_class("shown")
        self._show_node()

    def do_copy(self) -> None:
        node = self.node
        assert node is not None
        self.status.good(self.room.copy(node.uri or node.path))

    def do_back(self) -> None:
        if self.stop("load"):
            self.status.idle("Stopped.")
            return
        self.room.go_back()

    def failed(self, error: MastTuiError) -> None:
        super().failed(error)
        self.refresh_chrome()


def facts_of(node: Node) -> list[tuple[str, str]]:
    """What is known of a node, a fact a line; only what is known."""
    level = "" if node.level is None else f", level {node.level}"
    size = "" if node.size is None else f"{human_bytes(node.size)} ({node.size:,} bytes)"
    facts = [
        ("name", node.name),
        ("is", f"{node.words or node.kind}{level}" + (f", {node.product_type}" if node.product_type else "")),
        ("made by", node.version or (f"listed as {node.listed_version}" if node.listed_version else "")),
        ("size", size),
        ("URI", node.uri),
        ("here", node.path or ("no" if node.kind == "file" else "")),
    ]
    return [(name, clean(words, 300)) for name, words in facts if words]


def of_file_or_uri(uri: str, path: Path | None) -> Ask:
    """The tree as the archive lists it; where it can't be asked, of the file that is here."""

    async def ask(controller: Controller, everything: bool) -> Lineage:
        try:
            return await controller.lineages.of_uri(uri, everything=everything)
        except MastTuiError as error:
            if path is None or not path.is_file():
                raise
            tree = await controller.lineages.of_file(path, everything=everything)
            return tree.noting(f"Only what is here is shown: {error}")

    return ask
