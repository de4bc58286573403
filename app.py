"""Frame of the dashboard: page configuration, menu, state of the data. Each page lives in ``pages/<section>/``."""

from __future__ import annotations

import streamlit as st

from data.plans import plans
from metrics import referential, sources
from pages.components import frame, session

st.set_page_config(page_title="Vigistock", layout="wide", initial_sidebar_state="collapsed")


def menu() -> dict[str, list[st.Page]]:
    """Pages by section; a plan is a file of ``data/reference/plans``, its page needs no code."""
    followed = [
        st.Page("pages/plans/plan.py", title=plan.title, url_path=f"plan-{plan.id}") for plan in plans()
    ]
    return {
        "": [st.Page("pages/revue/revue_du_jour.py", title="Revue du jour", default=True)],
        "Plans": followed,
        " ": [
            st.Page("pages/molecules/molecule.py", title="Molécules", url_path="molecule"),
            st.Page("pages/territoires/territoires.py", title="Territoires", url_path="territoires"),
            st.Page("pages/declarations/declarations.py", title="Déclarations", url_path="declarations"),
            st.Page("pages/declarations/declaration.py", title="Déclaration", url_path="declaration", visibility="hidden"),
        ],
        "Données": [
            st.Page("pages/donnees/sources.py", title="Sources", url_path="sources"),
            st.Page("pages/donnees/methode.py", title="Méthode", url_path="methode"),
        ],
    }
