"""The room of the transfers: a queue in a process of its own that fetches files, checks them, and keeps the record.

The app and `get` hold a `Transfers`; the process behind it is `service`, its heart `engine`. `verify` checks a folder
offline, `sources` reads what `get --from` is given. Importing this loads neither requests nor astropy.
"""

from mast_tui.transfer.client import KnownSession, Transfers

__all__ = ["KnownSession", "Transfers"]
