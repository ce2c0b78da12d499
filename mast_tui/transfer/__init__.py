"""The room of the transfers: a queue in a process of its own that fetches files, checks them, and keeps the record.

The app and `get` hold a `Transfers`; the process behind it is started as `python -m mast_tui.transfer` (`service`, its
heart is `engine`). `verify` checks a folder offline, `read_source` reads what `get --from` is given; `Library`,
`stands_in` and `measured_rates` are for the plan. What is named here is loaded when it is first used, because the
process starts while the user waits, and needs none of it. Importing any of it loads neither requests nor astropy.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mast_tui.transfer.client import KnownSession, Transfers
    from mast_tui.transfer.ledger import archive_of
    from mast_tui.transfer.library import Library, Sought, stands_in
    from mast_tui.transfer.part import PART_SUFFIX
    from mast_tui.transfer.rates import measured_rates
    from mast_tui.transfer.sources import item_for_uri, read_source
    from mast_tui.transfer.verification import CheckedFile, VerifyReport, verify

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

if not TYPE_CHECKING:
    _HOME = {
        "CheckedFile": "verification",
        "KnownSession": "client",
        "Library": "library",
        "PART_SUFFIX": "part",
        "Sought": "library",
        "Transfers": "client",
        "VerifyReport": "verification",
        "archive_of": "ledger",
        "item_for_uri": "sources",
        "measured_rates": "rates",
        "read_source": "sources",
        "stands_in": "library",
        "verify": "verification",
    }

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"mast_tui.transfer.{_HOME[name]}"), name)
        return found
