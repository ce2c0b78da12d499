"""The preview room: recognise a file, read it, mask it, and hand it on as numbers and labels, never as widgets.

`Previewer` is the door; it runs `jobs` in a worker process that alone imports astropy. In there: `guard` (is the
structure sound), `headers` and `columns` (what does it say it is), `recipe`, `light_curve_recipes` and
`spectrum_recipes` (the products, as data), `masks` and `quality_bits` (which points are good, and why not), the readers
`light_curves`, `spectra`, `pixels`, `images`, `tables`, `plain` and `plain_tables` (what is not FITS), `facts` (what
the headers say of the quality), and `building` (good points, order, gaps). `plain_rows` and `plain_array` read numbers
without astropy, `sky` and `pixel_sky` say where pixels lie. The results are the nouns of `core.look`.
Large files are looked at in parts: `large` reads some rows of one that is here; `remote` is the app's side of a look at
one of the archive, `sparse` the worker's, and both use `parts` (which rows) and `placing` (their places in the file).
"""

from mast_tui.preview.masks import Level
from mast_tui.preview.parts import Aim
from mast_tui.preview.previewer import DEADLINE_S, Previewer
from mast_tui.preview.remote import Condensed, Condenser, placed, placed_frames

__all__ = ["DEADLINE_S", "Aim", "Condensed", "Condenser", "Level", "Previewer", "placed", "placed_frames"]
