"""Frame of the dashboard: page configuration, sign-in, menu by role, state of the data. Pages live in ``pages/<section>/``."""

from __future__ import annotations

import sys
from functools import partial

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web import cli

from data.access import SEES_LABORATORIES
from data.plans import plans
from metrics import referential, sources
from pages.acces import porte
from pages.components import access_log, address, errors, frame, identity, location, menu, session, view_as, visitor
from pages.components.identity import Visit
from pages.components.menu import EVERYBODY, STEWARD, Entry

RISK, AHEAD, DATA = "Risque déclaré", "Anticiper", "Données"


def entries() -> list[Entry]:
    """Pages in the order of the bar; a plan is a file of ``data/reference/plans``, its page needs no code."""
    return [
        Entry("pages/revue/revue_du_jour.py", "Revue du jour"),
        *(Entry("pages/plans/plan.py", plan.title, f"plan-{plan.id}") for plan in plans()),
        Entry("pages/molecules/molecule.py", "Molécules", "molecule"),
        Entry("pages/territoires/territoires.py", "Territoires", "territoires", reserved=False),
        Entry("pages/declarations/declarations.py", "Déclarations", "declarations"),
        Entry("pages/declarations/declaration.py", "Déclaration", "declaration", hidden=True),
        Entry("pages/evaluation/file.py", "Évaluation", "evaluation", roles=SEES_LABORATORIES, section=RISK),
        Entry("pages/risque/basculement.py", "Basculement", "basculement", roles=SEES_LABORATORIES, section=RISK),
        Entry("pages/risque/dates.py", "Dates promises", "dates-promises", roles=SEES_LABORATORIES, section=RISK),
        Entry("pages/risque/mesures.py", "Mesures", "mesures", roles=SEES_LABORATORIES, section=RISK),
        Entry(
            "pages/mensuel/tableau_mensuel.py",
            "Tableau de bord mensuel",
            "tableau-mensuel",
            roles=EVERYBODY - {"cap"},
            section=RISK,
        ),
        Entry(
            "pages/anticiper/stocks_de_securite.py",
            "Stocks de sécurité",
            "stocks-de-securite",
            roles=SEES_LABORATORIES,
            section=AHEAD,
        ),
        Entry("pages/anticiper/arrets.py", "Arrêts", "arrets", roles=SEES_LABORATORIES, section=AHEAD),
        Entry("pages/anticiper/classement.py", "Classement", "classement", roles=SEES_LABORATORIES, section=AHEAD),
        Entry("pages/donnees/sources.py", "Sources", "sources", section=DATA),
        Entry("pages/donnees/methode.py", "Méthode", "methode", reserved=False, section=DATA),
        Entry("pages/acces/journal.py", "Accès", "acces", roles=STEWARD, section=DATA),
    ]


def main() -> None:
    """Draw the frame, then the page chosen; nothing but a closed door for somebody without access."""
    st.set_page_config(page_title="Vigistock", layout="wide", initial_sidebar_state="collapsed")
    is_first = address.is_first_run()
    seen = identity.arrive()
    access_log.entry(seen)
    if seen.identity is None:
        door = st.navigation(menu.closed(entries(), partial(porte.draw, seen)), position="hidden")
        address.settle(is_first=is_first)
        door.run()
        return
    session.start_over_when_changed(seen.identity)
    if seen.kind == "demo":
        view_as.keep()
    session.keep_projection()
    pages = menu.pages(entries(), seen.identity)
    session.remember_plan_pages({plan.id: pages[f"plan-{plan.id}"] for plan in plans()})
    page = st.navigation(menu.bar(entries(), pages), position="top")
    address.settle(is_first=is_first)
    session.remember_page(page.url_path, page.title)
    location.keep()
    open_page(seen, page)


def open_page(seen: Visit, page: st.Page) -> None:
    """The state of the data, who is looking, then the page; without any snapshot the frame says what to do."""
    told = session.in_force()
    if told.snapshot is None:
        frame.open_frame()
        visitor.draw(seen, None)
        frame.nothing_to_read(told.damaged)
        return
    late, info = session.load(sources.late), session.load(referential.snapshot)
    frame.open_frame()
    visitor.draw(seen, info, list(late["title"]))
    if told.damaged:
        st.html(frame.older_banner(told.damaged, info["built_at"]))
    reserved = {entry.path for entry in entries() if entry.reserved}
    access_log.opening(page.title, reserved=page.url_path in reserved and session.artefact() == "restricted")
    page.run()


def serve() -> None:
    """``python app.py [--server.port 8501]``: the same as ``streamlit run app.py``, ready for a first visit by deep link."""
    address.own_navigation()
    cli.main(["run", __file__, *sys.argv[1:]], prog_name="streamlit")


if __name__ == "__main__":
    if get_script_run_ctx(suppress_warning=True) is None:
        serve()
    else:
        errors.guarded(main)
