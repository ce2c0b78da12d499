"""The colours of a plot, and what stands for them where there are none. Used by `plot_view`.

Density has seven steps of cividis (Nuñez, Anderton & Renslow 2018, PLoS ONE 13, e0199239), even to the eye and to
colour-blind eyes; the densest is farthest from the background, so that on a light one the steps run the other way.
Without colour there are three steps: dim and plain points, and bold for the line over them.
"""

from __future__ import annotations

from rich.style import Style

_NOTHING = Style()
_CIVIDIS = ("#35456c", "#575d6d", "#757575", "#948e77", "#b7a96e", "#dbc75a", "#fee838")  # at 0.2 to 1 of the scale
_ON_LIGHT = ("#b4a76f", "#948e77", "#777777", "#5e626e", "#404c6c", "#163770", "#00224e")  # at 0.72 to 0
#: With sixteen colours cividis would be three of them: these are seven, by their luma away from the background.
#: White, though it is next to the paper, is none of them: on most it can't be seen, and lone points are outliers.
_SIXTEEN_ON_DARK = ("#0000aa", "#5555ff", "#00aaaa", "#55ff55", "#55ffff", "#ffff55", "#ffffff")
_SIXTEEN_ON_LIGHT = ("#ff55ff", "#00aaaa", "#5555ff", "#555555", "#aa00aa", "#0000aa", "#000000")
_SIXTEEN = {
    dark: {f"density{k}": Style(color=colour) for k, colour in enumerate(ramp)}
    for dark, ramp in ((True, _SIXTEEN_ON_DARK), (False, _SIXTEEN_ON_LIGHT))
}
#: Densities up to this one are dim where there is no colour.
_DIM = 2


def of_sixteen(name: str, dark: bool) -> Style:
    """What a style of the plot is given where the terminal has sixteen colours; nothing for all but densities."""
    return _SIXTEEN[dark].get(name, _NOTHING)


def _densities(of: str, declarations: tuple[str, ...]) -> str:
    return "".join(f"{of} .plot-view--density{k} {{ {declaration} }}\n" for k, declaration in enumerate(declarations))


PLOT_CSS = (
    """
PlotView { width: 1fr; height: 1fr; }
PlotView .plot-view--data { color: $primary; }
PlotView .plot-view--data1 { color: $warning; }
PlotView .plot-view--data2 { color: $success; }
PlotView .plot-view--data3 { color: $accent; }
PlotView .plot-view--over { color: $error; text-style: bold; }
PlotView .plot-view--error { color: $foreground 50%; }
PlotView .plot-view--line { color: $secondary; }
PlotView .plot-view--frame { color: $foreground 40%; }
PlotView .plot-view--label { color: $foreground; }
PlotView .plot-view--mark { color: $warning; text-style: bold; }
PlotView .plot-view--cursor { color: $accent; text-style: reverse; }
PlotView .plot-view--box { color: $accent; text-style: reverse; }
PlotView:nocolor .plot-view--error { text-style: dim; }
"""
    + _densities("PlotView", tuple(f"color: {colour};" for colour in _CIVIDIS))
    + _densities("PlotView:light", tuple(f"color: {colour};" for colour in _ON_LIGHT))
    + _densities("PlotView:nocolor", ("text-style: dim;",) * (_DIM + 1))
)
