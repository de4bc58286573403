"""Declarations as horizontal bars, promised dates as marks: a slipped promise leaves its old mark hollow."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tokens
from pages.components.charts import figures
from pages.components.charts.figures import Stack

ROW_PX, MOST_ROWS = 34, 12
BAR_AT = 0.24  # of a row, under the name: a bar may start at the left edge
DAY_MS = 86_400_000
_MARKS = {"retour": ("diamond", "retour annoncé"), "approvisionnement": ("triangle-down", "approvisionnement annoncé")}

Span = tuple[date, date]


def declarations_panel(
    stack: Stack, declarations: pd.DataFrame, promises: pd.DataFrame, span: Span, as_of: date
) -> None:
    """One row per declaration, open ones first; solid until today, hollow from there to the announced return."""
    rows = _chosen(declarations, span)
    if not rows:
        return
    axis = stack.panel(
        len(rows) * ROW_PX + 8,
        _heading(len(declarations) - len(rows)),
        {"range": [len(rows) - 0.4, -0.6], "showgrid": False, "zeroline": False, "showticklabels": False},
    )
    for place, row in enumerate(rows):
        _bar(stack, axis, place, row, (span, as_of))
        _name(stack, axis, place, row)
    if not promises.empty:
        _promises(stack, promises, {str(row["declaration_no"]): i for i, row in enumerate(rows)}, axis, span)


def _heading(left_out: int) -> str:
    """The key of the signs is above the figure, where a phone has room for it."""
    more = f"   ({fr.plural(left_out, 'autre', 'autres')} dans la liste)" if left_out else ""
    return f"<b>Déclarations</b>{more}"


def _chosen(declarations: pd.DataFrame, span: Span) -> list[dict[str, Any]]:
    ends = pd.to_datetime(declarations["closed_on"])
    visible = declarations[ends.isna() | (ends >= pd.Timestamp(span[0]))]
    order = visible.sort_values(["status", "start_on"], ascending=[False, False])
    return figures.records(order.head(MOST_ROWS))


def _bar(stack: Stack, axis: str, place: int, row: dict[str, Any], when: tuple[Span, date]) -> None:
    span, as_of = when
    begin = max(figures.as_day(row["start_on"], figures.as_day(row.get("declared_on"), span[0])), span[0])
    closed = fr.as_date(row.get("closed_on"))
    until = closed or fr.as_date(row.get("expected_return_on")) or as_of
    lived = min(until, as_of) if closed else as_of
    _segment(stack, axis, place, row, (begin, max(lived, begin)))
    if not closed and until > as_of:
        _segment(stack, axis, place, row, (max(as_of, begin), min(until, span[1])), hollow=True)


def _segment(stack: Stack, axis: str, place: int, row: dict[str, Any], when: Span, *, hollow: bool = False) -> None:
    color = tokens.KIND_COLOUR.get(str(row["kind"]), tokens.HATCH)
    stack.traces.append(
        figures.bar(
            base=figures.days([when[0]]),
            x=[max((when[1] - when[0]).days, 1) * DAY_MS],
            y=[place],
            yaxis=axis,
            orientation="h",
            width=0.3,
            offset=BAR_AT - 0.15,
            marker={"color": tokens.WHITE if hollow else color, "line": {"color": color, "width": 1.4}},
            hovertext=[_bar_hover(row)],
        )
    )


def _name(stack: Stack, axis: str, place: int, row: dict[str, Any]) -> None:
    who = next((str(row[c]) for c in ("laboratory", "presentation_label") if not fr.missing(row.get(c))), "")
    text = escape(" · ".join(part for part in (str(row["declaration_no"]), _short(who, 16)) if part))
    where = {"x": 0, "xref": "paper", "xanchor": "left", "y": place - 0.2, "yref": axis, "yanchor": "middle"}
    stack.text(text, size=12, **figures.HALO, **where)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _bar_hover(row: dict[str, Any]) -> str:
    kind = tokens.KIND_LABEL.get(str(row["kind"]), "")
    state = "close" if not fr.missing(row.get("closed_on")) else "ouverte"
    lines = [
        f"<b>{escape(str(row['declaration_no']))}</b> · {kind}, {state}",
        escape(str(row.get("presentation_label") or "")),
        escape(str(row.get("laboratory") or "")),
        f"depuis le {fr.day(row['start_on'])}",
        f"retour annoncé : {fr.day(row.get('expected_return_on'))}",
    ]
    return "<br>".join(line for line in lines if line) + "<br>source : déclarations à l'ANSM"


def _promises(stack: Stack, promises: pd.DataFrame, places: dict[str, int], axis: str, span: Span) -> None:
    known = promises[promises["declaration_no"].astype(str).isin(places)]
    shown = figures.within(known, "planned_on", *span)
    for (kind, latest), rows in shown.groupby(["promise", "is_latest"]):
        sign, name = _MARKS.get(str(kind), _MARKS["retour"])
        fill = tokens.ACCENT if latest else tokens.WHITE
        stack.traces.append(
            figures.scatter(
                x=figures.days(rows["planned_on"]),
                y=[places[str(number)] + BAR_AT for number in rows["declaration_no"]],
                yaxis=axis,
                mode="markers",
                name=name if latest else f"{name}, repoussé ou retiré",
                marker={
                    "symbol": sign,
                    "size": 11,
                    "color": fill,
                    "opacity": 1,
                    "line": {"color": tokens.ACCENT, "width": 1.5},
                },
                hovertemplate=f"<b>{figures.DAY}</b> · {name}%{{text}}<extra></extra>",
                text=[_promise_hover(row) for row in figures.records(rows)],
            )
        )


def _since(row: dict[str, Any]) -> str:
    """What became of a date that is no longer in force."""
    if row["is_latest"]:
        return ""
    withdrawn = row.get("withdrawn_on")
    return ", date repoussée depuis" if fr.missing(withdrawn) else f", date retirée le {fr.day(withdrawn)}"


def _promise_hover(row: dict[str, Any]) -> str:
    """What follows the date and the kind of promise."""
    slip = row.get("slip_days")
    lines = [
        _since(row),
        escape(str(row["declaration_no"])),
        f"dit le {fr.day(row.get('stated_on'))}",
        "" if fr.missing(row.get("boxes")) else fr.boxes(row["boxes"]),
        "" if fr.missing(slip) or slip == 0 else f"glissement : {fr.change(slip, digits=0)}",
    ]
    return lines[0] + "".join(f"<br>{line}" for line in lines[1:] if line)
