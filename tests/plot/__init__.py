"""The plot room: rasters, ticks, limits, text, and the widgets that show them."""
