"""Bilan de saison: its sentence never takes an unknown day for a good one; every plan has one, without laboratories too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.reference.plans import plans as plan_files
from metrics.plans import queries as plans
from pages.components.charts.figures import Stack
from pages.plans import bilan_de_saison_sheet as sheets
from pages.plans import season, season_chart
from pages.plans.season import Found
from tests.conftest import Home
from tests.pages.conftest import APP, TIMEOUT_S, links, page_hash, sentence, texts
from tests.pages.test_plan import open_plan, plain

SCRIPT = "pages/plans/bilan_de_saison.py"


def open_report(plan_id: str, **parameters: str) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=TIMEOUT_S)
    for name, value in {"plan": plan_id, **parameters}.items():
        at.query_params[name] = value
    at._page_hash = page_hash(SCRIPT)
    return at.run()


def link(group: str, days: tuple[int, int, int, int], label: str = "Grossistes", masked: int = 0) -> dict[str, Any]:
    """One row of *season_link*: under, acceptable, satisfactory, unknown."""
    low, fair, good, unknown = days
    return {"group_id": group, "medicine": group.upper(), "label": label, "season_days": sum(days), "insufficient_days": low,
            "fair_days": fair, "good_days": good, "unknown_days": unknown, "masked_days": masked}  # fmt: skip


def declared(kind: str, opened: int, still: int, group: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "group_id": group, "declarations": opened, "opened": opened, "closed": opened - still,
            "still_open": still, "median_days": 12.0}  # fmt: skip


DECLARED = ["kind", "group_id", "declarations", "opened", "closed", "still_open", "median_days"]
MEASURES = ["measure", "declarations", "medicines", "started", "undated"]


def found(rows: list[dict[str, Any]], said: list[dict[str, Any]] | None = None, *, is_running: bool = False) -> Found:
    return Found(
        {"is_permanent": False, "level_label": "Niveau 1 – veille", "title": "Plan"},
        {"season": "2025-2026", "is_running": is_running, "through_on": date(2026, 4, 30)},
        pd.DataFrame(rows),
        pd.DataFrame(said or [], columns=DECLARED),
        pd.DataFrame([], columns=MEASURES),
        pd.DataFrame([], columns=["changed_on", "level", "level_label", "reason"]),
    )


def test_the_longest_is_named_with_its_link() -> None:
    rows = [link("a", (14, 0, 86, 0)), link("a", (21, 0, 79, 0), "Exploitants"), link("b", (0, 0, 100, 0))]
    lead, answer = season.answer(found(rows, [declared("rupture", 1, 0), declared("risque", 3, 2)]))
    assert plain(lead) == "1 médicament suivi sur 2 a été sous sa borne."
    assert plain(answer) == (
        "Le plus longtemps : A (exploitants, 21 j). 1 rupture et 3 risques de rupture déclarés, 2 ouverts au 30/04/2026."
    )


def test_unknown_days_are_not_days_above_the_band() -> None:
    """Of three medicines, one was read and was never under; the two others are not said to be well."""
    rows = [link("a", (0, 0, 50, 50)), link("b", (0, 0, 0, 100)), link("c", (0, 0, 0, 100), masked=100)]
    lead, answer = season.answer(found(rows))
    assert plain(lead) == "Le seul médicament mesuré n'a pas été sous sa borne."
    assert "2 médicaments sans aucun chiffre" in plain(answer)
    assert "Rien de déclaré." in plain(answer)


def test_a_link_that_nobody_read_is_said_beside_the_good_ones() -> None:
    rows = [link("a", (0, 0, 100, 0)), link("a", (0, 0, 0, 100), "Exploitants", masked=100), link("b", (0, 0, 90, 10))]
    lead, answer = season.answer(found(rows))
    assert plain(lead) == "Aucun des 2 médicaments mesurés n'a été sous sa borne."
    assert plain(answer) == "Rien de déclaré. 1 médicament a un maillon sans chiffre."


def test_levels_are_steps_on_the_axis_of_the_season() -> None:
    """Level 1 until the day of level 2, then level 2 until the last day counted."""
    days = (date(2025, 10, 1), date(2025, 12, 1))
    steps = [
        {"changed_on": day, "level": n, "level_label": f"Niveau {n}", "reason": "x"} for n, day in enumerate(days, 1)
    ]
    seen = replace(found([link("a", (0, 0, 9, 0))]), changes=pd.DataFrame(steps))
    stack = Stack()
    season_chart._levels(stack, seen, days[0], date(2026, 4, 30))
    drawn = stack.traces[0]
    assert [day[:10] for day in drawn["x"]] == ["2025-10-01", "2025-12-01", "2025-12-01", "2026-04-30"]
    assert drawn["y"] == [1, 1, 2, 2]


def test_a_season_without_any_figure_says_so() -> None:
    lead, _ = season.answer(found([link("a", (0, 0, 0, 100)), link("b", (0, 0, 0, 100))], is_running=True))
    assert plain(lead) == "À ce jour, aucun chiffre de couverture sur les 2 médicaments suivis."


def test_a_masked_cell_is_masked_and_an_unread_one_has_no_figure() -> None:
    rows = season.rows(found([link("a", (0, 0, 0, 9), masked=9), link("b", (0, 0, 0, 9)), link("c", (0, 0, 8, 1))]))
    states = {row["label"]: (row["cells"][0]["is_silent"], row["cells"][0]["is_masked"]) for row in rows}
    assert states == {"A": (True, True), "B": (True, False), "C": (False, False)}


@pytest.mark.parametrize("plan", [plan.id for plan in plan_files()])
def test_every_plan_has_its_report(demo_home: Home, plan: str) -> None:
    at = open_report(plan)
    assert not at.exception
    written = plain(texts(at))
    last = str(plans.seasons(demo_home.reader(), plan)["season"][0])
    medicines = set(plans.season_links(demo_home.reader(), plan, last)["medicine"])
    assert medicines
    assert all(plain(name) in written for name in medicines)


def test_a_running_season_is_to_date_and_a_past_one_is_not(demo_home: Home) -> None:
    assert sentence(open_report("hivernal")).startswith("À ce jour, ")
    assert "À ce jour" not in sentence(open_report("hivernal", saison="2025-2026"))
    past = open_report("canicule")
    assert "À ce jour" not in sentence(past)
    assert "Retour d'expérience" in plain(texts(past))


def test_the_figures_are_those_of_the_metrics(demo_home: Home) -> None:
    shown = plans.season_links(demo_home.reader(), "hivernal", "2026-2027")
    low = shown.groupby("group_id")["insufficient_days"].sum()
    count = int((low > 0).sum())
    assert f"{count} médicament" in sentence(open_report("hivernal"))
    first = season.gravest(shown).iloc[0]
    assert f"{first['medicine']} (" in sentence(open_report("hivernal"))


def test_a_board_without_pharmacies_has_no_departments_and_no_surveillance(demo_home: Home) -> None:
    without = plain(texts(open_plan("vaccins")))
    assert "départements insatisfaisants" not in without.split("Lire ce tableau")[0]
    assert "Pression extérieure" not in without
    assert "départements insatisfaisants" in plain(texts(open_plan("hivernal"))).split("Lire ce tableau")[0]


def test_an_unknown_season_or_plan_opens_the_last_one(demo_home: Home) -> None:
    at = open_report("inconnu", saison="1999")
    assert not at.exception
    assert "2026-2027" in plain(texts(at))


def test_without_laboratories_the_page_names_none(demo_home: Home) -> None:
    at = open_report("hivernal", role="ars")
    assert not at.exception
    written = plain(texts(at))
    assert "LABORATOIRE" not in written
    assert "GROSSISTE" not in written
    assert "Jours par médicament et par maillon" in written


def test_an_empty_warehouse_says_that_nothing_was_measured(empty_home: Home) -> None:
    at = open_report("hivernal")
    assert not at.exception
    assert "aucun chiffre de couverture sur les 14 médicaments suivis" in sentence(at)
    assert "Déclarations non reçues." in sentence(at), "not « rien de déclaré »"
    assert "Rien de déclaré" not in sentence(at)
    assert "Déclarations non reçues : les mesures sont inconnues." in plain(texts(at))


def test_the_plan_leads_to_its_report_and_says_since_when_its_level(demo_home: Home) -> None:
    at = open_plan("hivernal")
    assert ("Bilan de saison", "bilan-de-saison?plan=hivernal") in links(at)
    assert "Niveau 1 – veille saisonnière depuis le 01/10/2026" in plain(texts(at))


def test_the_sheet_holds_the_answer_and_every_line(demo_home: Home) -> None:
    reader = demo_home.reader()
    page = sheets.sheet(lambda query, *arguments: query(reader, *arguments), "hivernal", "2026-2027")
    assert page.title.startswith("Bilan de saison : Plan hivernal, saison 2026-2027, à ce jour")
    assert len(page.declarations.rows) == len(plans.season_links(reader, "hivernal", "2026-2027"))
