"""Coverage on numbers that can be checked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import Home
from tests.referential import files, simple
from tests.seeds import seeded

pytestmark = pytest.mark.computes("coverage_weekly", "link_status")

AMOX = simple("90000001", "AMOXICILLINE LABORATOIRE A 500 mg/5 ml, poudre pour suspension buvable", "AMOXICILLINE")
OTHER = simple(
    "90000002",
    "AMOXICILLINE LABORATOIRE B 500 mg/5 ml, poudre pour suspension buvable",
    "AMOXICILLINE",
    "LABORATOIRE B",
)
GROUP = "amoxicilline-susp-500"
LAST = date(2026, 11, 16)  # Monday of 2026-S47


def _referential(home: Home) -> None:
    for name, content in files([AMOX, OTHER]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _week(back: int) -> date:
    return LAST - timedelta(weeks=back)


def _wholesalers(home: Home, weeks: dict[str, list[tuple[int, float, float]]], cip13: str = AMOX.cip13) -> None:
    """``weeks``: by wholesaler, (weeks back, stock, sales)."""
    for name, readings in weeks.items():
        rows = [[_week(back), name, cip13, None, stock, sales] for back, stock, sales in readings]
        home.drop("pointstock", f"{name}-{cip13}.xlsx", {"pointstock_stock": rows})


def _coverage(home: Home, subject: str = GROUP, link: str = "grossistes") -> dict[date, dict[str, Any]]:
    rows = home.reader().rows(
        "SELECT * FROM coverage_weekly WHERE subject_id = $subject AND link = $link", subject=subject, link=link
    )
    return {row["week"]: row for row in rows}


def _status(home: Home, link: str = "grossistes") -> dict[str, Any]:
    figure = home.reader().row(
        "SELECT * FROM link_status WHERE subject_id = $subject AND link = $link", subject=GROUP, link=link
    )
    assert figure is not None
    return figure


def test_current_demand_is_the_mean_of_four_weeks(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(3, 0, 70), (2, 0, 140), (1, 0, 70), (0, 100, 140)]})
    home.refresh()
    last = _coverage(home)[LAST]
    assert last["current_daily_boxes"] == pytest.approx(420 / 28)
    assert last["coverage_current_days"] == pytest.approx(100 / 15)
    assert last["status"] == "acceptable"
    assert last["coverage_legal_days"] is None


def test_legal_reference_is_the_mean_of_twelve_months(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 700, 70 if back < 26 else 140) for back in range(60)]})
    home.refresh()
    last = _coverage(home)[LAST]
    assert last["legal_daily_boxes"] == pytest.approx((26 * 70 + 26 * 140) / (52 * 7))
    assert last["coverage_legal_days"] == pytest.approx(700 / 15)
    assert last["coverage_current_days"] == pytest.approx(70)


def test_an_excluded_month_leaves_the_legal_reference_only(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 700, 70 if back else 690) for back in range(52)]})
    home.drop("references", "mois.xlsx", {"references_excluded": [["*", date(2026, 11, 1), "Épidémie exceptionnelle"]]})
    home.refresh()
    last = _coverage(home)[LAST]
    assert last["legal_daily_boxes"] == pytest.approx(10)
    assert last["current_daily_boxes"] == pytest.approx((3 * 70 + 690) / 28)


def test_a_manual_reference_replaces_the_legal_one_and_says_why(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 600, 7) for back in range(52)]})
    reference = [GROUP, "Grossistes", 365.25, date(2026, 1, 1), None, "Campagne", "Équipe du plan"]
    home.drop("references", "ref.xlsx", {"references_manual": [reference]})
    home.refresh()
    last = _coverage(home)[LAST]
    assert last["legal_daily_boxes"] == pytest.approx(12)
    assert last["coverage_legal_days"] == pytest.approx(50)
    assert last["legal_origin"] == "référence manuelle : Campagne"


@pytest.mark.long
def test_of_two_manual_references_the_one_that_began_last_is_in_force(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 600, 7) for back in range(52)]})
    old = [GROUP, "Grossistes", 100, date(2026, 1, 1), None, "Ancienne", "Équipe du plan"]
    new = [GROUP, "Grossistes", 365.25, date(2026, 11, 1), None, "Nouvelle", "Équipe du plan"]
    home.drop("references", "ref.xlsx", {"references_manual": [old, new]})
    assert home.refresh().exit_code == 0
    weeks = _coverage(home)
    assert weeks[LAST]["legal_daily_boxes"] == pytest.approx(12)
    assert weeks[_week(10)]["legal_origin"] == "référence manuelle : Ancienne"


def test_a_manual_reference_of_zero_is_unknown_not_infinite(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 600, 7) for back in range(52)]})
    nothing = [GROUP, "Grossistes", 0, date(2026, 1, 1), None, "Erreur de saisie", "Équipe du plan"]
    home.drop("references", "ref.xlsx", {"references_manual": [nothing]})
    assert home.refresh().exit_code == 0
    assert _coverage(home)[LAST]["coverage_legal_days"] is None


def test_a_missing_wholesaler_is_carried_one_week_then_late(home: Home) -> None:
    _referential(home)
    both = [(back, 100, 70) for back in range(2, 12)]
    _wholesalers(
        home, {"GROSSISTE A": [*both, (1, 100, 70), (0, 100, 70)], "GROSSISTE B": [(b, 50, 30) for b in range(2, 12)]}
    )
    home.refresh()
    weeks = _coverage(home)
    complete, carried, late = weeks[_week(2)], weeks[_week(1)], weeks[LAST]
    assert (complete["stock_boxes"], complete["figure_state"]) == (150, "a_jour")
    assert (carried["stock_boxes"], carried["figure_state"]) == (150, "estime")
    assert carried["missing_share_pct"] == pytest.approx(30)
    assert carried["missing_names"] == "GROSSISTE B"
    assert (late["coverage_days"], late["status"], late["figure_state"]) == (None, None, "en_retard")
    shown = _status(home)
    assert (shown["week"], shown["figure_state"]) == (_week(1), "en_retard")
    reason = "Relevé incomplet depuis plus d'une semaine (manque : GROSSISTE B) ; dernière valeur affichée, elle-même estimée."
    assert shown["state_reason"] == reason


def test_a_wholesaler_no_longer_expected_leaves_the_sum(home: Home) -> None:
    _referential(home)
    _wholesalers(
        home, {"GROSSISTE A": [(b, 100, 70) for b in range(12)], "GROSSISTE B": [(b, 50, 30) for b in range(9, 12)]}
    )
    home.refresh()
    weeks = _coverage(home)
    assert weeks[_week(1)]["figure_state"] == "en_retard"
    assert (weeks[LAST]["stock_boxes"], weeks[LAST]["figure_state"]) == (100, "a_jour")


def test_the_file_received_last_wins_line_by_line(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(0, 100, 70)]})
    home.refresh(date(2026, 11, 24))
    home.drop("pointstock", "correctif.xlsx", {"pointstock_stock": [[LAST, "GROSSISTE A", AMOX.cip13, None, 80, 70]]})
    home.refresh(date(2026, 11, 25))
    assert _coverage(home)[LAST]["stock_boxes"] == 80


def test_no_sale_means_unknown_not_infinite(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 100, 0) for back in range(4)]})
    home.refresh()
    last = _coverage(home)[LAST]
    assert (last["coverage_days"], last["status"]) == (None, "non_pertinente")


@seeded(
    1,
    ("weeks_empty", "days", "status"),
    [(3, 0, "insatisfaisante"), (8, 0, "insatisfaisante"), (60, None, "non_pertinente")],
)
def test_neither_stock_nor_sale_is_a_shortage_while_the_year_has_a_demand(
    home: Home, weeks_empty: int, days: float | None, status: str
) -> None:
    """Out of stock, nothing is sold: 0 / 0 after four weeks. Boxes sold within twelve months make it 0 day, not « no sale »."""
    _referential(home)
    before = [(back, 100, 70) for back in range(weeks_empty, weeks_empty + 12)]
    _wholesalers(home, {"GROSSISTE A": [*before, *((back, 0, 0) for back in range(weeks_empty))]})
    home.refresh()
    last, shown = _coverage(home)[LAST], _status(home)
    assert (last["coverage_days"], last["status"]) == (days, status)
    assert (shown["status"], shown["figure_state"]) == (status, "a_jour" if days == 0 else "non_pertinente")


@seeded(
    (1, 2),
    ("stock", "status"),
    [
        (100, "satisfaisante"),
        (99.9, "acceptable"),
        (30, "acceptable"),
        (29.9, "insatisfaisante"),
        (0, "insatisfaisante"),
    ],
)
def test_bounds_are_inclusive_as_written(home: Home, stock: float, status: str) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, stock, 70) for back in range(4)]})
    home.refresh()
    assert _coverage(home)[LAST]["status"] == status


def test_two_presentations_of_a_group_add_up_and_so_does_the_dci(home: Home) -> None:
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 100, 70) for back in range(4)]})
    _wholesalers(home, {"GROSSISTE A": [(back, 40, 70) for back in range(4)]}, OTHER.cip13)
    home.refresh()
    assert _coverage(home)[LAST]["coverage_days"] == pytest.approx(140 / 20)
    assert _coverage(home, "dci:amoxicilline")[LAST]["coverage_days"] == pytest.approx(140 / 20)


@pytest.mark.parametrize(("days", "state"), [(17, "a_jour"), (18, "en_retard")])
def test_a_source_gone_quiet_is_late_with_its_age(home: Home, days: int, state: str) -> None:
    """A week ends on Sunday, the next file is due a week later, and is forgiven for three days more."""
    _referential(home)
    _wholesalers(home, {"GROSSISTE A": [(back, 100, 70) for back in range(4)]})
    home.refresh(LAST + timedelta(days=6 + days))
    shown = _status(home)
    assert (shown["figure_state"], shown["age_days"], shown["status"]) == (state, days, "satisfaisante")
