"""True pixels on terminals that have them (sixel, kitty), by the optional extra textual-image; only where asked for.

A terminal can be asked what it has only before Textual reads its answers, so `ask_terminal` is called before the app
starts, and only where the setting wants it: textual-image asks when it is imported, for up to 0.3 s. A picture of
1200 x 700 points was measured as 498 kB of sixels, 103 kB in kitty's way, and 82 kB as half blocks of 24 greys; so it
is drawn once, when its key is pressed, on a screen of its own. Tested with the package's own widget and with terminals
that answer its questions; how it looks on a real sixel or kitty terminal nobody has tried.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from mast_tui.core.text import clean

if TYPE_CHECKING:
    from mast_tui.core.look import ByteArray

_MODULE = "textual_image"
_NAMES = {"textual_image.renderable.sixel": "sixel", "textual_image.renderable.tgp": "kitty"}


@dataclass(frozen=True)
class Graphics:
    """`protocol` is 'sixel', 'kitty' or '' for none, and then `why_not` says why and what to do."""

    protocol: str = ""
    why_not: str = "Pixel graphics are off: set graphics to auto in the configuration, and start again."


OFF = Graphics()


def ask_terminal(setting: str) -> Graphics:
    """What the terminal can draw, where `setting` is 'auto'. Not to be called once Textual reads the terminal."""
    if setting != "auto":
        return OFF
    from importlib.util import find_spec  # which loads more than the rest of this module, and every start pays

    if find_spec(_MODULE) is None:
        return Graphics("", "Pixel graphics need one more package: pip install 'mast-tui[graphics]', and start again.")
    try:
        renderable: Any = importlib.import_module(f"{_MODULE}.renderable")
        # the size of a cell in pixels is asked for when this one is imported
        importlib.import_module(f"{_MODULE}.widget")
    except (ImportError, OSError, ValueError, ArithmeticError) as error:
        return Graphics("", f"Pixel graphics are off: asking the terminal for them failed ({clean(error, 80)}).")
    protocol = _NAMES.get(renderable.Image.__module__, "")
    return Graphics(protocol, "" if protocol else "This terminal says that it has neither sixel nor kitty graphics.")


def pixel_widget(graphics: Graphics, rgb: ByteArray) -> Widget:
    """A widget that draws `rgb`, uint8 (ny, nx, 3) with the top row first, as large as fits, by `graphics.protocol`."""
    from PIL import Image

    from mast_tui.plot.pictures import enlarged

    widgets: Any = importlib.import_module(f"{_MODULE}.widget")
    kind = {"sixel": widgets.SixelImage, "kitty": widgets.TGPImage}[graphics.protocol]
    found: Widget = kind(Image.fromarray(enlarged(rgb), "RGB"))
    return found
