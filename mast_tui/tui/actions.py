"""Every key of the app, declared once: bindings, footer, help, palette and the check for clashes all read this table.

A screen names its context and has a method `do_ID` for each of its actions; when an action can't be done now, the
screen's `why_not` says why, the footer dims it and the key answers with the reason instead of silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True)
class Action:
    """`keys` as Textual names them, the first is shown; `label` for the footer (empty: not there), `help` for `?`."""

    id: str
    keys: tuple[str, ...]
    context: str
    label: str
    help: str

    @property
    def shown_key(self) -> str:
        return KEY_NAMES.get(self.keys[0], self.keys[0])


KEY_NAMES = {
    "escape": "esc",
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "space": "space",
    "asterisk": "*",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "underscore": "_",
    "backspace": "⌫",
    "f1": "F1",
    "f2": "F2",
    "f3": "F3",
    "f4": "F4",
    "f5": "F5",
    "f6": "F6",
    "f7": "F7",
    "f8": "F8",
    "comma": ",",
    "full_stop": ".",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "shift+up": "shift+↑",
    "shift+down": "shift+↓",
    "shift+left": "shift+←",
    "shift+right": "shift+→",
}

GLOBAL = "everywhere"


def _table() -> Iterable[Action]:
    def a(context: str, name: str, keys: str, label: str, text: str) -> Action:
        return Action(name, tuple(keys.split()), context, label, text)

    g = GLOBAL
    yield a(g, "help", "question_mark f1", "help", "What every key does here")
    yield a(g, "palette", "colon ctrl+p", "", "Find an action by its name")
    yield a(g, "new_search", "n f2", "", "Back to the search box")
    yield a(g, "downloads", "D f3", "downloads", "The queue: what is being fetched, how far, how sure")
    yield a(g, "sessions", "S f4", "sessions", "What was fetched when: the manifests")
    yield a(g, "login", "L f5", "", "Token and identity, for exclusive-access data")
    yield a(g, "suspend", "ctrl+z", "", "Back to the shell for a while; fg there goes on")
    yield a(g, "redraw", "ctrl+l", "", "Draw the whole screen again")
    yield a(g, "link", "f8", "", "How fast the link to this terminal is: round trip and rate, as measured")
    yield a(g, "leave", "q ctrl+q", "quit", "Leave; running transfers may go on")

    c = "search"
    yield a(c, "submit", "enter", "search", "Ask the archive")
    yield a(c, "count", "ctrl+t", "count", "How many rows it would be, without the rows")
    yield a(c, "facets", "f6", "archive", "What the archive holds: missions and counts")
    yield a(c, "back", "escape", "back", "Stop what is running; clear the box")

    c = "resolve"
    yield a(c, "choose", "enter", "choose", "Search around this position")
    yield a(c, "back", "escape", "back", "Back to the search box")

    c = "results"
    yield a(c, "products", "enter p", "files", "The files of the marked observations, or of this one")
    yield a(c, "mark", "space", "mark", "Mark or unmark this observation")
    yield a(c, "unmark_all", "u", "", "Unmark all")
    yield a(c, "filter", "slash", "filter", "Show only rows with these words; column:word, !word, column>number")
    yield a(c, "sort", "s", "sort", "Sort by a column; the same column again turns the order round")
    yield a(c, "columns", "c", "columns", "Choose the columns")
    yield a(c, "facets", "F", "facets", "Values of a column with their counts")
    yield a(c, "detail", "d", "detail", "Show or hide all fields of this row")
    yield a(c, "look", "v", "picture", "The archive's picture of this observation")
    yield a(c, "load_all", "a", "all rows", "Load the rows that are not here yet")
    yield a(c, "code", "x", "", "This query as astroquery, curl and command line")
    yield a(c, "copy", "y", "", "Copy the observation id to the terminal's clipboard")
    yield a(c, "back", "escape", "back", "Clear the filter, stop loading, or go back")

    c = "products"
    yield a(c, "look", "enter v", "look", "Look at this file before taking it: its picture first, if there is one")
    yield a(c, "mark", "space", "mark", "Mark or unmark this file")
    yield a(c, "mark_all", "asterisk", "mark all", "Mark all shown files, or none")
    yield a(c, "raw", "r", "raw", "Show or hide raw and auxiliary files")
    yield a(c, "recommended", "m", "recommended", "Only the minimum recommended products")
    yield a(c, "take", "t", "take", "Queue the marked files (or all shown) for download")
    yield a(c, "filter", "slash", "filter", "Show only rows with these words")
    yield a(c, "sort", "s", "", "Sort by a column; the same column again turns the order round")
    yield a(c, "columns", "c", "", "Choose the columns")
    yield a(c, "detail", "d", "", "Show or hide all fields of this row")
    yield a(c, "lineage", "T", "", "Where this file comes from: proposal, raw, calibrated, and what was made of it")
    yield a(c, "copy", "y", "", "Copy the file's URI to the terminal's clipboard")
    yield a(c, "back", "escape", "back", "Clear the filter, or go back")

    c = "lineage"
    yield a(c, "look", "enter v", "look", "Look at this file")
    yield a(c, "take", "t", "take", "Queue this file; on an exposure or observation all below that are not here")
    yield a(c, "everything", "r", "all files", "Show or hide previews, logs and auxiliary files")
    yield a(c, "detail", "d", "detail", "Show or hide all that is known of this line")
    yield a(c, "copy", "y", "copy URI", "Copy the file's URI, or its path, to the terminal's clipboard")
    yield a(c, "back", "escape", "back", "Stop asking, or go back")

    c = "first_look"
    yield a(c, "look", "enter v", "the data", "From the picture on to what it is a picture of")
    yield a(c, "back", "escape", "back", "Stop fetching, or back to the list")

    c = "preview"
    yield a(c, "zoom_in", "plus", "zoom", "Zoom in around the cursor; mouse: the wheel, or drag a box")
    yield a(c, "zoom_out", "minus", "", "Zoom out")
    yield a(c, "cursor_left", "left", "cursor", "Move the cursor left; the value is read out below; mouse: click")
    yield a(c, "cursor_right", "right", "", "Move the cursor right")
    yield a(c, "pan_left", "shift+left comma", "", "Move the window left")
    yield a(c, "pan_right", "shift+right full_stop", "", "Move the window right")
    yield a(c, "reset", "0 home", "all", "Show everything again")
    yield a(c, "zoom_y_in", "equals_sign", "", "Zoom in vertically")
    yield a(c, "zoom_y_out", "underscore", "", "Zoom out vertically")
    yield a(c, "auto_y", "a", "", "Vertical limits: those that fit most points, or all points")
    yield a(c, "view_back", "backspace", "", "The view before this one")
    yield a(c, "previous_item", "left_square_bracket", "item", "Previous spectrum, segment, HDU")
    yield a(c, "next_item", "right_square_bracket", "", "Next spectrum, segment, HDU")
    yield a(c, "jump", "g", "", "Go to an item by its name; 1 to 9 go straight to one")
    yield a(c, "flatten", "f", "flatten", "Divide by the slow trend; again: show the trend; again: as it was")
    yield a(c, "bin", "b", "bin", "Lay a binned line over the points: 1, 3, 10 steps wide, none")
    yield a(c, "box_search", "B", "BLS", "Search for transits (box least squares); again: back to the curve")
    yield a(c, "wave_search", "P", "LS", "Search for a wave (Lomb-Scargle); again: back to the curve")
    yield a(c, "residual_search", "R", "", "In a periodogram: search again without the dips that were found")
    yield a(c, "fold", "p", "fold", "Fold at a period; again: unfold")
    yield a(c, "fold_here", "enter", "", "Fold at the period under the cursor, or at the highest peak")
    yield a(c, "period_less", "less_than_sign", "", "A slightly shorter period")
    yield a(c, "period_more", "greater_than_sign", "", "A slightly longer period")
    yield a(c, "period_double", "asterisk", "", "Fold at twice the period")
    yield a(c, "period_half", "slash", "", "Fold at half the period")
    yield a(c, "odd_even", "O", "", "Show the odd and the even turns of a folded curve apart, or together")
    yield a(c, "normalise", "N", "", "Relative flux: divide by the median, as the kind of flux asks for")
    yield a(c, "errors", "e", "", "Show or hide the errors")
    yield a(c, "lines", "l", "lines", "Show or hide spectral lines")
    yield a(c, "redshift", "z Z", "", "The redshift of the lines")
    yield a(c, "redshift_less", "left_curly_bracket", "", "Redshift 0.001 less")
    yield a(c, "redshift_more", "right_curly_bracket", "", "Redshift 0.001 more")
    yield a(c, "unit", "u", "unit", "Choose the unit of the flux")
    yield a(c, "x_unit", "x t", "", "Choose the time system, or the unit of the wavelength")
    yield a(c, "medium", "v", "", "Wavelengths in air or in vacuum")
    yield a(c, "column", "c", "column", "Next flux column")
    yield a(c, "choose_column", "C", "", "Choose the flux column by its name")
    yield a(c, "quality", "m", "mask", "Quality mask: default, hard, none")
    yield a(c, "overlay", "o", "", "Lay the marked files, or the other items, over this one")
    yield a(c, "stitch", "J", "", "Join the marked files, or the other items, into one curve")
    yield a(c, "summary", "i", "info", "What is known of the data's quality")
    yield a(c, "header", "h H", "header", "The file's headers")
    yield a(c, "write", "w", "write", "Write this picture, its numbers or its sound into the download folder")
    yield a(c, "whole", "d", "", "Get the whole file where only parts of it were looked at")
    yield a(c, "back", "escape", "back", "Stop what is running, close the periodogram, or go back")

    c = "image"
    yield a(c, "left", "left h", "cross", "The crosshair a cell to the left; value and place are read out below")
    yield a(c, "right", "right l", "", "The crosshair a cell to the right")
    yield a(c, "up", "up k", "", "The crosshair a cell up")
    yield a(c, "down", "down j", "", "The crosshair a cell down")
    yield a(c, "zoom_in", "plus equals_sign", "zoom", "Zoom in around the crosshair; the window is read in full detail")
    yield a(c, "zoom_out", "minus", "", "Zoom out")
    yield a(c, "whole", "0 home", "all", "The whole image again")
    yield a(c, "pan_left", "shift+left", "", "Move the window left")
    yield a(c, "pan_right", "shift+right", "", "Move the window right")
    yield a(c, "pan_up", "shift+up", "", "Move the window up")
    yield a(c, "pan_down", "shift+down", "", "Move the window down")
    yield a(c, "place", "p", "", "The crosshair on a position of the sky, or on a pixel, by its numbers")
    yield a(c, "previous_item", "left_square_bracket", "item", "The plane before of a cube; else the image before")
    yield a(c, "next_item", "right_square_bracket", "", "The next plane of a cube; else the next image")
    yield a(c, "combined", "m", "", "All planes of a cube as one: their median")
    yield a(c, "range", "r", "", "Some planes of a cube as one: their sum, or their median")
    yield a(c, "spectrum", "enter", "spectrum", "The spectrum of the cube at the crosshair, below; again closes it")
    yield a(c, "box", "b", "", "The spectrum of 1, 3 × 3 or 5 × 5 pixels")
    yield a(c, "cut_row", "x", "cuts", "The values along the row of the crosshair, below; again closes it")
    yield a(c, "cut_column", "y", "", "The values along the column of the crosshair")
    yield a(c, "stretch", "s", "stretch", "Stretch of the greys: asinh, linear, square root, log")
    yield a(c, "limits", "z", "limits", "Limits of the greys: z-scale, 0.5 to 99.5 percent, lowest to highest")
    yield a(c, "loupe", "e", "", "The surroundings of the crosshair three times larger, or no longer")
    yield a(c, "summary", "i", "", "What is known of the data's quality, and what a pixel is worth")
    yield a(c, "open_curve", "o", "", "The cut or spectrum below on the screen of curves: zoom, units, lines, write")
    yield a(c, "choose", "g", "go to", "Choose another of the file's images and tables")
    yield a(c, "header", "H", "headers", "The file's headers")
    yield a(c, "graphics", "G", "", "In true pixels (sixel, kitty): setting graphics = auto, extra mast-tui[graphics]")
    yield a(c, "write", "w", "write", "Write this picture or its numbers into the download folder")
    yield a(c, "get_whole", "d", "", "Get the whole file where only parts of it were looked at")
    yield a(c, "back", "escape", "back", "Stop reading; close what is below; back to the list")

    c = "pixels"
    yield a(c, "play", "space", "play", "Play the frames as a film, or pause")
    yield a(c, "previous_frame", "comma", "", "One frame back")
    yield a(c, "next_frame", "full_stop", "frame", "One frame on")
    yield a(c, "combined", "m", "median", "The median of the good frames again")
    yield a(c, "left", "left h", "cross", "The crosshair a pixel to the left; the value is read out below")
    yield a(c, "right", "right l", "", "The crosshair a pixel to the right")
    yield a(c, "up", "up k", "", "The crosshair a pixel up")
    yield a(c, "down", "down j", "", "The crosshair a pixel down")
    yield a(c, "place", "p", "", "The crosshair on a position of the sky, or on a pixel, by its numbers")
    yield a(c, "toggle", "enter", "pixel", "Take this pixel into the aperture, or out; the light curve is made anew")
    yield a(c, "mission_aperture", "a", "aperture", "The aperture of the file again")
    yield a(c, "stretch", "s", "", "Stretch of the greys: asinh, linear, square root, log")
    yield a(c, "limits", "z", "", "Limits of the greys: z-scale, 0.5 to 99.5 percent, lowest to highest")
    yield a(c, "previous_item", "left_square_bracket", "item", "The item before in this file")
    yield a(c, "next_item", "right_square_bracket", "", "The next item in this file")
    yield a(c, "choose", "g", "", "Choose another of the file's images and tables")
    yield a(c, "loupe", "e", "", "The surroundings of the crosshair three times larger, or no longer")
    yield a(c, "summary", "i", "", "What is known of the data's quality")
    yield a(c, "open_curve", "o", "curve", "The light curve on the screen of curves: flatten, search, fold, write")
    yield a(c, "header", "H", "headers", "The file's headers")
    yield a(c, "graphics", "G", "", "In true pixels (sixel, kitty): setting graphics = auto, extra mast-tui[graphics]")
    yield a(c, "write", "w", "write", "Write this picture or the light curve into the download folder")
    yield a(c, "get_whole", "d", "", "Get the whole file where only parts of it were looked at")
    yield a(c, "back", "escape", "back", "Pause; back to the list")

    c = "picture"
    yield a(c, "graphics", "G", "", "In true pixels (sixel, kitty): setting graphics = auto, extra mast-tui[graphics]")
    yield a(c, "write", "w", "write", "Write this picture into the download folder")
    yield a(c, "back", "escape", "back", "Back to the list")

    c = "graphics"
    yield a(c, "back", "escape G", "back", "Back to the picture in cells")

    c = "table"
    yield a(c, "columns_left", "left h", "", "Columns further left")
    yield a(c, "columns_right", "right l", "columns", "Columns further right")
    yield a(c, "previous_item", "left_square_bracket", "item", "The item before in this file")
    yield a(c, "next_item", "right_square_bracket", "", "The next item in this file")
    yield a(c, "choose", "g", "go to", "Choose another of the file's images and tables")
    yield a(c, "header", "H", "headers", "The file's headers")
    yield a(c, "back", "escape", "back", "Back to the list")

    c = "header"
    yield a(c, "search", "slash", "search", "Search keywords, values and comments of all HDUs")
    yield a(c, "next_match", "enter full_stop", "next", "The next card that fits the search")
    yield a(c, "previous_match", "comma", "", "The card before that fits the search")
    yield a(c, "previous_hdu", "left_square_bracket", "HDU", "The HDU before")
    yield a(c, "next_hdu", "right_square_bracket", "", "The next HDU")
    yield a(c, "copy", "y", "copy", "Copy this card to the terminal's clipboard")
    yield a(c, "back", "escape", "back", "Close the search, or go back")

    c = "downloads"
    yield a(c, "pause", "space p", "pause", "Pause or go on with this file")
    yield a(c, "pause_all", "P", "all", "Pause or go on with everything")
    yield a(c, "retry", "r", "retry", "Try this file again")
    yield a(c, "cancel", "x", "cancel", "Take this file off the queue; its bytes so far are dropped")
    yield a(c, "detail", "d", "detail", "All that is known of this file")
    yield a(c, "move_up", "K shift+up", "sooner", "Take this file one place sooner; J one place later")
    yield a(c, "log", "l", "log", "What happened to this file: every attempt, who answered what, why it waits")
    yield a(c, "move_down", "J shift+down", "", "Take this file one place later")
    yield a(c, "move_first", "less_than_sign", "", "Take this file before the others of its priority")
    yield a(c, "move_last", "greater_than_sign", "", "Take this file after the others of its priority")
    yield a(c, "raise", "plus", "priority", "A higher priority for this file: low, normal, high")
    yield a(c, "lower", "minus", "", "A lower priority for this file")
    yield a(c, "lineage", "T", "", "Where this file comes from: proposal, raw, calibrated, and what was made of it")
    yield a(c, "forget", "f", "", "Take what is finished off this list; its records stay under sessions")
    yield a(c, "back", "escape", "back", "Back; transfers go on")

    c = "sessions"
    yield a(c, "detail", "enter", "detail", "What was asked and which files came of it")
    yield a(c, "verify", "v", "verify", "Check every file against the manifest")
    yield a(c, "again", "g", "get again", "Fetch what is missing or changed")
    yield a(c, "lineage", "T", "", "Where a file of this session comes from, and what was made of it")
    yield a(c, "export", "e", "export", "Write it as script, notebook, table, BibTeX, acknowledgement or checksums")
    yield a(c, "copy", "y", "copy path", "Copy the manifest's path to the terminal's clipboard")
    yield a(c, "back", "escape", "back", "Back")

    c = "login"
    yield a(c, "submit", "enter", "log in", "Ask the archive who this token is")
    yield a(c, "keep", "f7", "keyring", "Keep the token in the desktop's keyring when logging in, or not")
    yield a(c, "logout", "f6 ctrl+o", "log out", "Forget the token")
    yield a(c, "back", "escape", "back", "Back")


ACTIONS: tuple[Action, ...] = tuple(_table())


def actions_of(context: str) -> tuple[Action, ...]:
    return tuple(a for a in ACTIONS if a.context == context)


def bindings_for(context: str) -> list[BindingType]:
    """Bindings of a context; every key calls the screen's or the app's `action_do`, which knows `why_not`."""
    return [
        Binding(",".join(a.keys), f"do('{a.id}')", a.label or a.help, show=False, id=f"{context}.{a.id}")
        for a in actions_of(context)
    ]


def clashes() -> list[str]:
    """Keys that mean two things at once: in one context, or in a context and everywhere. Empty when all is well."""
    found = []
    contexts = {a.context for a in ACTIONS} - {GLOBAL}
    for context in sorted(contexts):
        owners: dict[str, str] = {}
        for action in (*actions_of(GLOBAL), *actions_of(context)):
            for key in action.keys:
                if key in owners:
                    found.append(f"{context}: {key} is {owners[key]} and {action.id}")
                owners[key] = action.id
    return found
