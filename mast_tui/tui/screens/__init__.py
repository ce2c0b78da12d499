"""One screen a file, each with its actions in `tui.actions` under the context it names."""
