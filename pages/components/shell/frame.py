"""What surrounds a page: mark, state of the data, demo banner, title and answer, crumbs, sources, empty states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from markupsafe import Markup

from data.settings import PARIS
from metrics.sources import queries as source_queries
from pages.components import format as fr
from pages.components import markup, templating, tokens
from pages.components.blocks import block
from pages.components.charts.figures import records
from pages.components.shell import session

MARK = "Vigistock"
PARTS, FRAME = "components/templates/parts", "components/templates/frame"


def scale() -> float:
    """Factor for figures and maps: 1, or 1.35 when the page is projected (``?projection=1``)."""
    return tokens.PROJECTION_SCALE if projected() else 1.0


def projected() -> bool:
    """The URL asks for the shared screen."""
    return session.projected()


def name_tab(*subjects: object) -> None:
    """What the tab of the browser and its history say: what the page is about, then its name in the menu."""
    named = [str(subject) for subject in subjects if subject]
    st.set_page_config(page_title=" – ".join((*named, session.page_title(), MARK)))


def older_banner(damaged: str, shown_at: object) -> Markup:
    """Mark of a page drawn from an older snapshot: the newest is named by its moment in UTC, and cannot be read."""
    return templating.macro(FRAME, "older", _published_at(damaged), fr.moment(shown_at))


def published_by_another_version(snapshot: str) -> None:
    """A snapshot that is whole, but whose tables are not those that this version reads."""
    empty_state(
        f"Les données du {_published_at(snapshot)} ont été publiées par une autre version de Vigistock.",
        "Lancer « make refresh » : les chiffres seront recalculés à partir des fichiers gardés, aucun n'est perdu.",
    )


def _published_at(snapshot: str) -> str:
    return fr.moment(datetime.strptime(snapshot[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC).astimezone(PARIS))


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


def title_html(question: str, answer: str, measured_on: object = None) -> Markup:
    """Title and answer."""
    return templating.macro(PARTS, "title", question, answer, measured_on)


def section(title: str, note: str = "") -> None:
    """Heading of a part of the page, with a line of secondary ink (unit, denominator, date)."""
    markup.show(templating.macro(PARTS, "section", title, note))


def empty_state(what: str, to_do: str = "") -> None:
    """Nothing to show: what is missing, unless the answer above says it, and what to do about it."""
    markup.show(empty_html(what, to_do))


def empty_html(what: str, to_do: str = "") -> Markup:
    """The same, as Markup."""
    return templating.macro(PARTS, "empty", what, to_do)


def footer(sources: Sequence[Mapping[Any, Any]], *, methods: Sequence[tuple[str, str]] = ()) -> None:
    """Sources of the page with their dates and lateness, then links to the methods.

    sources: title, producer, licence, last_period_on, last_received_at, state, state_label (rows of *source_state*).
    methods: (label, name of the metric) of each indicator shown.
    """
    session.page_sources()[:] = [str(row["source_key"]) for row in sources if "source_key" in row]
    markup.show(templating.macro(PARTS, "footer", sources, methods))


def sources_footer(keys: Iterable[str], methods: Sequence[tuple[str, str]] = ()) -> None:
    """The same from the keys of the sources (*source_state*)."""
    stands_on = tuple(dict.fromkeys(keys))
    session.page_sources()[:] = stands_on
    _footer.show(stands_on, tuple(methods))


@block
def _footer(keys: tuple[str, ...], methods: tuple[tuple[str, str], ...]) -> Markup:
    known = {str(row["source_key"]): row for row in records(session.load(source_queries.states))}
    return templating.macro(PARTS, "footer", [known[key] for key in keys if key in known], methods)
