"""Parts that pages of an open snapshot share: what public data do not show, and a medicine in the public list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from pages.components import format as fr
from pages.components.blocks import block
from pages.components.templating import render


@block
def limits(lines: tuple[str, ...]) -> Markup:
    """One short block, the same on every page."""
    return render("components/open_limits", lines=lines)


def list_state(row: Mapping[str, Any]) -> str:
    """« 1 en rupture, 2 en tension »: presentations of a subject by state (*public_subject*); empty outside the list."""
    words = [
        (row["ruptures"], "en rupture"),
        (row["tensions"], "en tension"),
        (row["stops"], "en arrêt"),
        (row["returns"], "remises à disposition" if row["returns"] > 1 else "remise à disposition"),
    ]
    return ", ".join(f"{fr.number(count)} {word}" for count, word in words if count)
