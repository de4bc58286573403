"""Frame of the dashboard: page configuration, sign-in, menu by role, state of the data. Pages live in ``pages/<section>/``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.starlette import App
from streamlit.web import cli

from data.access.roles import READS_ANTICIPATION, SEES_LABORATORIES
from data.command import explain_failures
from data.reference import control
from data.reference.plans import plans as plan_files
from data.settings import Settings
from data.strict import BrokenReference
from data.warehouse import InForce
from metrics.plans import queries as plans
from metrics.referential import queries as referential
from metrics.sources import queries as sources
from pages.components import markup
from pages.components.access import access_log, closed_page, identity
from pages.components.access.identity import Visit
from pages.components.gate import framework
from pages.components.shell import address, bar, errors, frame, menu, session
from pages.components.shell.menu import ANYBODY, STEWARD, Entry

PLANS, RISK, AHEAD, DATA = "Plans", "Risque déclaré", "Anticiper", "Données"


def configured() -> dict[str, str]:
    """Title of each plan by its id, from ``data/reference/plans``; none while a file there is broken."""
    try:
        return {plan.id: plan.title for plan in plan_files()}
    except BrokenReference:
        return {}


def followed() -> dict[str, str]:
    """The same from the snapshot shown, which a file broken since then does not change."""
    if session.snapshot() is None or session.is_of_another_version():
        return configured()
    shown = session.load(plans.plans)
    return dict(zip(shown["plan"], shown["title"], strict=True))


def entries(titles: Mapping[str, str]) -> list[Entry]:
    """Pages in the order of the bar; a plan is a file of ``data/reference/plans``, its page needs no code."""
    laboratories, with_dgs = SEES_LABORATORIES, READS_ANTICIPATION
    return [
        Entry("revue/revue_du_jour", "Revue du jour", is_home=True, in_meeting=True, open_to=ANYBODY),
        *(
            Entry("plans/plan", title, variant=plan, section=PLANS, in_meeting=True, open_to=ANYBODY)
            for plan, title in titles.items()
        ),
        Entry("plans/bilan_de_saison", "Bilan de saison", hidden=True),
        Entry("molecules/molecule", "Molécules", in_meeting=True, open_to=ANYBODY),
        Entry("territoires/territoires", "Territoires", reserved=False, in_meeting=True, open_to=ANYBODY),
        Entry("declarations/declarations", "Déclarations", open_to=ANYBODY),
        Entry("declarations/declaration", "Déclaration", hidden=True),
        Entry("evaluation/evaluation", "Évaluation", roles=laboratories, section=RISK),
        Entry("risque/basculement", "Basculement", roles=laboratories, section=RISK),
        Entry("risque/dates_promises", "Dates promises", roles=laboratories, section=RISK),
        Entry("risque/mesures", "Mesures", roles=with_dgs, section=RISK, in_meeting=True),
        Entry("mensuel/tableau_mensuel", "Tableau de bord mensuel", section=RISK, in_meeting=True, open_to=ANYBODY),
        Entry("anticiper/stocks_de_securite", "Stocks de sécurité", roles=laboratories, section=AHEAD),
        Entry("anticiper/plans_de_gestion", "Plans de gestion", roles=laboratories, section=AHEAD),
        Entry("anticiper/sites", "Sites", roles=laboratories, section=AHEAD),
        Entry("anticiper/arrets", "Arrêts", roles=with_dgs, section=AHEAD, in_meeting=True),
        Entry("anticiper/classement", "Classement", roles=with_dgs, section=AHEAD, in_meeting=True, open_to=ANYBODY),
        Entry("sources/sources", "Sources", section=DATA, open_to=ANYBODY),
        Entry("methode/methode", "Méthode", reserved=False, section=DATA, open_to=ANYBODY),
        Entry("acces/acces", "Accès", roles=STEWARD, section=DATA),
    ]


def main() -> None:
    """Draw the frame, then the page chosen; nothing but the closed page without access."""
    st.set_page_config(page_title=frame.MARK, layout="wide", initial_sidebar_state="collapsed")
    is_first = address.is_first_run()
    seen = identity.arrive()
    access_log.entry(seen)
    if seen.identity is None:
        closed = st.navigation(menu.closed(entries(configured()), partial(closed_page.draw, seen)), position="hidden")
        address.settle(is_first=is_first)
        closed.run()
        return
    session.start_over_when_changed(seen.identity)
    in_force = session.begin()
    titles = followed()
    session.keep_plans(titles)
    listed = entries(titles)
    is_open = session.is_open()
    declared = menu.pages(listed, seen.identity, is_open=is_open)
    page = st.navigation(list(declared.values()), position="hidden")
    address.settle(is_first=is_first)
    session.remember_page(page.url_path, page.title)
    frame.name_tab()
    open_page(seen, page, menu.allowed(listed, seen.identity, is_open=is_open), in_force)


def open_page(seen: Visit, page: st.Page, listed: Sequence[Entry], in_force: InForce) -> None:
    """The frame, then the page chosen; without any snapshot the frame says what to do. ``listed``: of the role."""
    current = next((entry for entry in listed if entry.path == page.url_path), None)
    if in_force.snapshot is None:
        bar.draw(seen, listed, current, None)
        stopped = session.last_run().get("error") if session.artefact() == "restricted" else None
        frame.nothing_to_read(in_force.damaged, stopped)
        return
    if session.is_of_another_version():
        bar.draw(seen, listed, current, None)
        frame.published_by_another_version(in_force.snapshot)
        return
    late, info = session.load(sources.late), session.load(referential.snapshot)
    bar.draw(seen, listed, current, info, list(late["title"]))
    if in_force.damaged:
        markup.show(frame.older_banner(in_force.damaged, info["built_at"]))
    reserved = current is None or current.reserved
    with access_log.opening(page.title, reserved=reserved and session.artefact() == "restricted"):
        page.run()


@explain_failures
def ready() -> int:
    """Nothing is served on settings or reference files with a mistake; what breaks later is shown on the pages."""
    Settings()
    control.check()
    return 0


def serve() -> None:
    """``python app.py [--server.port 8501]``: the same as ``streamlit run app.py``, held before it listens."""
    if ready():
        sys.exit(1)
    framework.hold()
    with framework.ended_by_signals():
        cli.main(["run", __file__, *sys.argv[1:]], prog_name="streamlit")


if __name__ != "__main__":
    # Both ways of starting find it here; a run of the page does not make it again.
    app = App(__file__, middleware=framework.middleware(), lifespan=framework.held)

if __name__ == "__main__":
    if get_script_run_ctx(suppress_warning=True) is None:
        serve()
    else:
        errors.contained(main)
