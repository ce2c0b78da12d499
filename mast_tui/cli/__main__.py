"""`python -m mast_tui.cli`: the same as the installed command `mast-tui`, for where that is not on the PATH."""

from mast_tui.cli import command

if __name__ == "__main__":
    command()
