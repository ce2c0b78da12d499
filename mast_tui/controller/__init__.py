"""The async verbs and their events: the one door between the rooms that work and the two faces that show.

The screens and the command line call a `Controller`; it reads what was typed, asks the archive, looks at files, hands
files to the transfers and keeps the record. It knows no widget and prints nothing.
"""

from mast_tui.controller.controller import Controller
from mast_tui.controller.mixing import mixed_in_record, mixed_in_session, mixed_on_disk
from mast_tui.controller.plan import FetchPlan, part_of
from mast_tui.controller.plan_words import describe, plan_as_json
from mast_tui.controller.search import Search
from mast_tui.transfer import item_for_uri, read_source

__all__ = [
    "Controller",
    "FetchPlan",
    "Search",
    "describe",
    "item_for_uri",
    "mixed_in_record",
    "mixed_in_session",
    "mixed_on_disk",
    "part_of",
    "plan_as_json",
    "read_source",
]
