"""Préparations magistrales: shown beside the sales, typed by the agency alone, awaited until the next refresh."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from data.journal import Journal
from data.journal.entries import Preparation
from data.journal.preparations import Counted
from metrics.preparations import queries as preparations
from pages.components.charts import preparations as panels
from pages.molecules import count_preparations
from pages.molecules.count_preparations import awaited, weeks_over
from tests.conftest import Home
from tests.journal.conftest import EVALUATOR
from tests.pages.conftest import Opener, texts
from tests.pages.test_evaluation import readable
from tests.pages.test_plan import open_plan

PAGE = "pages/molecules/molecule.py"
COUNTED, OTHER = "amoxicilline-susp-500", "salbutamol-inh-100"
FORM = f"preparer-{OTHER}"
AWAITED = "en attente du prochain rafraîchissement"


@pytest.fixture
def journal(demo_home: Home, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    url = f"sqlite:///{tmp_path}/journal.db"
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", url)
    monkeypatch.setenv("VIGISTOCK_NOW", "2026-11-22T06:10:00+01:00")
    opened = Journal(url)
    opened.migrate()
    yield opened
    opened.close()


def opened_form(at: AppTest) -> AppTest:
    at.session_state[FORM] = True
    return at.run()


def button(at: AppTest, label: str) -> Button:
    return next(item for item in at.button if item.label == label)


def typed(at: AppTest, label: str) -> object:
    return next(item for item in at.number_input if item.label.startswith(label))


def test_counts_are_shown_beside_the_sales_with_their_day_and_source(demo_home: Home, open_page: Opener) -> None:
    rows = preparations.weekly(demo_home.reader(), COUNTED)
    last = rows.to_dict("records")[-1]
    text = readable(texts(open_page(PAGE, sujet=COUNTED)))
    assert "Préparations magistrales comptées par l'ANSM" in text
    assert f"{last['preparations']:.0f} préparations dans {last['pharmacies']:.0f} officines en S" in text
    assert "une semaine sans ligne est inconnue, jamais zéro" in text
    assert "fichier des semaines passées" in text
    assert "boîtes, puis préparations, par semaine" in text


@pytest.mark.parametrize("role", ["ars-52", "cap", "dgs"])
def test_other_roles_read_counts_and_never_type(journal: Journal, open_page: Opener, role: str) -> None:
    journal.count_preparations(EVALUATOR, Counted(COUNTED, date(2026, 11, 9), 777), date(2026, 11, 22))
    at = open_page(PAGE, sujet=COUNTED, role=role)
    text = readable(texts(at))
    assert "Préparations magistrales comptées par l'ANSM" in text
    assert "Saisir des préparations magistrales" not in [item.label for item in at.expander]
    assert not [item for item in at.button if item.label == "Enregistrer la semaine"]
    assert "777" not in text  # what an agent typed waits for the refresh
    assert EVALUATOR.login not in text


def test_a_shared_screen_has_no_form(journal: Journal, open_page: Opener) -> None:
    at = open_page(PAGE, sujet=COUNTED, projection="1")
    assert "Saisir des préparations magistrales" not in [item.label for item in at.expander]


def test_a_week_typed_waits_for_the_refresh_and_is_in_both_journals(journal: Journal, open_page: Opener) -> None:
    at = opened_form(open_page(PAGE, sujet=OTHER))
    typed(at, "Préparations").set_value(120)  # type: ignore[attr-defined]
    typed(at, "Officines").set_value(35)  # type: ignore[attr-defined]
    button(at, "Enregistrer la semaine").click().run()
    (kept,) = journal.preparations([OTHER])
    assert (kept.preparations, kept.pharmacies, kept.recommendation_on) == (120, 35, None)
    assert kept.week == weeks_over(DAY_OF_TEST)[0]
    assert "enregistrée" in " ".join(str(item.value) for item in at.success)
    text = readable(texts(open_page(PAGE, sujet=OTHER)))
    assert "120 préparations, 35 officines" in text
    assert AWAITED in text
    assert kept.login in text
    (line,) = journal.accesses(action="preparations")
    assert (line.login, line.target) == (kept.login, "Molécule")
    assert line.detail.startswith(f"{OTHER}, ")
    assert "Préparations magistrales saisies" in texts(open_page("pages/acces/acces.py", role="ansm_steward"))


def test_an_empty_count_is_not_kept_as_zero(journal: Journal, open_page: Opener) -> None:
    at = opened_form(open_page(PAGE, sujet=OTHER))
    button(at, "Enregistrer la semaine").click().run()
    assert "Rien n'a été enregistré" in at.warning[0].value
    assert journal.preparation_history() == []


def test_nothing_to_take_back_says_so(journal: Journal, open_page: Opener) -> None:
    at = opened_form(open_page(PAGE, sujet=OTHER))
    button(at, "Retirer la saisie de cette semaine").click().run()
    assert "Aucune saisie à retirer" in at.warning[0].value


def test_a_request_made_by_hand_is_refused_by_the_journal(
    journal: Journal, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form drawn for a role that may not: the write itself refuses."""
    monkeypatch.setattr(count_preparations, "SEES_LABORATORIES", frozenset({"ars"}))
    at = opened_form(open_page(PAGE, sujet=OTHER, role="ars-52"))
    typed(at, "Préparations").set_value(5)  # type: ignore[attr-defined]
    button(at, "Enregistrer la semaine").click().run()
    assert "ne sont saisies que par l'ANSM" in at.error[0].value
    assert journal.preparation_history() == []


