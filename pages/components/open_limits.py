"""What public data do not say, at the foot of a page of an open snapshot."""

from __future__ import annotations

from markupsafe import Markup

from pages.components.blocks import block
from pages.components.templating import render


@block
def limits(lines: tuple[str, ...]) -> Markup:
    """One short block, the same on every page."""
    return render("components/open_limits", lines=lines)
