"""The room of the transfers: a queue in a process of its own that fetches files, checks them, and keeps the record.

The app and `get` hold a `Transfers`; the process behind it is `service`, its heart `engine`. `verify` checks a folder
offline, `read_source` reads what `get --from` is given, `preflight` looks at the disk before anything large begins.
Importing this loads neither requests nor astropy.
"""

from mast_tui.transfer.client import KnownSession, Transfers
from mast_tui.transfer.sources import Preflight, item_for_uri, preflight, read_source
from mast_tui.transfer.verify import CheckedFile, VerifyReport, verify

__all__ = [
    "CheckedFile",
    "KnownSession",
    "Preflight",
    "Transfers",
    "VerifyReport",
    "item_for_uri",
    "preflight",
    "read_source",
    "verify",
]
