"""Open data: where to start on *Molécules*: what plans follow, then the DCI most short in the public list."""

from __future__ import annotations

from markupsafe import Markup

from metrics.plans import queries as plans
from metrics.public_list import subject as public
from pages.components import format as fr
from pages.components import lists, open_data
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.links import Here
from pages.components.open_limits import list_age, list_state
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import open_answer
from pages.molecules.entry import QUESTION
from pages.molecules.view import shorten

UNSAID = (
    open_data.NOT_EVERYTHING,
    "« Manque » se compte en présentations de la liste, à sa date : ni stocks, ni boîtes, ni départements.",
)


@block
def page(unknown: str, here: Here, most: int) -> Markup:
    """The page without a subject; ``unknown`` is a subject asked for that does not exist."""
    found = figures.records(session.load(public.short_dcis))
    short = [row | {"name": fr.capital(shorten(row["dci"], 60))} for row in found]
    photographs = session.load(public.photographs)
    taken = fr.as_date(photographs[-1]["photograph_on"]) if photographs else None
    followed = [
        (
            plan["title"],
            [row | {"state": list_state(row)} for row in figures.records(session.load(public.groups, plan["plan"]))],
        )
        for plan in figures.records(session.load(plans.plans))
    ]
    return render(
        "molecules/open_entry",
        question=QUESTION,
        short=lists.cut(short, most),
        in_rupture=sum(bool(row["ruptures"]) for row in short),
        has_list=taken is not None,
        reserve=list_age(),
        measured=open_answer.photographed(taken),
        unknown=shorten(unknown, 60),
        plans=followed,
        here=here,
    )
