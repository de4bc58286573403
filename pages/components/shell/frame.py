"""What surrounds a page: mark, state of the data, demo banner, title and answer, crumbs, sources, empty states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import streamlit as st

from data.settings import PARIS
from pages.components import format as fr
from pages.components import markup, tokens
from pages.components.grid import plain
from pages.components.shell import style

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 132 28" width="132" height="28">'
    f'<rect x="1" y="6" width="22" height="16" rx="3.5" fill="none" stroke="{tokens.ACCENT}" stroke-width="2.4"/>'
    f'<rect x="24.4" y="10.6" width="3" height="6.8" rx="1.2" fill="{tokens.ACCENT}"/>'
    f'<path d="M5 17.5 9 13l3.4 3 6.4-6" fill="none" stroke="{tokens.ACCENT}" stroke-width="2.4" '
    'stroke-linecap="round" stroke-linejoin="round"/>'
    f'<text x="36" y="20.5" font-family="Helvetica, Arial, sans-serif" font-size="20" '
    # Whatever font answers, the word keeps its width: a wider one was cut by the frame of the image.
    f'textLength="93" lengthAdjust="spacingAndGlyphs" font-weight="700" fill="{tokens.INK}">Vigistock</text></svg>'
)

Crumb = tuple[str, Any, Mapping[str, str]]


def scale() -> float:
    """Factor for figures and maps: 1, or 1.35 when the page is projected (``?projection=1``)."""
    return tokens.PROJECTION_SCALE if projected() else 1.0


def projected() -> bool:
    """The URL asks for the shared screen."""
    return st.query_params.get("projection") == "1"


def open_frame() -> None:
    """Once by ``app.py`` before anything else: style and mark. The line above the page is that of ``visitor``."""
    style.inject(projection=projected())
    if not projected():
        st.logo(LOGO, size="large")


def header(info: Mapping[str, Any] | None, late: Sequence[str] = ()) -> str:
    """« Données du 22/11/2026 06:10 · 2 sources en retard », as HTML; names of late sources on hover.

    info: row of *snapshot_info* (None when nothing was published yet). late: titles of late sources.
    """
    if not info:
        return '<div class="vs-state" role="status">Aucune donnée publiée</div>'
    parts = [f"Données du {fr.moment(info.get('built_at') or info.get('as_of'))}"]
    if late:
        names = escape(", ".join(late), quote=True)
        words = fr.plural(len(late), "source en retard", "sources en retard")
        parts.append(f'<b title="{names}">{words}</b>')
    return f'<div class="vs-state" role="status">{" · ".join(parts)}</div>'


def demo_banner() -> str:
    """Permanent mark of invented data."""
    return (
        '<div class="vs-demo" role="note"><b>Données fictives</b> '
        "Laboratoires, stocks, ventes et déclarations sont inventés pour la démonstration.</div>"
    )


def older_banner(damaged: str, shown_at: object) -> str:
    """Mark of a page drawn from an older snapshot: the newest is named by its moment in UTC, and cannot be read."""
    newest = fr.moment(datetime.strptime(damaged[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).astimezone(PARIS))
    return (
        '<div class="vs-demo vs-older" role="alert"><b>Données plus anciennes que prévu</b> '
        f"Le relevé du {newest} est abîmé et n'a pas pu être ouvert : tous les chiffres affichés sont ceux du relevé du "
        f"{fr.moment(shown_at)}. Le prochain rafraîchissement le reconstruira.</div>"
    )


def nothing_to_read(damaged: str | None, stopped: str | None = None) -> None:
    """No snapshot: none was ever published, or none of them opens. ``stopped``: what stopped the last refresh."""
    if stopped:
        empty_state("Le dernier rafraîchissement n'a rien publié.", stopped)
    if damaged:
        empty_state(
            "Aucun relevé publié n'a pu être ouvert.",
            "Lancer « make refresh » : les chiffres seront recalculés à partir des fichiers gardés.",
        )
        return
    empty_state(
        "Aucune donnée n'a encore été publiée.",
        "Déposer les fichiers des partenaires dans le dossier « inbox », puis lancer « make refresh » ; "
        "ou « python -m data.build --demo » pour des données fictives.",
    )


def title_answer(question: str, answer: str, measured_on: object = None) -> None:
    """The question as title, then its answer in one sentence with its date."""
    markup.show(title_html(question, answer, measured_on))


def title_html(question: str, answer: str, measured_on: object = None) -> str:
    """Title and answer as HTML, escaped."""
    when = "" if fr.missing(measured_on) else f' <span class="vs-when">Données au {fr.day(measured_on)}.</span>'
    return f'<h1 class="vs-title">{escape(question)}</h1><p class="vs-answer">{escape(answer)}{when}</p>'


def section(title: str, note: str = "") -> None:
    """Heading of a part of the page, with a line of secondary ink (unit, denominator, date)."""
    after = f'<span class="vs-note">{escape(note)}</span>' if note else ""
    markup.show(f'<h2 class="vs-section">{escape(title)} {after}</h2>')


def breadcrumbs(crumbs: Sequence[Crumb], here: str) -> None:
    """Way back up: (label, page, query parameters) for each level above, then where the reader is."""
    line = st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="vs-crumbs")
    for label, page, parameters in crumbs:
        line.page_link(page, label=plain(label), icon="", query_params=dict(parameters))
        markup.show('<span class="vs-crumb" aria-hidden="true">›</span>', width="content", box=line)
    markup.show(f'<span class="vs-crumb" aria-current="page">{escape(here)}</span>', width="content", box=line)


def figure_card(label: str, figure: str, note: str = "") -> str:
    """Large figure with its words and its unit, denominator and date in secondary ink, as HTML."""
    return (
        f'<div class="vs-card"><div class="vs-cell-label">{escape(label)}</div>'
        f'<div class="vs-figure vs-num">{escape(figure)}</div><div class="vs-note">{escape(note)}</div></div>'
    )


def cards(items: Sequence[str]) -> None:
    """Cards (``figure_card``, ``link_cell(card=True)``) side by side, wrapping when the screen is narrow."""
    markup.show(f'<div class="vs-cards">{"".join(items)}</div>')


def empty_state(what: str, to_do: str) -> None:
    """Nothing to show: what is missing and what to do about it."""
    markup.show(empty_html(what, to_do))


def empty_html(what: str, to_do: str) -> str:
    """Empty state as HTML, escaped."""
    return f'<div class="vs-empty" role="status"><b>{escape(what)}</b><p>{escape(to_do)}</p></div>'


def footer(sources: Sequence[Mapping[Any, Any]], *, methods: Sequence[tuple[str, Any, Mapping[str, str]]] = ()) -> None:
    """Sources of the page with their dates and lateness, then links to the methods.

    sources: title, producer, licence, last_period_on, last_received_at, state, state_label (rows of *source_state*).
    methods: (label, page, query parameters) of each indicator shown.
    """
    markup.show(footer_html(sources))
    if methods:
        line = st.container(horizontal=True, gap="small", key="vs-methods")
        for label, page, parameters in methods:
            line.page_link(page, label=plain(label), icon="", query_params=dict(parameters))


def footer_html(sources: Sequence[Mapping[Any, Any]]) -> str:
    """Line of sources as HTML, escaped."""
    if not sources:
        return '<div class="vs-footer">Aucune source chargée.</div>'
    return f'<div class="vs-footer"><b>Sources</b> {" · ".join(_source(row) for row in sources)}</div>'


def _source(row: Mapping[Any, Any]) -> str:
    when = row.get("last_period_on")
    when = row.get("last_received_at") if fr.missing(when) else when
    text = f"{escape(str(row['title']))} ({escape(str(row.get('producer') or ''))}), {fr.day(when)}"
    if row.get("state") == "a_jour" or fr.missing(row.get("state")):
        return text
    label = row.get("state_label") or tokens.SOURCE_STATE_LABEL.get(str(row["state"]), "")
    return f'{text} <b class="vs-late">{escape(str(label))}</b>'
