"""What only the browser can do when something leaves: copy the address, print, make an image of a chart (``leaving.js``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from connectors.language.typography import french_html
from pages.components import templating
from pages.components.exports.stamp import Mark

_TEMPLATE = "components/exports/leaving"
_TEXT = Path(__file__).with_name("leaving.js").read_text("utf-8")
# Run by the frame at each run: buttons and charts drawn later are heard too. Known to the proxy by the hash of its text.
LEAVING = str(templating.macro(_TEMPLATE, "script", Markup(_TEXT)))  # noqa: S704 – a file of ours


def buttons() -> Markup:
    """« Copier le lien » and « Imprimer », for the frame."""
    return templating.macro(_TEMPLATE, "buttons")


def print_button(label: str) -> Markup:
    """A button that prints the page."""
    return templating.macro(_TEMPLATE, "print_button", label)


def images(words: Mapping[str, str]) -> Markup:
    """Two buttons that make an image of the map; ``words`` of ``charts.simple.image_words``."""
    return Markup(french_html(str(templating.macro(_TEMPLATE, "images", dict(words)))))  # noqa: S704 – spaces only


def printed(page: str, state: str, kind: Mark | None) -> Markup:
    """What a printed page says of itself: mark of its data, page, day of the data, address. Not seen on screen."""
    return templating.macro(_TEMPLATE, "printed", str(kind or ""), page, state)


def margin(kind: Mark | None) -> Markup:
    """Rules for the margin of each sheet: the mark, the number."""
    return templating.macro(_TEMPLATE, "margin", f"Vigistock · {kind.name}" if kind else "Vigistock")
