"""Declarations as horizontal bars, promised dates as marks: a slipped promise leaves its old mark hollow."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.components import figures, tokens
from pages.components import format as fr
from pages.components.figures import Stack

ROW_PX, MOST_ROWS = 26, 12
_MARKS = {"retour": ("diamond", "retour annoncé"), "approvisionnement": ("triangle-down", "approvisionnement annoncé")}


def declarations_panel(
    stack: Stack, declarations: pd.DataFrame, promises: pd.DataFrame, span: tuple[date, date], as_of: date
) -> None:
    """One row a declaration, open ones first; solid until today, hollow from there to the announced return."""
    rows = _chosen(declarations, span)
    left_out = len(declarations) - len(rows)
    heading = (
        "<b>Déclarations</b>  ▬ rupture  "
        f'<span style="color:{tokens.KIND_COLOUR["risque"]}">▬</span> risque   '
        "◆ retour   ▼ approvisionnement   ◇ ▽ date repoussée"
    )
    if left_out:
        heading += f"   ({fr.number(left_out)} de plus dans la liste)"
    axis = stack.panel(
        max(len(rows), 1) * ROW_PX + 8,
        heading,
        {"range": [len(rows) - 0.4, -0.6], "showgrid": False, "zeroline": False, "showticklabels": False},
    )
    for place, row in enumerate(rows):
        _bar(stack, row, place, axis, span, as_of)
        _name(stack, row, place, axis)
    if not promises.empty:
        _promises(stack, promises, {str(r["declaration_no"]): i for i, r in enumerate(rows)}, axis, span)


def _chosen(declarations: pd.DataFrame, span: tuple[date, date]) -> list[dict[str, Any]]:
    ends = pd.to_datetime(declarations["closed_on"]).fillna(pd.Timestamp.max)
    visible = declarations[ends >= pd.Timestamp(span[0])]
    order = visible.sort_values(["status", "start_on"], ascending=[False, False])
    return order.head(MOST_ROWS).to_dict("records")


def _bar(
    stack: Stack, row: dict[str, Any], place: int, axis: str, span: tuple[date, date], as_of: date
) -> None:
    begin = max(figures.as_day(row["start_on"], figures.as_day(row.get("declared_on"), span[0])), span[0])
    closed = fr.as_date(row.get("closed_on"))
    until = closed or fr.as_date(row.get("expected_return_on")) or as_of
    color = tokens.KIND_COLOUR.get(str(row["kind"]), tokens.HATCH)
    hover = _bar_hover(row)
    lived = min(until, as_of) if closed else as_of
    _segment(stack, begin, max(lived, begin), place, axis, color, color, hover)
    if not closed and until > as_of:
        _segment(stack, max(as_of, begin), min(until, span[1]), place, axis, tokens.WHITE, color, hover)


def _segment(
    stack: Stack, begin: date, end: date, place: int, axis: str, fill: str, color: str, hover: str
) -> None:
    width = max((end - begin).days, 1) * 86_400_000
    stack.traces.append(
        figures.bar(
            base=[begin.isoformat()], x=[width], y=[place], yaxis=axis, orientation="h", width=0.34,
            marker={"color": fill, "line": {"color": color, "width": 1.4}},
            text=[hover], offset=-0.17,
        )
    )  # fmt: skip


def _name(stack: Stack, row: dict[str, Any], place: int, axis: str) -> None:
    who = str(row.get("laboratory") or row.get("presentation_label") or "")
    text = escape(" · ".join(part for part in (str(row["declaration_no"]), _short(who, 16)) if part))
    stack.text(text, x=0, xref="paper", xanchor="left", y=place, yref=axis, yanchor="middle", size=12,
               color=tokens.INK, bgcolor="rgba(255,255,255,0.85)")  # fmt: skip


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


def _promises(
    stack: Stack, promises: pd.DataFrame, places: dict[str, int], axis: str, span: tuple[date, date]
) -> None:
    shown = promises[promises["declaration_no"].astype(str).isin(places)]
    when = pd.to_datetime(shown["planned_on"])
    shown = shown[(when >= pd.Timestamp(span[0])) & (when <= pd.Timestamp(span[1]))]
    for (kind, latest), rows in shown.groupby(["promise", "is_latest"]):
        sign, name = _MARKS.get(str(kind), _MARKS["retour"])
        stack.traces.append(
            figures.scatter(
                x=list(pd.to_datetime(rows["planned_on"])), y=[places[str(n)] for n in rows["declaration_no"]],
                yaxis=axis, mode="markers", name=name if latest else f"{name}, repoussé",
                marker={"symbol": sign, "size": 11, "color": tokens.ACCENT if latest else tokens.WHITE,
                        "line": {"color": tokens.ACCENT, "width": 1.5}},
                text=[_promise_hover(r, name) for r in rows.to_dict("records")],
            )
        )  # fmt: skip


def _promise_hover(row: dict[str, Any], name: str) -> str:
    slip = row.get("slip_days")
    lines = [
        f"<b>{fr.day(row['planned_on'])}</b> · {name}" + ("" if row["is_latest"] else ", date repoussée depuis"),
        escape(str(row["declaration_no"])),
        f"dit le {fr.day(row.get('stated_on'))}",
        "" if fr.missing(row.get("boxes")) else fr.boxes(row["boxes"]),
        "" if fr.missing(slip) or slip == 0 else f"glissement : {fr.change(slip, digits=0)}",
    ]
    return "<br>".join(line for line in lines if line)
