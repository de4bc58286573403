"""Open data: the stays of each line in the public list on a time axis, one photograph after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from metrics.public_list import subject as public
from pages.components import declaration_rows, lists, tables, tokens
from pages.components import format as fr
from pages.components.blocks import block, chart
from pages.components.charts import figures
from pages.components.charts.figures import Stack
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.open_answer import ONLY
from pages.molecules.view import View, shorten

MOST_ROWS, ROW_PX, BAR_AT = 8, 34, 0.24  # bars under names: a bar may start at the left edge
DAY_MS = 86_400_000
LEAST_DAYS = 6  # width of what one photograph alone saw
# Fill and outline; each is also written beside its bar.
COLOURS = {"1": (tokens.INK, tokens.INK), "2": (tokens.HATCH, tokens.HATCH), "3": (tokens.WHITE, tokens.INK),
           "4": (tokens.RAMP[3], tokens.RAMP[3])}  # fmt: skip
SPELLS = {"status_label": "Dernier statut", "denomination": "Spécialité", "cis": "CIS", "cip13": "CIP13 (vide : toutes)",
          "started_on": "Début publié", "duration_days": "Durée (jours)", "duration_is_minimum": "Durée au moins égale",
          "return_first_on": "Premier retour annoncé", "return_last_on": "Dernier retour annoncé",
          "times_put_off": "Reports", "days_put_off": "Report (jours)", "first_seen_on": "Première photographie",
          "last_seen_on": "Dernière photographie", "left_on": "Absente depuis la photographie du", "url": "Fiche publique"}  # fmt: skip

Line = dict[str, Any]


@block
def head(subject_id: str) -> Markup:
    """Title, key of the bars, photographs and gaps; says in words that the subject was never listed."""
    photographs, lines = session.load(public.photographs), _lines(subject_id)
    days = [row["photograph_on"] for row in photographs]
    gaps = session.load(public.gaps)
    return render(
        "molecules/open_timeline",
        days=days,
        count=len(lines),
        shown=min(len(lines), MOST_ROWS),
        only=ONLY,
        longest=max((int(row["days"]) for row in gaps), default=0),
        gaps=len(gaps),
    )


@chart
def drawing(subject_id: str, scale: float) -> tuple[go.Figure, str]:
    """One row a line of the list, those of today first."""
    seen, days = view.known(subject_id), [row["photograph_on"] for row in session.load(public.photographs)]
    lines = _lines(subject_id)
    figure = timeline(lines[:MOST_ROWS], [figures.as_day(day, seen.as_of) for day in days], seen.as_of, scale)
    return figure, f"Passages dans la liste publique : {seen.short}, {fr.plural(len(lines), 'ligne', 'lignes')}"


@block
def stays(subject_id: str) -> Markup:
    """Each stay with how long it lasted and the dates of return put off, folded."""
    found = figures.records(session.load(public.spells, subject_id))
    rows = [row | {"sheet": declaration_rows.sheet_link(row.get("url"), "Ouvrir")} for row in found]
    return render("molecules/open_spells", rows=lists.cut(rows, lists.STEPS[1])) if rows else Markup()


def is_listed(subject_id: str) -> bool:
    return bool(_lines(subject_id))


def twin(seen: View) -> None:
    if is_listed(seen.id):
        context = {
            "Médicament": str(seen.facts["label"]),
            "Producteur": "ANSM, Base de données publique des médicaments",
        }
        tables.table_twin(partial(_table, seen.id), SPELLS, f"liste-publique-{seen.key}", context, source="public_spell",
                          label="Passages dans la liste : table et téléchargement")  # fmt: skip


def _table(subject_id: str) -> pd.DataFrame:
    found = session.load(public.spells, subject_id)
    return found.assign(url=found["url"].map(declaration_rows.web))


def _lines(subject_id: str) -> list[list[Line]]:
    """Stretches by line of the list; lines of today first, then the gravest, then the last seen."""
    found: dict[tuple[str, str], list[Line]] = {}
    for row in session.load(public.stretches, subject_id):
        found.setdefault((str(row["cis"]), str(row["cip13"] or "")), []).append(row)
    order = sorted(found.values(), key=lambda line: (_start(line) or date.max, str(line[-1]["denomination"])))
    order.sort(key=lambda line: figures.as_day(line[-1]["last_seen_on"], date.min), reverse=True)
    return sorted(order, key=lambda line: (not line[-1]["is_current"], str(line[-1]["code"])))


# ---- the drawing


def timeline(lines: Sequence[Sequence[Line]], days: Sequence[date], as_of: date, scale: float = 1.0) -> go.Figure:
    """Bars from the first to the last photograph of each code; a thin line from the published start to the first one."""
    if not lines or not days:
        return figures.empty("Jamais vue dans les photographies reçues.", scale=scale)
    stack = Stack(scale=scale)
    plain = {"showgrid": False, "zeroline": False, "showticklabels": False}
    axis = stack.panel(len(lines) * ROW_PX + 8, "", {"range": [len(lines) - 0.4, -0.6], **plain})
    starts = [_start(line) for line in lines]
    first = max(min([days[0], *[day for day in starts if day]]), days[0] - timedelta(days=2 * 365))
    for place, (line, start) in enumerate(zip(lines, starts, strict=True)):
        _before(stack, axis, place, (start, figures.as_day(line[0]["first_seen_on"], as_of)), first)
        for stretch in line:
            _bar(stack, axis, place, stretch)
        _name(stack, axis, place, line)
    for day in days if len(days) <= 8 else (days[0], days[-1]):
        _photograph(stack, day)
    last = days[-1] + timedelta(days=30)
    span = (first - (last - first) * 0.02, last)
    return stack.figure(
        "", {"type": "date", "range": list(span), **figures.month_ticks(*span, most=6)}, {"l": 10, "t": 8}
    )


def _start(line: Sequence[Line]) -> date | None:
    """Start published under codes 1 to 3: under code 4 it is overwritten by the return."""
    told = next((row["started_on"] for row in line if str(row["code"]) != "4"), None)
    return fr.as_date(told)


def _before(stack: Stack, axis: str, place: int, when: tuple[date | None, date], first: date) -> None:
    start, seen = when
    if start is None or start >= seen:
        return
    stack.traces.append(
        figures.scatter(
            x=figures.days([max(start, first), seen]),
            y=[place + BAR_AT, place + BAR_AT],
            yaxis=axis,
            mode="lines",
            line={"color": tokens.SECONDARY, "width": 1.4, "dash": "dot"},
            hovertext=[f"début publié le {fr.day(start)}, avant la première photographie"] * 2,
        )
    )


def _bar(stack: Stack, axis: str, place: int, row: Line) -> None:
    begin, end = figures.as_day(row["first_seen_on"], date.min), figures.as_day(row["last_seen_on"], date.min)
    fill, outline = COLOURS.get(str(row["code"]), COLOURS["3"])
    told = f"<b>{escape(str(row['status_label']))}</b><br>vue du {fr.day(begin)} au {fr.day(end)}"
    if not fr.missing(row["return_last_on"]):
        told += f"<br>retour annoncé le {fr.day(row['return_last_on'])}"
    stack.traces.append(
        figures.bar(
            base=figures.days([begin]),
            x=[max((end - begin).days, LEAST_DAYS) * DAY_MS],
            y=[place],
            yaxis=axis,
            orientation="h",
            width=0.3,
            offset=BAR_AT - 0.15,
            marker={"color": fill, "line": {"color": outline, "width": 1.2}},
            hovertext=[told],
        )
    )


def _name(stack: Stack, axis: str, place: int, line: Sequence[Line]) -> None:
    last = line[-1]
    name = f"CIS {last['cis']}, hors référentiel" if fr.missing(last["denomination"]) else str(last["denomination"])
    told = str(last["status_label"]).lower() if last["is_current"] else f"sortie avant le {fr.day(last['until_on'])}"
    put_off = sum(int(row["times_put_off"] or 0) for row in line if row["spell_no"] == last["spell_no"])
    more = f", retour repoussé {fr.plural(put_off, 'fois', 'fois')}" if put_off else ""
    text = f"<b>{escape(told)}</b>{more} · {escape(shorten(name, 52))}"
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": place - 0.22, "yref": axis, "yanchor": "middle"}
    stack.text(text, size=12, **figures.HALO, **where)


def _photograph(stack: Stack, day: date) -> None:
    line = {"color": tokens.GHOST, "width": 1, "dash": "dot"}
    stack.shapes.append(
        {
            "type": "line",
            "xref": "x",
            "x0": day,
            "x1": day,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": line,
            "layer": "below",
        }
    )
