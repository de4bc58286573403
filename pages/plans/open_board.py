"""Open data: a plan from public files, one followed medicine a row, gravest in the public list first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.plans import queries as plans
from metrics.public_list import subject as public
from pages.components import badges, open_limits, tables, tokens
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.open_limits import list_state
from pages.components.reimbursed import high_months
from pages.components.shell import session
from pages.components.templating import render

QUESTION = "Les médicaments suivis sont-ils dans la liste publique, et que s'en rembourse-t-il ?"
TWIN = {"label": "Médicament", "marketed": "Présentations commercialisées", "ruptures": "En rupture", "tensions": "En tension",
        "stops": "Arrêts", "returns": "Remises à disposition", "since_on": "Manque depuis (début publié)",
        "last_return_on": "Dernier retour annoncé", "back_on": "Remise à disposition", "past_lines": "Déclarations closes (groupe)",
        "past_ruptures": "Dont ruptures", "dci_past_lines": "Déclarations closes (DCI)", "month": "Mois",
        "boxes": "Boîtes remboursées", "change_pct": "Évolution en un an (%)"}  # fmt: skip

Row = dict[str, Any]


@block
def board(plan_id: str) -> Markup:
    """Title, answer, and the rows."""
    plan, rows = session.load(plans.plan, plan_id), figures.records(session.load(public.groups, plan_id))
    if plan is None:
        raise LookupError(plan_id)
    photographs = session.load(public.photographs)
    taken = fr.as_date(photographs[-1]["photograph_on"]) if photographs else None
    months = sold(plan_id)
    last = max((row["month"] for row in months.values()), default=None)
    lead, answer = verdict(rows, has_list=bool(photographs))
    return render(
        "plans/open_board",
        plan=plan,
        question=QUESTION,
        lead=lead,
        answer=answer,
        taken=taken,
        reserve=open_limits.list_age(),
        years=years(),
        month=last,
        rows=[_row(row, months.get(str(row["group_id"]))) for row in rows],
    )


def verdict(rows: list[Row], *, has_list: bool = True) -> tuple[str, str]:
    """« 2 médicaments suivis sur 14 manquent. », then which, those that stop, those that come back."""
    if not has_list:
        return "", "Aucune photographie de la liste publique n'a été reçue."
    short = [row for row in rows if row["ruptures"] + row["tensions"]]
    whole = f"{fr.plural(len(short), 'médicament suivi', 'médicaments suivis')} sur {len(rows)}"
    lead = (
        f"{whole} en rupture ou en tension."
        if short
        else f"Aucun des {len(rows)} médicaments suivis n'est en rupture ni en tension."
    )
    others = [row for row in rows if row not in short]
    parts = [
        ("", fr.listing([row["label"] for row in short[:3]], "")),
        ("en arrêt", fr.listing([row["label"] for row in others if row["stops"]][:3], "")),
        (
            "remis à disposition",
            fr.listing([row["label"] for row in others if row["returns"] and not row["stops"]][:3], ""),
        ),
    ]
    clauses = [f"{head} : {names}" if head else names for head, names in parts if names]
    words = " ; ".join(clauses)
    return lead, f"{words[:1].upper()}{words[1:]}." if words else ""


def sold(plan_id: str) -> dict[str, Row]:
    """Last month of each group, with the twelve last ones and the months when it is most reimbursed."""
    names = tuple(str(name) for name in session.load(public.groups, plan_id)["group_id"])
    months, season = session.load(public.boxes_by_month, names), session.load(public.season, names)
    found = {}
    for name in names if not months.empty else ():
        mine = months[months["subject_id"] == name]
        if len(mine):
            own = season[season["subject_id"] == name] if not season.empty else season
            found[name] = figures.records(mine.tail(1))[0] | {
                "spark": badges.sparkline(list(mine["boxes"].tail(24)), tokens.ACCENT, fr.boxes),
                "high": high_months(own, short=True),
            }
    return found


def years() -> str:
    """« 2021–2023 »: years of the release of closed declarations."""
    found = session.load(declarations.past_span)
    first, last = found["first_year"], found["last_year"]
    return "" if fr.missing(first) else str(int(first)) if first == last else f"{int(first)}–{int(last)}"


def _row(row: Row, months: Row | None) -> Row:
    short, marketed = int(row["ruptures"] + row["tensions"]), int(row["marketed"])
    return row | {
        "short": short,
        "share": round(100 * short / marketed) if marketed else 0,
        "words": list_state(row),
        "months": months,
        "past": None if fr.missing(row["past_lines"]) else int(row["past_lines"]),
        "dci_past": None if fr.missing(row["dci_past_lines"]) else int(row["dci_past_lines"]),
    }


def twin(plan: Mapping[str, Any], as_of: object) -> None:
    """One line per medicine."""
    context = {"Plan": str(plan["title"]), "Données au": fr.day(as_of)}
    rows = partial(_lines, str(plan["plan"]))
    tables.table_twin(rows, TWIN, f"plan-ouvert-{plan['plan']}", context, source="public_subject")


def _lines(plan_id: str) -> list[Row]:
    months = sold(plan_id)
    return [
        row | {key: (months.get(str(row["group_id"])) or {}).get(key) for key in ("month", "boxes", "change_pct")}
        for row in figures.records(session.load(public.groups, plan_id))
    ]
