"""`python -m mast_tui.cli`: the same as the installed command `mast-tui`, for where that is not on the PATH."""

import sys

from mast_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
