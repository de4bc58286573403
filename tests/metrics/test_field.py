"""What pharmacies and agencies report from the field, on numbers that can be checked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from metrics.field import queries as field
from tests.conftest import Home
from tests.referential import files, simple

pytestmark = pytest.mark.computes(
    *("pharmacy_alert", "pharmacy_alert_place", "agency_signal", "agency_signal_place", "agency_signal_about"),
    *("announced_stock", "unmatched_key"),
)

A = simple("90000001", "AMOXICILLINE LABORATOIRE A 500 mg/5 ml, poudre pour suspension buvable", "AMOXICILLINE")
B = simple(
    "90000002",
    "AMOXICILLINE LABORATOIRE B 500 mg/5 ml, poudre pour suspension buvable",
    "AMOXICILLINE",
    "LABORATOIRE B",
)
METF = simple("90000011", "METFORMINE LABORATOIRE A 1000 mg, comprimé", "METFORMINE", form="comprimé")
GROUP, DCI, PLAN = "amoxicilline-susp-500", "dci:amoxicilline", "plan:hivernal"
DAY = date(2026, 11, 18)  # the period of 28 days begins on 22/10


@pytest.fixture
def known(home: Home) -> Home:
    for name, content in files([A, B, METF]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def alert(
    number: int, days: int, code: str, place: str | None, closed: int | None = None, connected: int | None = None
) -> list[Any]:
    """``days``, ``closed``: days before DAY."""
    closed_on = None if closed is None else DAY - timedelta(days=closed)
    return [f"DP-{number}", DAY - timedelta(days=days), code, place, closed_on, 2, connected]


def signal(number: int, days: int, region: str, place: str | None, **named: Any) -> list[Any]:
    """``named``: cis, cip13, dci, nature, text, answered."""
    answered_on = None if "answered" not in named else DAY - timedelta(days=named["answered"])
    return [
        f"SIG-{number}", DAY - timedelta(days=days), region, place, named.get("cis"), named.get("cip13"), named.get("dci"), "Ville",
        named.get("nature", "Inconnue"), named.get("text"), "Oui", None, None, answered_on, None,
    ]  # fmt: skip


def drop(
    home: Home,
    alerts: list[list[Any]] = [],  # noqa: B006
    signals: list[list[Any]] = [],  # noqa: B006
    name: str = "f.xlsx",
    day: date = DAY,
) -> Home:
    if alerts:
        home.drop("dpruptures", name, {"dpruptures_alert": alerts})
    if signals:
        home.drop("sisac", name, {"sisac_signal": signals})
    assert home.refresh(day).error == ""
    return home


def places(home: Home, about: str) -> dict[str | None, tuple[Any, ...]]:
    rows = home.reader().rows("SELECT * FROM pharmacy_alert_place WHERE about = $about", about=about)
    return {r["department"]: (r["open_alerts"], r["new_alerts"], r["oldest_on"], r["per_100_pharmacies"]) for r in rows}


def test_open_alerts_are_counted_by_department_once_each(known: Home) -> None:
    drop(
        known,
        [
            alert(1, 40, A.cip13, "35", connected=200),  # open, before the period
            alert(2, 3, A.cip13, "35", connected=250),
            alert(2, 3, B.cip13, "35"),  # the same alert, another box: one alert
            alert(3, 20, A.cip13, "35", closed=10),  # of the period, closed
            alert(4, 60, A.cip13, "35", closed=30),  # neither
            alert(5, 2, B.cip13, "2A"),
            alert(6, 1, A.cip13, None),
            alert(7, 1, METF.cip13, "35"),
        ],
    )
    # 35: 1 and 2 are open, 2 and 3 are of the period; 2 for 250 pharmacies is 0.8 for 100.
    expected = {
        "35": (2, 2, DAY - timedelta(days=40), 0.8),
        "2A": (1, 1, DAY - timedelta(days=2), None),
        None: (1, 1, DAY - timedelta(days=1), None),
    }
    assert places(known, GROUP) == places(known, DCI) == places(known, PLAN) == expected
    assert places(known, "dci:metformine") == {"35": (1, 1, DAY - timedelta(days=1), 0.4)}


def test_a_closure_received_later_closes_the_alert(known: Home) -> None:
    drop(known, [alert(1, 20, A.cip13, "35")])
    assert places(known, GROUP)["35"][0] == 1
    drop(known, [alert(1, 20, A.cip13, "35", closed=5)], name="later.xlsx", day=DAY + timedelta(days=1))
    assert places(known, GROUP)["35"][:2] == (0, 1)


def test_the_period_holds_its_number_of_days(known: Home) -> None:
    # 28 days, today included: day 27 before is its first.
    drop(known, [alert(1, 27, A.cip13, "35", closed=0), alert(2, 28, A.cip13, "35", closed=0)], [
        signal(1, 27, "Bretagne", "35", cip13=A.cip13), signal(2, 28, "Bretagne", "35", cip13=A.cip13)])  # fmt: skip
    assert places(known, GROUP)["35"][1] == 1
    assert counted(known, GROUP) == {("53", "35"): (1, 1, 0, 1)}


def counted(home: Home, about: str) -> dict[tuple[str, str | None], tuple[int, ...]]:
    rows = home.reader().rows("SELECT * FROM agency_signal_place WHERE about = $about", about=about)
    names = ("signals", "unknown_signals", "persisting_signals", "unanswered_signals")
    return {(r["region"], r["department"]): tuple(r[name] for name in names) for r in rows}


def test_signals_are_counted_once_a_number_by_department_else_by_region(known: Home) -> None:
    drop(known, signals=[
        signal(1, 5, "Bretagne", "35", cip13=A.cip13),
        signal(2, 6, "Bretagne", "35", cis="90000002", nature="Persistance", answered=1),
        signal(3, 7, "Bretagne", None, dci="Amoxicilline"),
        signal(4, 7, "Corse", "2A", dci="metformine"),
        signal(5, 90, "Bretagne", "35", cip13=A.cip13),
    ])  # fmt: skip
    expected = {("53", "35"): (2, 1, 1, 1), ("53", None): (1, 1, 0, 1)}
    assert counted(known, GROUP) == counted(known, DCI) == counted(known, PLAN) == expected
    assert counted(known, "dci:metformine") == {("94", "2A"): (1, 1, 0, 1)}
    answered = signal(1, 5, "Bretagne", "35", cip13=A.cip13, answered=0)
    drop(known, signals=[answered], name="later.xlsx", day=DAY + timedelta(days=1))
    assert counted(known, GROUP)["53", "35"] == (2, 1, 1, 0)  # the same number, answered since


def test_a_signal_without_a_known_medicine_is_kept_and_counted_nowhere(known: Home) -> None:
    drop(known, signals=[signal(1, 5, "Bretagne", "35", dci="amoxiciline", text="Rien.")])
    (row,) = field.signals(known.reader(), region="53")
    assert (row["label"], row["dci_key"], row["text"], row["name"]) == ("amoxiciline", None, "Rien.", "Ille-et-Vilaine")
    assert known.reader().rows("SELECT * FROM agency_signal_place") == []
    unmatched = known.reader().rows("SELECT key, likely_key FROM unmatched_key WHERE source_key = 'sisac'")
    assert [(line["key"], line["likely_key"]) for line in unmatched] == [("amoxiciline", "amoxicilline")]


def test_a_code_beside_a_dci_decides_alone(known: Home) -> None:
    drop(known, signals=[signal(1, 5, "Bretagne", "35", cis="90000011", dci="amoxiciline")])
    assert counted(known, "dci:metformine") == {("53", "35"): (1, 1, 0, 1)}
    assert counted(known, DCI) == {}
    assert known.reader().rows("SELECT * FROM unmatched_key WHERE source_key = 'sisac'") == []


def stock(days: int, actor: str, kind: str, place: str, code: str, boxes: float, sold: float | None) -> list[Any]:
    """``days``: before DAY."""
    return [DAY - timedelta(days=days), actor, kind, place, code, boxes, sold]


def test_stocks_are_added_on_the_last_day_of_their_territory(known: Home) -> None:
    rows = [
        stock(1, "Grossiste A", "Grossiste", "35", A.cip13, 100, 10),
        stock(1, "Grossiste A", "Grossiste", "35", B.cip13, 50, 5),
        stock(1, "Grossiste B", "Grossiste", "35", A.cip13, 20, 2),
        stock(8, "Grossiste A", "Grossiste", "35", A.cip13, 900, 90),  # an earlier day
        stock(8, "Grossiste C", "Grossiste", "35", A.cip13, 70, 7),  # expected, and absent yesterday
        stock(1, "Officines", "Officine", "35", A.cip13, 40, None),
        stock(3, "LABORATOIRE A", "Exploitant", "FR", A.cip13, 5000, 0),
        stock(1, "Officines", "Officine", "35", METF.cip13, 7, 1),
    ]
    known.drop("dpruptures", "s.xlsx", {"dpruptures_stock": rows})
    assert known.refresh(DAY).error == ""
    found = field.stocks(known.reader(), GROUP)
    seen = [
        (r["actor_kind"], r["territory"], r["stock_boxes"], r["sales_boxes"], r["actors"], r["missing_actors"])
        for r in found
    ]
    assert seen == [
        ("exploitants", "FR", 5000, 0, 1, 0),
        ("grossistes", "35", 170, 17, 2, 1),  # 100 + 50 + 20; 10 + 5 + 2
        ("officines", "35", 40, None, 1, 0),  # unknown, not zero
    ]
    assert [r["figure_state"] for r in found] == ["a_jour", "incomplet", "a_jour"]
    assert [r["territory"] for r in field.stocks(known.reader(), DCI, "35")] == ["35", "35"]
    # Received on 18/11: a week and three days of grace, late on the 29th.
    assert known.refresh(date(2026, 11, 29)).error == ""
    assert {r["figure_state"] for r in field.stocks(known.reader(), GROUP)} == {"en_retard"}


def test_an_actor_is_one_whatever_the_letters_of_its_name(known: Home) -> None:
    known.drop(
        "dpruptures",
        "s.xlsx",
        {
            "dpruptures_stock": [
                stock(1, "Grossiste A", "Grossiste", "35", A.cip13, 100, 10),
                stock(1, "Grossiste B", "Grossiste", "35", A.cip13, 20, 2),
                stock(1, "Total", "Grossiste", "35", A.cip13, 120, 12),
            ]
        },
    )
    assert known.refresh(DAY).error == ""
    corrected = [stock(1, "GROSSISTE  A.", "Grossiste", "35", A.cip13, 80, 8)]
    known.drop("dpruptures", "later.xlsx", {"dpruptures_stock": corrected})
    assert known.refresh(DAY + timedelta(days=1)).error == ""  # on one day, both would wait
    (row,) = field.stocks(known.reader(), GROUP)
    # 80, corrected, and 20: the total is no actor.
    assert (row["actors"], row["missing_actors"], row["stock_boxes"], row["sales_boxes"]) == (2, 0, 100, 10)
