"""A figure that is not up to date says so where it is read, not only at the foot of the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from metrics.sources import queries as sources
from pages.components import states
from tests.conftest import Home
from tests.pages.conftest import Opener, texts
from tests.typography import TYPED

SPF = "Santé publique France : urgences"


def state(indicator: str, kind: str, **other: Any) -> dict[str, Any]:
    known = {
        "source_key": "spf",
        "title": SPF,
        "period_age_days": 30,
        "state_reason": "Rien reçu depuis le 01/11/2026.",
    }
    return {"indicator": indicator, "figure_state": kind, **known, **other}


def test_what_is_late_is_shown_with_its_age_and_reason() -> None:
    text = states.html([state("epidemic_weekly", "en_retard")], ["epidemic_weekly"]).translate(TYPED)
    assert "En retard (30 j)" in text
    assert "Santé publique France : rien reçu depuis le 01/11/2026." in text


def test_what_is_up_to_date_or_not_asked_is_silent() -> None:
    known = [state("epidemic_weekly", "a_jour"), state("declaration", "en_retard", source_key="trustmed")]
    assert states.html(known, ["epidemic_weekly"]) == ""


def test_a_source_of_two_indicators_is_named_once() -> None:
    known = [state("declaration", "absent"), state("promise", "absent")]
    assert states.html(known, ["declaration", "promise"]).count("Santé publique France") == 1


def test_the_late_source_of_the_demo_is_named_beside_its_sales(demo_home: Home, open_page: Opener) -> None:
    known = sources.figure_states(demo_home.reader()).set_index("indicator")
    assert known.loc["sales_weekly", "figure_state"] == "en_retard"
    page = texts(open_page("pages/molecules/molecule.py", sujet="amoxicilline-susp-500", maillon="ventes"))
    lines = [part for part in page.splitlines() if "vs-states" in part and "OpenHealth" in part]
    assert len(lines) == 2, "beside the sales, beside the dispensations"
    for line in lines:
        assert "dernière période connue" in line or "rien reçu depuis" in line


def test_nothing_received_reads_as_no_data(empty_home: Home, open_page: Opener) -> None:
    known = sources.figure_states(empty_home.reader())
    assert set(known["figure_state"]) == {"absent"}
    assert "Aucune donnée" in texts(open_page("pages/territoires/territoires.py"))


def test_declarations_gone_quiet_are_late(home: Home) -> None:
    version = [
        *("D-1", 1, date(2026, 10, 1), "LABORATOIRE A", "3400930000014", "Risque", "Ouverte", "Autre cause", "Ville"),
        *(date(2026, 10, 2), 30, None, 40, None, 300, None, 12, None, None, None),
    ]
    home.drop("trustmed", "d.xlsx", {"trustmed_version": [version]})
    home.refresh(date(2026, 10, 2))
    fresh = sources.figure_states(home.reader()).set_index("indicator")["figure_state"]
    home.refresh(date(2026, 11, 22))
    late = sources.figure_states(home.reader()).set_index("indicator")["figure_state"]
    assert (fresh["declaration"], late["declaration"], late["promise"]) == ("a_jour", "en_retard", "en_retard")
    assert "figure_state" in home.reader("shared").tables
