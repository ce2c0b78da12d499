"""A light curve as sound: time runs, the pitch follows the flux, gaps are silent. RIFF WAVE by the standard library.

The idea is STScI's Astronify (https://astronify.readthedocs.io): a low note for faint, a high one for bright, on a
scale of equal ratios, since that is how pitch is heard.
"""

from __future__ import annotations

import io
import wave

import numpy as np

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import FloatArray, Series

RATE_HZ = 22_050
#: Pitch of the faintest and the brightest note: A3 to A6, three octaves.
LOW_HZ, HIGH_HZ = 220.0, 1760.0
#: So many notes a second: short enough for a transit of hours in a month, long enough to hear each pitch.
NOTES_PER_S = 40
_LOUDNESS = 0.5
#: Notes of silence begin and end over this time, without a click.
_FADE_S = 0.005


def wav_bytes(series: Series, seconds: float = 8.0) -> bytes:
    """A mono 16-bit file of `seconds` (0.5 to 60). InvalidQuery for a series without points or another length."""
    if series.x.size == 0:
        raise InvalidQuery("there is no good point to be heard", "", "Choose another column or quality mask")
    if not 0.5 <= seconds <= 60:
        raise InvalidQuery("a sound is 0.5 to 60 seconds long", "", "Choose a length between")
    pitches = note_pitches(series, max(2, round(seconds * NOTES_PER_S)))
    n = round(seconds * RATE_HZ)
    note = np.minimum(np.arange(n) * pitches.size // n, pitches.size - 1)
    heard = np.isfinite(pitches)
    # the phase runs on from note to note, so that a change of pitch makes no click
    phase = 2 * np.pi * np.cumsum(np.where(heard, pitches, 0.0)[note]) / RATE_HZ
    fade = np.ones(max(1, round(_FADE_S * RATE_HZ)))
    volume = np.convolve(heard[note].astype(np.float64), fade / fade.size, mode="same")
    samples = np.round(np.sin(phase) * volume * _LOUDNESS * 32767).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def note_pitches(series: Series, n_notes: int) -> FloatArray:
    """Hz of each of `n_notes` equal parts of x, NaN where it holds no point; y between its means' extremes.

    Parts shorter than the sampling take the value between two points of one unbroken run.
    """
    order = np.argsort(series.x, kind="stable")
    x, y = series.x[order], series.y[order]
    if series.y_axis.upside_down:
        y = -y
    low, high = float(x[0]), float(x[-1])
    width = (high - low) / n_notes or 1.0
    part = np.minimum(((x - low) / width).astype(np.int64), n_notes - 1)
    count = np.bincount(part, minlength=n_notes)
    level = np.divide(np.bincount(part, y, n_notes), count, out=np.full(n_notes, np.nan), where=count > 0)
    centres = low + (np.arange(n_notes) + 0.5) * width
    after = np.clip(np.searchsorted(x, centres), 1, max(1, x.size - 1)) if x.size > 1 else np.zeros(n_notes, np.int64)
    # runs as the series has them, by the sorted place of their first points
    breaks = np.zeros(x.size, bool)
    breaks[np.argsort(order, kind="stable")[series.starts]] = True
    joined = (count == 0) & ~breaks[after]
    level[joined] = np.interp(centres[joined], x, y)
    heard = np.isfinite(level)
    least, most = float(level[heard].min()), float(level[heard].max())
    share = (level - least) / (most - least) if most > least else np.where(heard, 0.5, np.nan)
    return np.asarray(LOW_HZ * (HIGH_HZ / LOW_HZ) ** share)
