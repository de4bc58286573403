"""Pure figures, maps, badges, tables and the frame shared by every page."""
