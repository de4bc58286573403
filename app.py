"""Frame of the dashboard: page configuration, menu, state of the data. Each page lives in ``pages/<section>/``."""

from __future__ import annotations

import sys

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web import cli

from data.plans import plans
from metrics import referential, sources
from pages.components import address, frame, location, session


def menu() -> list[st.Page]:
    """Pages in the order of the bar; a plan is a file of ``data/reference/plans``, its page needs no code."""
    followed = {
        plan.id: st.Page("pages/plans/plan.py", title=plan.title, url_path=f"plan-{plan.id}") for plan in plans()
    }
    session.remember_plan_pages(followed)
    return [
        st.Page("pages/revue/revue_du_jour.py", title="Revue du jour", default=True),
        *followed.values(),
        st.Page("pages/molecules/molecule.py", title="Molécules", url_path="molecule"),
        st.Page("pages/territoires/territoires.py", title="Territoires", url_path="territoires"),
        st.Page("pages/declarations/declarations.py", title="Déclarations", url_path="declarations"),
        st.Page("pages/declarations/declaration.py", title="Déclaration", url_path="declaration", visibility="hidden"),
        st.Page("pages/donnees/sources.py", title="Sources", url_path="sources"),
        st.Page("pages/donnees/methode.py", title="Méthode", url_path="methode"),
    ]


def main() -> None:
    """Draw the frame, then the page chosen; without any snapshot the frame says what to do."""
    st.set_page_config(page_title="Vigistock", layout="wide", initial_sidebar_state="collapsed")
    is_first = address.is_first_run()
    session.keep_projection()
    page = st.navigation(menu(), position="top")
    address.settle(is_first=is_first)
    session.remember_page(page.url_path)
    location.keep()
    if session.snapshot() is None:
        frame.open_frame(None)
        frame.empty_state(
            "Aucune donnée n'a encore été publiée.",
            "Déposer les fichiers des partenaires dans le dossier « inbox », puis lancer « make refresh » ; "
            "ou « python -m data.build --demo » pour des données fictives.",
        )
        return
    late = session.load(sources.late)
    frame.open_frame(session.load(referential.snapshot), list(late["title"]))
    page.run()


def serve() -> None:
    """``python app.py [--server.port 8501]``: the same as ``streamlit run app.py``, ready for a first visit by deep link."""
    address.own_navigation()
    cli.main(["run", __file__, *sys.argv[1:]], prog_name="streamlit")


if get_script_run_ctx(suppress_warning=True) is None:
    serve()
else:
    main()
