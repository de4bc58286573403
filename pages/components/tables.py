"""The table behind every figure, to read and to download: the functions pages call; ``exports`` writes the files."""

from __future__ import annotations

from pages.components.exports.cells import harmless, select
from pages.components.exports.csv_file import to_csv
from pages.components.exports.notice import described
from pages.components.exports.notice import head as notice
from pages.components.exports.offering import (
    LABEL,
    Twin,
    download_book,
    download_file,
    downloads,
    draw_table,
    table_with_downloads,
)
from pages.components.exports.offering import offer as table_twin
from pages.components.exports.offering import offer_together as twins
from pages.components.exports.workbook import XLSX, to_book, to_xlsx

__all__ = [
    "LABEL",
    "XLSX",
    "Twin",
    "described",
    "download_book",
    "download_file",
    "downloads",
    "draw_table",
    "harmless",
    "notice",
    "select",
    "table_twin",
    "table_with_downloads",
    "to_book",
    "to_csv",
    "to_xlsx",
    "twins",
]
