"""One forgiving search, in the frame of every page."""
