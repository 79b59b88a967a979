"""Where nobody looks as often as somebody should."""
