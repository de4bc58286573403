"""Open data: reimbursed boxes by month and by region, share of each holder."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from metrics.public_list import subject as public
from pages.components import format as fr
from pages.components import states, tables, tokens
from pages.components.blocks import Drawn, block, chart, kept
from pages.components.charts import figures, legend
from pages.components.charts.figures import Stack
from pages.components.charts.legend import Legend, Mark
from pages.components.reimbursed import high_months
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

HEIGHT, MOST_HOLDERS = 150, 10
YEAR_BEFORE = Mark(legend.SEASON.kind, "un an avant")
SOURCE = {"medicam": "Medic'AM, douze derniers mois", "openmedic": "Open Medic, dernière année"}
_MONTHS = {"month": "Mois", "boxes": "Boîtes remboursées", "town_boxes": "Dont prescrites en ville",
           "hospital_boxes": "Dont prescrites à l'hôpital", "reimbursed_eur": "Montant remboursé (euros)",
           "year_before_boxes": "Boîtes, un an avant", "change_pct": "Évolution en un an (%)"}  # fmt: skip
_REGIONS = {"region": "Code", "region_name": "Région", "boxes": "Boîtes remboursées", "inhabitants": "Habitants",
            "boxes_per_100k": "Boîtes pour 100 000 habitants", "ratio_pct": "Rapport à la France (%)"}  # fmt: skip


@block
def head(subject_id: str) -> Markup:
    """What was reimbursed the last month, and the months when it is most."""
    months = session.load(public.boxes_by_month, (subject_id,))
    last = figures.records(months.tail(1))[0] if not months.empty else None
    return render(
        "molecules/open_months",
        last=last,
        high=high_months(session.load(public.season, (subject_id,))),
        state=states.of("reimbursed_monthly"),
    )


@chart
def drawing(subject_id: str, scale: float) -> Drawn:
    """Boxes by month, the year before as a thin grey line."""
    months = session.load(public.boxes_by_month, (subject_id,))
    figure = boxes_figure(months, scale=scale)
    key = Legend(
        "boîtes remboursées par mois", (*legend.areas([("le mois", tokens.RAMP[6])]), YEAR_BEFORE, *legend.on(figure))
    )
    return figure, f"Boîtes remboursées par mois, {view.known(subject_id).short}", key


def has_months(subject_id: str) -> bool:
    return bool(_counts(subject_id)[0])


@block
def places(subject_id: str) -> Markup:
    """Regions by boxes per inhabitant, and shares of the holders, side by side."""
    regions = figures.records(session.load(public.boxes_by_region, subject_id))
    holders = figures.records(session.load(public.market, subject_id))
    return render(
        "molecules/open_market",
        regions=regions,
        most_region=max((float(r["boxes_per_100k"]) for r in regions if not fr.missing(r["boxes_per_100k"])), default=0)
        or 1.0,
        years=figures.records(session.load(public.boxes_by_year, subject_id)),
        holders=holders[:MOST_HOLDERS],
        others=len(holders) - MOST_HOLDERS,
        source=SOURCE.get(str(holders[0]["source_key"]), "") if holders else "",
    )


@kept
def _counts(subject_id: str) -> tuple[int, int]:
    months, regions = (
        session.load(public.boxes_by_month, (subject_id,)),
        session.load(public.boxes_by_region, subject_id),
    )
    return len(months), len(regions)


def twins(seen: View) -> None:
    """Months and regions, to take away."""
    months, regions = _counts(seen.id)
    context = {"Médicament": str(seen.facts["label"])}
    if months:
        rows = partial(session.load, public.boxes_by_month, (seen.id,))
        tables.table_twin(rows, _MONTHS, f"boites-mois-{seen.key}", context, source="reimbursed_monthly",
                          label="Boîtes par mois : table et téléchargement", stands_on=("medicam",))  # fmt: skip
    if regions:
        rows = partial(session.load, public.boxes_by_region, seen.id)
        tables.table_twin(rows, _REGIONS, f"boites-regions-{seen.key}", context, source="reimbursed_region_yearly",
                          label="Boîtes par région : table et téléchargement", stands_on=("openmedic",))  # fmt: skip


def boxes_figure(months: pd.DataFrame, *, scale: float = 1.0, height: int = HEIGHT) -> go.Figure:
    """Bars by month from zero; the same month a year before as a thin grey line."""
    shown = months.tail(36)
    known: list[Any] = [*shown["boxes"].dropna(), *shown["year_before_boxes"].dropna()]
    top = max((float(value) for value in known), default=1.0) * 1.1 or 1.0
    stack = Stack(scale=scale)
    axis = stack.panel(height, "", {"range": [0, top], "nticks": 4})
    days = figures.days(shown["month"])
    words = [f"<b>{fr.boxes(v)}</b><br>{fr.month(m)}<br>source : Medic'AM"
             for v, m in zip(shown["boxes"], shown["month"], strict=True)]  # fmt: skip
    stack.traces.append(
        figures.bar(
            x=days,
            y=figures.numbers(shown["boxes"]),
            yaxis=axis,
            name="boîtes remboursées",
            hovertext=words,
            marker={"color": tokens.RAMP[6], "line": {"width": 0}},
        )
    )
    stack.traces.append(
        figures.scatter(
            x=days,
            y=figures.numbers(shown["year_before_boxes"]),
            yaxis=axis,
            mode="lines",
            name=YEAR_BEFORE.words,
            line={"color": tokens.GHOST, "width": 1.6},
            hovertext=[f"un an avant : {fr.boxes(v)}" for v in shown["year_before_boxes"]],
        )
    )
    first, last = figures.as_day(shown["month"].min(), date.min), figures.as_day(shown["month"].max(), date.max)
    margin = pd.Timedelta(days=18)
    span = [(pd.Timestamp(first) - margin).date(), (pd.Timestamp(last) + margin).date()]
    return stack.figure("", {"type": "date", "range": span, **figures.month_ticks(span[0], span[1], 7)})
