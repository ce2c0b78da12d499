"""`python -m mast_tui.demo`: the embedded archive in a process of its own."""

import sys

from mast_tui.demo.server import main

if __name__ == "__main__":
    sys.exit(main())
