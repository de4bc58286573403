"""Under the list of alerts, closed until asked: all of them as a table with its files and feed, and those already seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from data.alerts import feed, publishing
from data.alerts.reading import Alert
from data.journal.entries import Acknowledgement
from data.settings import PARIS
from pages.components import format as fr
from pages.components import markup, tables, templating
from pages.components.shell import session

if TYPE_CHECKING:
    from pages.revue.alertes import View

TEMPLATE = "revue/alerts"
SHOWN = 8  # of those already seen, with their buttons: the table holds all of them
_COLUMNS = {
    "title": "Règle",
    "level_label": "Niveau",
    "label": "Sujet",
    "sentence": "Alerte",
    "day": "Jour du fait",
    "began_on": "Ouverte le",
    "seen_by": "Vue par",
    "seen_on": "Vue le",
    "note": "Note",
}


def draw(seen: View, see: Callable[[Sequence[tuple[str, int]]], None], context: Mapping[str, str]) -> None:
    """Nothing is computed before its box is opened."""
    unseen, done = seen.seen.unseen, seen.seen.seen
    if unseen or done:
        label = fr.plural(len(unseen) + len(done), "alerte ouverte", "alertes ouvertes")
        if (box := _box(f"Table ({label}), fichiers{' et flux' if seen.episodes else ''}", "alertes-toutes")).open:
            with box:
                _files(seen, context)
    if done and (box := _box(f"Déjà vues ({fr.number(len(done))})", "alertes-vues")).open:
        with box:
            for alert, answer in sorted(done, key=lambda item: item[1].at, reverse=True)[:SHOWN]:
                _seen(alert, answer, see)


def _box(label: str, key: str) -> Any:
    return st.expander(label, key=key, on_change="rerun")


def _seen(alert: Alert, answer: Acknowledgement, see: Callable[[Sequence[tuple[str, int]]], None]) -> None:
    """Who saw it, when, what they noted; and the way back."""
    left, right = st.columns([8, 2], vertical_alignment="center")
    when = fr.moment(answer.at.astimezone(PARIS))
    markup.show(templating.macro(TEMPLATE, "seen", alert, answer.login, when, answer.note), box=left)
    back = [(answer.alert_key, 0)]
    right.button("Remettre à voir", key=f"revoir-{alert.key}", on_click=see, args=(back,), width="stretch")


def _files(seen: View, context: Mapping[str, str]) -> None:
    chosen = {"Pour": seen.audience.label, **context}
    table = as_table(seen)
    tables.table_with_downloads(table, _COLUMNS, "alertes", chosen, source="alert")
    if not seen.episodes:
        return
    settings, mine = session.settings(), [*seen.seen.unseen, *(alert for alert, _ in seen.seen.seen)]
    head = publishing.feed_head(settings, session.snapshot() or "")
    tables.download_file(
        "Flux Atom",
        f"alertes-{seen.audience.name}.atom",
        "application/atom+xml",
        lambda: feed.atom(seen.audience, mine, seen.episodes, head).encode(),
    )
    if settings.alerts.public_url:
        address = f"{settings.alerts.public_url.rstrip('/')}/flux/{seen.audience.name}.atom"
        markup.show(templating.macro(TEMPLATE, "feed", address))


def as_table(seen: View) -> pd.DataFrame:
    """One row per open alert, with who saw it."""
    answers: dict[str, Acknowledgement] = {alert.key: answer for alert, answer in seen.seen.seen}
    every: Sequence[Alert] = [*seen.seen.unseen, *(alert for alert, _ in seen.seen.seen)]
    rows = [
        {
            **{name: getattr(alert, name) for name in ("title", "level_label", "label", "sentence", "day")},
            "began_on": _day(seen.episodes[alert.key].began_at) if alert.key in seen.episodes else None,
            "seen_by": answers[alert.key].login if alert.key in answers else None,
            "seen_on": _day(answers[alert.key].at) if alert.key in answers else None,
            "note": answers[alert.key].note if alert.key in answers else None,
        }
        for alert in every
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _day(moment: Any) -> Any:
    return moment.astimezone(PARIS).date()
