"""One plan: are its medicines available, and at which link does it stick? Everything comes from its file."""

from __future__ import annotations

from metrics.plans import queries as plans
from metrics.referential import queries as referential
from pages.components import format as fr
from pages.components.shell import frame, session
from pages.plans import board, open_view, outside, preparations

METHODS = (
    ("Couverture", "coverage_weekly"),
    ("État des maillons", "link_status"),
    ("Maillon le plus faible et tension", "plan_status"),
    ("Ce que prend chaque groupe", "group_candidate"),
    ("Épidémies", "epidemic_weekly"),
    ("Incidence en médecine générale", "incidence_weekly"),
    ("Préparations magistrales", "preparation_weekly"),
)


def main() -> None:
    plan_id = session.page().removeprefix("plan-")
    plan = session.load(plans.plan, plan_id)
    if plan is None:
        frame.empty_state(
            "Ce plan n'est pas encore dans les données publiées.", "Lancer « make refresh » pour le calculer."
        )
        return
    if session.is_open():
        open_view.draw(plan)
        return
    as_of = session.load(referential.snapshot)["as_of"]
    board.board.show(plan_id)
    board.legend.show(plan_id)
    board.twin(plan_id, {"Plan": plan["title"], "Données au": fr.day(as_of)})
    preparations.prepared.show(plan_id)
    preparations.twin(plan, as_of)
    board.taken(plan, as_of)
    outside.draw(plan, as_of)
    counted = ["preparations"] if preparations.is_prepared(plan_id) else []
    frame.sources_footer([*board.sources_of(plan), *counted], METHODS)


main()
