"""One plan: are its medicines available, and at which link does it stick? Everything comes from its file."""

from __future__ import annotations

from metrics.plans import queries as plans
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import markup
from pages.components.shell import frame, session
from pages.plans import outside, rows

METHODS = (
    ("Couverture", "coverage_weekly"),
    ("État des maillons", "link_status"),
    ("Maillon le plus faible et tension", "plan_status"),
    ("Ce que prend chaque groupe", "group_candidate"),
)


def main() -> None:
    plan_id = session.page().removeprefix("plan-")
    plan = session.load(plans.plan, plan_id)
    if plan is None:
        frame.empty_state(
            "Ce plan n'est pas encore dans les données publiées.", "Lancer « make refresh » pour le calculer."
        )
        return
    as_of = session.load(referential.snapshot)["as_of"]
    groups, links = session.load(plans.groups, plan_id), session.load(plans.links, plan_id)
    bands = session.load(plans.bands, plan_id)
    frame.title_answer(plan["question"], rows.answer(groups), as_of)
    markup.show(rows.head(plan, links))
    if links["coverage_days"].notna().any():
        rows.draw(plan, groups, links, bands)
    else:
        frame.empty_state(
            "Aucune mesure de couverture reçue pour ce plan.",
            "Déposer les fichiers TracStocks, Point Stock et IQVIA dans le dossier « inbox », puis lancer « make refresh ».",
        )
        rows.names(groups)
    markup.show(rows.legend(bands))
    rows.twin(plan, groups, links, {"Plan": plan["title"], "Données au": fr.day(as_of)})
    rows.taken(plan, session.load(plans.candidates, plan_id), as_of)
    outside.draw(plan, as_of)
    states = session.load(sources.states)
    used = states[states["source_key"].isin(rows.sources_of(plan, links))]
    frame.footer(used.to_dict("records"), methods=METHODS)


main()
