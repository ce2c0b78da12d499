"""The room of the transfers: a queue in a process of its own that fetches files, checks them, and keeps the record.

The app and `get` hold a `Transfers`; the process behind it is `service`, its heart `engine`. `verify` checks a folder
offline, `read_source` reads what `get --from` is given; `Library`, `stands_in` and `measured_rates` are for the plan.
Importing this loads neither requests nor astropy.
"""

from mast_tui.transfer.client import KnownSession, Transfers
from mast_tui.transfer.ledger import archive_of
from mast_tui.transfer.library import Library, Sought, stands_in
from mast_tui.transfer.part import SUFFIX as PART_SUFFIX
from mast_tui.transfer.rates import measured_rates
from mast_tui.transfer.sources import item_for_uri, read_source
from mast_tui.transfer.verify import CheckedFile, VerifyReport, verify

__all__ = [
    "PART_SUFFIX",
    "CheckedFile",
    "KnownSession",
    "Library",
    "Sought",
    "Transfers",
    "VerifyReport",
    "archive_of",
    "item_for_uri",
    "measured_rates",
    "read_source",
    "stands_in",
    "verify",
]
