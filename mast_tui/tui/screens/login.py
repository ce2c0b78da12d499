"""Login: what a token is for, where it comes from, who the archive says we are.

The token is in no message, log, argument or widget longer than it takes to press enter: the field hands it over as a
`core.secret.Secret` and is empty again.
"""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from mast_tui.core.errors import MastTuiError
from mast_tui.core.identity import Identity
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean, plural
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.base import RoomScreen

#: Where MAST gives tokens out; the way is the same for every account of MyST.
TOKEN_PAGE = "https://auth.mast.stsci.edu/token"  # noqa: S105 - an address

_FOR = (
    "Everything public is open to everybody; no token is needed for it.\n"
    "A token lets you have files under exclusive access that your MAST account may have: those of your own programs.\n"
    "Get one in a browser, on any machine, and paste it below: "
)
_SOURCES = {
    "": "there is none",
    "this session": "typed here; kept in memory, forgotten when the app ends",
    "keyring": "this desktop's keyring",
}


class TokenInput(Input):
    """A masked field that tells nobody what is in it: its messages hold no value, and it can't be copied from."""

    class Entered(Message):
        """Enter was pressed; `take` has the words."""

    def post_message(self, message: Message) -> bool:
        # each of these carries the value, and messages are written to logs
        if isinstance(message, Input.Changed | Input.Submitted | Input.Blurred):
            return False
        return super().post_message(message)

    async def action_submit(self) -> None:
        self.post_message(self.Entered())

    def action_copy(self) -> None:
        self.app.bell()

    def action_cut(self) -> None:
        self.app.bell()

    def take(self) -> Secret:
        """What was typed, once: the field is empty afterwards."""
        secret = Secret(self.value)
        self.clear()
        return secret


class LoginScreen(RoomScreen):
    CONTEXT: ClassVar[str] = "login"
    NAME: ClassVar[str] = "Login"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("login")
    DEFAULT_CSS = """
    LoginScreen #who, LoginScreen #for, LoginScreen #keep { height: auto; padding: 1 2 0 2; }
    LoginScreen #token-line { height: 1; margin: 1 2 0 2; }
    LoginScreen #token-label { width: 7; text-style: bold; }
    LoginScreen TokenInput { width: 1fr; height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keep: bool | None = None

    def body(self) -> ComposeResult:
        yield Static(id="who", markup=False)
        yield Static(Text.assemble(_FOR, (TOKEN_PAGE, Style(bold=True))), id="for", markup=False)
        with Horizontal(id="token-line"):
            yield Static("Token", id="token-label", markup=False)
            token = TokenInput(password=True, placeholder="paste it here; it is not shown", id="token", compact=True)
            token.cursor_blink = False
            yield token
        yield Static(id="keep", markup=False)

    def on_mount(self) -> None:
        self.query_one(TokenInput).focus()
        self._show()

    def refresh_chrome(self) -> None:
        super().refresh_chrome()
        if self.is_mounted:
            self._show()

    # --- what is shown ------------------------------------------------------------------------------------------

    @property
    def keep(self) -> bool:
        """Is the token to be kept in the keyring? As the settings say, until F7 says otherwise."""
        return self.room.settings.keyring if self._keep is None else self._keep

    def _show(self) -> None:
        controller = self.room.controller_if_ready
        source = controller.token_source if controller is not None else ""
        identity = controller.identity if controller is not None else Identity(anonymous=True)
        self._put("#who", who_words(identity, source))
        sign = "[x]" if self.keep else "[ ]"
        self._put(
            "#keep",
            Text(f"{sign} keep it in this desktop's keyring (F7). Otherwise it is forgotten when the app ends."),
        )

    def _put(self, selector: str, words: Text) -> None:
        """Only what changed is drawn."""
        pane = self.query_one(selector, Static)
        if pane.content != words:
            pane.update(words)

    # --- actions ------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        controller = self.room.controller_if_ready
        if action_id in ("submit", "logout") and controller is None:
            return "The app is still starting; try again in a moment"
        if action_id == "logout" and controller is not None and not controller.token_source:
            return "Nobody is logged in"
        return None

    @on(TokenInput.Entered)
    async def _entered(self) -> None:
        await self.action_do("submit")

    def do_submit(self) -> None:
        field = self.query_one(TokenInput)
        if not field.value.strip():
            self.status.wrong("There is no token in the field. Paste it, then press enter")
            return
        self.say_busy("asking the archive who this is …")
        self.start(self._login(field.take()), "login")

    async def _login(self, token: Secret) -> None:
        controller = await self.room.controller()
        waiting = sum(t.state == "needs_login" for t in controller.transfers_now())
        identity = await controller.login(token, keep=self.keep)
        name = clean(identity.display_name or identity.user_id, 60)
        self.refresh_chrome()
        # the transfers begin with them by themselves as soon as there is a token
        begun = f"; {plural(waiting, 'file')} that waited for it: tried again" if waiting else ""
        self.status.good(f"The archive knows you as {name}{begun}")

    def failed(self, error: MastTuiError) -> None:
        super().failed(error)
        self._show()

    def do_keep(self) -> None:
        self._keep = not self.keep
        self._show()

    def do_logout(self) -> None:
        controller = self.room.controller_if_ready
        kept = controller is not None and controller.token_source == "keyring"  # noqa: S105 - a place
        self.start(self._logout(kept), "login")

    async def _logout(self, kept: bool) -> None:
        controller = await self.room.controller()
        await controller.logout(forget=kept)
        self.refresh_chrome()
        self.status.good("Logged out; the token is forgotten" + (", also by the keyring" if kept else ""))


def who_words(identity: Identity, source: str) -> Text:
    """Who we are, and where our token came from."""
    words = Text()
    if not identity.anonymous:
        name = clean(identity.display_name or identity.user_id, 100)
        words.append("Logged in as ").append(name, Style(bold=True))
        if identity.user_id and identity.user_id != identity.display_name:
            words.append(f" ({clean(identity.user_id, 100)})")
        if identity.scopes:
            words.append(f"\nIt may: {clean(', '.join(identity.scopes), 300)}")
    elif source:
        words.append("Not logged in: ", Style(bold=True)).append(
            "there is a token, but the archive has not confirmed it"
        )
    else:
        words.append("Not logged in", Style(bold=True))
    words.append(f"\nToken from: {_SOURCES.get(source, clean(source, 60))}")
    return words
