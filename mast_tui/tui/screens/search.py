"""Search: one box that takes anything and says how it read it, and a form for the rest.

A name is resolved first; when the resolvers disagree, a person chooses. The count comes before the rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mast_tui.core import sky
from mast_tui.core.errors import InvalidQuery, MastTuiError
from mast_tui.core.text import clean, plural
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.widgets.chrome import Line, one_line

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.controller.history import Asked
    from mast_tui.core.query import Criterion, Query
    from mast_tui.core.resolution import Resolution
    from mast_tui.core.target import Target

#: Form field: id, label, placeholder, column of the archive.
FIELDS: tuple[tuple[str, str, str, str], ...] = (
    ("radius", "Radius", "0.02deg 72arcsec", ""),
    ("mission", "Mission", "HST,JWST,TESS …", "obs_collection"),
    ("instrument", "Instrument", "NIRCAM, COS …", "instrument_name"),
    ("filters", "Filters", "F277W, G140M …", "filters"),
    ("type", "Product type", "image, spectrum …", "dataproduct_type"),
    ("calib", "Calibration", "2..4   -1 is planned", "calib_level"),
    ("dates", "Dates", "2018-07..2019-01-31", "t_min"),
    ("proposal", "Proposal", "1979", "proposal_id"),
    ("pi", "PI", "last name, Ost*", "proposal_pi"),
    ("rights", "Rights", "PUBLIC", "dataRights"),
)


class SearchScreen(RoomScreen):
    CONTEXT: ClassVar[str] = "search"
    NAME: ClassVar[str] = "Search"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("search")
    DEFAULT_CSS = """
    SearchScreen #ask { height: 1fr; padding: 1 2 0 2; }
    SearchScreen #question { height: 1; text-style: dim; }
    SearchScreen #box { height: 1; margin-top: 1; }
    SearchScreen #prompt { width: 2; text-style: bold; color: $primary; }
    SearchScreen #target { width: 1fr; text-style: bold; }
    SearchScreen #reading { margin: 0 0 1 2; height: 1; }
    SearchScreen #form { height: 5; grid-size: 4; grid-columns: 14 1fr 15 1fr; grid-rows: 1; max-width: 110; }
    SearchScreen #recent-title { margin-top: 1; height: 1; }
    SearchScreen #recent { height: 1fr; min-height: 2; }
    """

    def __init__(self, first_target: str = "") -> None:
        super().__init__()
        self._first_target = first_target
        self._recent: list[Asked] = []
        self._form = asyncio.Event()

    def body(self) -> ComposeResult:
        with Vertical(id="ask"):
            yield Static(
                "A name, coordinates, TIC, proposal, data set: below stands how it is read",
                id="question",
                markup=False,
            )
            with Horizontal(id="box"):
                yield Static("❯ ", id="prompt", markup=False)
                box = Input(self._first_target, id="target", compact=True)
                box.cursor_blink = False
                yield box
            yield Line("", id="reading")
            yield Grid(id="form")
            yield Line("", id="recent-title")
            yield OptionList(id="recent", markup=False, compact=True)

    def on_mount(self) -> None:
        self.query_one("#target", Input).focus()
        self._show_reading(self._first_target)
        # twenty widgets take longer than all the rest of the first picture: the box is there before them
        self.set_timer(0.03, self._mount_form)
        self.start(self._when_ready(), "ready")

    async def _mount_form(self) -> None:
        parts: list[Widget] = []
        for name, label, placeholder, _column in FIELDS:
            field = Input(self.room.settings.radius if name == "radius" else "", placeholder, id=name, compact=True)
            field.cursor_blink = False
            parts += [Static(label, classes="label", markup=False), field]
        await self.query_one("#form").mount_all(parts)
        self._form.set()

    def on_screen_resume(self) -> None:
        if self.room.controller_if_ready is not None:
            self._show_recent()

    async def _when_ready(self) -> None:
        controller = await self.room.controller()
        await self._form.wait()
        self._show_recent()
        self.refresh_chrome()
        if controller.demo:
            self.status.idle(
                "Demo: try M8, M101, TRAPPIST-1, pi Men, TIC 375422201, proposal 1979. Its data say what they are."
            )
        if self._first_target:
            self.do_submit()

    # --- the box says how it reads --------------------------------------------------------------------------------

    @on(Input.Changed, "#target")
    def _typed(self, event: Input.Changed) -> None:
        self._show_reading(event.value)

    def _show_reading(self, words: str) -> None:
        line = self.query_one("#reading", Line)
        if not words.strip():
            line.say("")
            return
        try:
            line.say(Text.assemble(("read as: ", Style(dim=True)), _read(words).read_as))
        except InvalidQuery as error:
            line.say(Text.assemble(("! ", Style(bold=True)), str(error)))

    # --- history --------------------------------------------------------------------------------------------------

    def _show_recent(self) -> None:
        controller = self.room.controller_if_ready
        if controller is None:
            return
        recent = controller.history.recent(20)
        if recent == self._recent:
            return
        self._recent = recent
        options = self.query_one("#recent", OptionList)
        options.clear_options()
        for asked in recent:
            total = "" if asked.total is None else f"  {plural(asked.total, 'row')}"
            options.add_option(Option(one_line(f"{asked.query.describe()}{total}", self.app.size.width - 6)))
        self.query_one("#recent-title", Line).say(
            Text("Asked before (↓ and enter asks again)", Style(dim=True)) if recent else ""
        )

    @on(OptionList.OptionSelected, "#recent")
    def _ask_again(self, event: OptionList.OptionSelected) -> None:
        self.start(self._search(self._recent[event.option_index].query), "search")

    # --- asking ---------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.do_submit()

    def do_submit(self) -> None:
        self.start(self._submit(), "search")

    def do_count(self) -> None:
        self.start(self._with_query(self._count), "search")

    def do_facets(self) -> None:
        self.start(self._facets(), "search")

    def do_back(self) -> None:
        if self.stop("search"):
            self.status.idle("Stopped.")
            return
        box = self.query_one("#target", Input)
        if self.focused is not box:
            box.focus()
        else:
            box.value = ""

    def on_key(self, event: object) -> None:
        # from the last field down into the history, and back up into the box
        key = getattr(event, "key", "")
        if key == "down" and isinstance(self.focused, Input) and self._recent:
            self.query_one("#recent").focus()
        elif key == "up" and isinstance(self.focused, OptionList):
            options = self.query_one("#recent", OptionList)
            if options.highlighted in (None, 0):
                self.query_one("#target").focus()

    def _criteria(self) -> tuple[Criterion, ...]:
        from mast_tui.core.query import parse_criteria

        words = []
        for name, _label, _hint, column in FIELDS:
            value = self.query_one(f"#{name}", Input).value.strip()
            if value and column:
                words.append(f"{column}={_widened(column, value)}")
        return parse_criteria(words)

    def _radius(self) -> float | None:
        """The radius if the user set one: a catalogue number is exact only while the radius is left alone."""
        text = self.query_one("#radius", Input).value.strip()
        return None if not text or text == self.room.settings.radius else sky.parse_radius(text)

    async def _submit(self) -> None:
        words = self.query_one("#target", Input).value.strip()
        if words and _read(words).kind == "uri":
            from mast_tui.tui.screens.preview import PreviewScreen

            self.room.push_screen(PreviewScreen(words, clean(words.rpartition("/")[2] or words, 80)))
            return
        await self._with_query(self._search)

    async def _with_query(self, then: Callable[[Query], Coroutine[None, None, None]]) -> None:
        """Do `then` with the query of box and form, once a person has chosen where the resolvers disagree."""
        from mast_tui.core.resolution import disagree

        await self._form.wait()
        words = self.query_one("#target", Input).value
        criteria, radius = self._criteria(), self._radius()
        target = _read(words) if words.strip() or not criteria else None
        controller = await self._ready()
        query = controller.query(target, radius, criteria)
        if query is not None:
            await then(query)
            return
        assert target is not None
        name = target.value if target.kind == "catalogue" else target.asked
        self.say_busy(f"asking who knows “{name}” … esc stops")
        answers = await controller.resolve_one(name, self.say_busy)
        within = radius or self.room.settings.radius_deg
        if disagree(answers, within):
            from mast_tui.tui.screens.resolve import ResolveScreen

            def chosen(answer: Resolution) -> None:
                made = controller.query_at(target, answer, radius, criteria)
                self.start(then(made), "search")

            self.status.idle()
            self.room.push_screen(ResolveScreen(target.asked, answers, within, chosen))
            return
        await then(controller.query_at(target, answers[0], radius, criteria))

    async def _ready(self) -> Controller:
        if self.room.controller_if_ready is None:
            self.say_busy("starting …")
        return await self.room.controller()

    async def _count(self, query: Query) -> None:
        controller = await self._ready()
        self.say_busy(f"counting {query.describe()} … esc stops")
        total = await controller.count(query, self.say_busy)
        self.status.good(f"{plural(total, 'row')} for {query.describe()}")

    async def _search(self, query: Query) -> None:
        """Count first, then the rows: the results screen opens with the first page."""
        from mast_tui.tui.screens.results import ResultsScreen

        query.params()  # a question without any condition is refused before anything is asked
        controller = await self._ready()
        search = await controller.search(query)
        self.say_busy(f"asking for {query.describe()} … esc stops")
        search.on_change(lambda: self.say_busy(search.notice) if search.notice else None)
        run = asyncio.create_task(search.run())
        counting = asyncio.create_task(controller.count(query))
        counting.add_done_callback(lambda task: self._say_count(task, query))
        first = asyncio.create_task(search.first_page())
        try:
            await first
        except asyncio.CancelledError:
            run.cancel()
            raise
        finally:
            counting.cancel()
        if search.error is not None:
            raise search.error
        await asyncio.to_thread(controller.history.add, query, search.total)
        if search.total == 0:
            self.status.wrong(f"Nothing for {query.describe()}. {_advice(query)}")
            return
        self.status.idle()
        self.room.push_screen(ResultsScreen(search, run))

    def _say_count(self, task: asyncio.Task[int], query: Query) -> None:
        if not task.cancelled() and task.exception() is None and self.is_current:
            self.say_busy(
                f"{plural(task.result(), 'row')} for {query.describe()}; the first page is on its way … esc stops"
            )

    async def _facets(self) -> None:
        from mast_tui.tui.screens.choosers import FacetsScreen

        controller = await self._ready()
        self.say_busy("asking what the archive holds … esc stops")
        facets = await controller.facets()
        self.status.idle()
        counts = sorted(facets.get("obs_collection", {}).items(), key=lambda kv: -kv[1])
        self.room.push_screen(FacetsScreen("Missions in the archive", counts), self._mission_chosen)

    def _mission_chosen(self, mission: str | None) -> None:
        if mission is not None:
            self.query_one("#mission", Input).value = mission

    def failed(self, error: MastTuiError) -> None:
        super().failed(error)
        self.query_one("#target", Input).focus()


def _widened(column: str, value: str) -> str:
    """A person writes NIRCAM, the archive NIRCAM/IMAGE: one bare instrument matches all its modes."""
    if column in ("instrument_name", "proposal_pi") and not any(sign in value for sign in "*%,"):
        return f"{value}*"
    return value


def _read(words: str) -> Target:
    from mast_tui.core.target import read_target  # with the controller, after the first paint

    return read_target(words)


def _advice(query: Query) -> str:
    """The commonest reason for an empty answer."""
    if query.position is not None and query.criteria:
        return "Leave conditions out one by one, or enlarge the radius."
    if query.position is not None:
        return f"Enlarge the radius ({sky.format_radius(query.position.radius_deg)} now)."
    if any(c.column == "target_name" for c in query.criteria):
        return "No target is filed under exactly this number; give a radius to search around it."
    return clean("Check the spelling: the archive compares whole words; * is a wildcard.")
