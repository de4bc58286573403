"""All that leaves the tool: tables as CSV and workbooks, charts as images, a molecule on one page. Each says what the data
are, of which day, from which sources; invented data say so.
"""

from __future__ import annotations

from pages.components.exports.offering import offer

__all__ = ["offer"]
