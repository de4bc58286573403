"""The frame of every page: menu, session, style sheet, addresses, errors."""