def test_a_journal_that_does_not_answer_leaves_the_counts(
    demo_home: Home, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", "postgresql+psycopg://vigistock@127.0.0.1:9/journal")
    text = readable(texts(open_page(PAGE, sujet=COUNTED)))
    assert "Préparations magistrales comptées par l'ANSM" in text
    assert AWAITED not in text


def test_the_plan_shows_its_counts_beside_the_sales(demo_home: Home) -> None:
    (row,) = preparations.of_plan(demo_home.reader(), "hivernal").to_dict("records")
    text = readable(texts(open_plan("hivernal")))
    assert "Préparations magistrales recommandées et comptées par l'ANSM" in text
    assert f"{row['weeks']:.0f} semaines comptées" in text


def test_no_count_no_section(empty_home: Home) -> None:
    assert preparations.of_plan(empty_home.reader(), "hivernal").empty
    assert "Préparations magistrales recommandées" not in readable(texts(open_plan("hivernal")))


DAY_OF_TEST = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 22), date(2026, 11, 16)),  # a Sunday: its week ends today
        (date(2026, 11, 23), date(2026, 11, 16)),
        (date(2026, 11, 21), date(2026, 11, 9)),
    ],
)
def test_only_weeks_that_are_over_are_offered(today: date, first: date) -> None:
    assert weeks_over(today)[0] == first
    assert {week.weekday() for week in weeks_over(today)} == {0}


def item(week: date, count: int, reason: str = "") -> Preparation:
    return Preparation(1, datetime(2026, 11, 22, tzinfo=UTC), "x", COUNTED, week, count, None, None, reason, False)


def row(week: date, count: int, origin: str = "saisie") -> dict[str, object]:
    return {
        "week": week,
        "preparations": count,
        "pharmacies": None,
        "recommendation_on": None,
        "reason": None,
        "origin": origin,
    }


def test_what_waits_is_what_the_snapshot_does_not_say() -> None:
    s44, s45, s46, s47 = (date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16))
    published = [row(s44, 1), row(s45, 2), row(s46, 3, "fichier"), row(s47, 4)]
    # S44 unchanged; S45 corrected; S46 typed as the file says: it is a decision all the same; S47 taken back.
    changed = awaited(published, [item(s44, 1), item(s45, 5), item(s46, 3)])
    assert [(line["week"], line["is_back"]) for line in changed] == [(s47, True), (s46, False), (s45, False)]


def test_the_chart_leaves_unknown_weeks_empty_and_marks_a_zero() -> None:
    """S44 0, S45 nothing, S46 12: two bars, one of nothing with its mark, none for S45."""
    counted = pd.DataFrame(
        {
            "week": pd.to_datetime(["2026-10-26", "2026-11-09"]),
            "preparations": [0, 12],
            "pharmacies": [None, 4],
            "recommendation_on": pd.to_datetime(["2026-10-20", "2026-10-20"]),
        }
    )
    sales = pd.DataFrame({"week": pd.to_datetime(["2026-11-02", "2026-11-09"]), "boxes": [100.0, 90.0]})
    figure = panels.preparations_panels(counted, {"openhealth": sales}, as_of=date(2026, 11, 18))
    bars = next(trace for trace in figure.data if trace.type == "bar")
    assert (list(bars.x), list(bars.y)) == (["2026-10-29", "2026-11-12"], [0, 12])  # the Thursday of each week
    zeros = next(trace for trace in figure.data if trace.name == "zéro compté")
    assert list(zeros.x) == ["2026-10-29"]
    assert [trace.name for trace in figure.data if trace.type == "scatter" and trace.mode == "lines"] == [
        "officines (OpenHealth)"
    ]
