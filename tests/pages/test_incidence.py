"""Sentinelles on the plan and on the panel of a region: a figure never goes without its interval, nor an unknown as zero."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from streamlit.testing.v1 import AppTest

from metrics.surveillance import queries as surveillance
from pages.components import epidemics
from pages.components.charts import figures
from pages.plans import incidence
from tests.conftest import Home
from tests.pages.conftest import Opener, words
from tests.pages.test_plan import open_plan
from tests.typography import TYPED

TERRITORIES = "pages/territoires/territoires.py"
ROW = {"incidence": 380.4, "incidence_low": 350.0, "incidence_high": 410.0, "week": date(2026, 11, 16)}


def read(at: AppTest) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", words(at))).split())


def test_an_estimate_is_worded_with_its_interval() -> None:
    assert epidemics.words(ROW).translate(TYPED) == "380 cas pour 100 000 habitants (de 350 à 410), S47"
    assert epidemics.words({**ROW, "incidence": None}).translate(TYPED) == "estimation non publiée, S47"
    bare = epidemics.words({**ROW, "incidence_low": None}).translate(TYPED)
    assert bare == "380 cas pour 100 000 habitants, S47"
    assert epidemics.shown({**ROW, "incidence": float("nan")}) == {"figure": "non publié", "interval": ""}


def test_a_plan_asks_for_its_epidemics_and_respiratory_infections() -> None:
    assert incidence.followed(("grippe", "covid")) == ("grippe", "covid", "ira")
    assert incidence.followed(()) == ()


def test_the_winter_plan_gives_each_region_with_its_interval(demo_home: Home) -> None:
    found = surveillance.incidence(demo_home.reader(), ("grippe", "ira"))
    regions = found[found["level"] == "region"]
    assert len(regions) == 13
    assert "Bretagne" in set(regions["region_name"])
    parameters: dict[str, str]
    for parameters in ({}, {"projection": "1"}):
        at = open_plan("hivernal", **parameters)
        assert not at.exception
        text = read(at)
        assert "En médecine générale cas pour 100 000 habitants et intervalle à 95 %, réseau Sentinelles" in text
        for row in figures.records(regions):
            shown = epidemics.shown(row)
            expected = f"{row['region_name']} {shown['figure']} {shown['interval']}".strip().translate(TYPED)
            assert expected in text
        assert "Deux régions dont les intervalles se recouvrent ne se classent pas" in text
        assert "Diarrhée" not in text


def test_the_panel_of_a_region_has_its_estimate(demo_home: Home, open_page: Opener) -> None:
    found = surveillance.incidence(demo_home.reader(), ("grippe",))
    (row,) = figures.records(found[found["region"] == "53"])
    text = read(open_page(TERRITORIES, sujet="amoxicilline-susp-500", region="53"))
    assert f"Syndromes grippaux (région) {epidemics.words(row).translate(TYPED)}" in text


def test_nothing_is_drawn_where_nothing_came(empty_home: Home) -> None:
    assert "En médecine générale" not in read(open_plan("hivernal"))
