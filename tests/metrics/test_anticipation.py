"""Anticipation: values, points, scores and places of the small demo recomputed in plain Python; then lists typed by hand."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.base import tables
from data.reference.ranking import ranking
from data.strict import BrokenReference
from data.warehouse import Reader
from tests.conftest import Home
from tests.metrics import naive_period, naive_stops
from tests.metrics.naive_files import Inputs, read
from tests.metrics.test_scores import months_before
from tests.pages.conftest import DAY
from tests.referential import files, simple

pytestmark = pytest.mark.computes("anticipation_rank", "anticipation_value")

Row = dict[str, Any]
FILE = Path(__file__).parents[2] / "data/reference/anticipation.toml"
RULES = tomllib.loads(FILE.read_text(encoding="utf-8"))
NEEDED = ("injectable", "orale liquide", "orale facile à avaler")


@pytest.fixture(scope="module")
def demo(built_demo: Path) -> Iterator[Reader]:
    yield Home(built_demo).reader()


@pytest.fixture(scope="module")
def inputs(built_demo: Path) -> Inputs:
    return read(built_demo / "raw", DAY, sources=("tracstocks",))


def members(demo: Reader) -> dict[tuple[str, str], list[Row]]:
    """Specialities by list and DCI: those that share a route with one on the list."""
    specialities = {row["cis"]: row for row in demo.rows("SELECT * FROM speciality") if row["dci_key"]}
    routes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in demo.rows("SELECT * FROM speciality_list"):
        if own := specialities.get(row["cis"]):
            routes[row["list"], own["dci_key"]] |= set(own["routes"].split(";"))
    return {
        key: [row for row in specialities.values() if row["dci_key"] == key[1] and set(row["routes"].split(";")) & mine]
        for key, mine in routes.items()
    }


def declared(demo: Reader) -> list[tuple[str, date]]:
    """Speciality and day of every declaration: each year from the source that holds more of it."""
    first: dict[str, date] = {}
    for row in demo.rows("SELECT * FROM declaration_version"):
        first[row["declaration_no"]] = min(first.get(row["declaration_no"], date.max), row["version_on"])
    cis = {row["declaration_no"]: row["cis"] for row in demo.rows("SELECT declaration_no, cis FROM declaration")}
    public = demo.rows("SELECT * FROM history_declaration")
    message = {
        "trustmed": [(cis[number], day, False) for number, day in first.items()],
        "historique": [(row["cis"], row["event_on"], row["copy_no"] > 1) for row in public],
    }
    result = []
    for source, lines in message.items():
        other = message["historique" if source == "trustmed" else "trustmed"]
        for code, day, is_copy in lines:
            mine, theirs = (
                sum(line[1].year == day.year and line[1] <= DAY for line in some) for some in (lines, other)
            )
            if day <= DAY and not is_copy and (mine > theirs or (mine == theirs and source == "trustmed")):
                result.append((code, day))
    return result


def by_hand(demo: Reader, inputs: Inputs) -> dict[tuple[str, str, str], float | None]:
    """Value of each indicator of each DCI of each list."""
    events = declared(demo)
    patients = demo.rows("SELECT cis, town_patients FROM history_declaration WHERE town_patients IS NOT NULL")
    boxes = {row["cip13"]: row["cis"] for row in demo.rows("SELECT cip13, cis FROM presentation")}
    _, first, newest = naive_period.period(inputs)
    classes = defaultdict(set)
    for row in demo.rows("SELECT * FROM speciality WHERE atc IS NOT NULL AND marketing_state = 'Commercialisée'"):
        classes[row["atc"][:5]].add(row["dci_key"])
    made: dict[str, list[Row]] = defaultdict(list)
    for row in demo.rows("SELECT * FROM site_step"):
        made[row["cis"]].append(row)
    result: dict[tuple[str, str, str], float | None] = {}
    for (name, dci), mine in members(demo).items():
        codes = {row["cis"] for row in mine}
        sold: dict[str, float] = defaultdict(float)
        year = naive_period.sales(inputs, f"dci:{dci}") if f"dci:{dci}" in inputs.subjects else {}
        for (cip13, who), boxes_sold in year.items():
            if boxes.get(cip13) in codes:
                sold[who] += boxes_sold
        whole = sum(sold.values())
        atcs = {row["atc"][:5] for row in mine if row["atc"]}
        values = {
            "declarations_24": sum(code in codes and day > months_before(DAY, 24) for code, day in events),
            "declarations_36": sum(code in codes and day > months_before(DAY, 36) for code, day in events),
            "laboratories": len({row["holder"] for row in mine}),
            "largest_share": 100 * max(sold.values()) / whole if whole else None,
            **sites(mine, made),
            "monthly_boxes": whole / ((newest - first).days // 7 + 1) * 365.25 / 84 if sold else None,
            "patients": max((row["town_patients"] for row in patients if row["cis"] in codes), default=None),
            "alternatives": len(set().union(*(classes[atc] for atc in atcs)) - {dci}) if atcs else None,
            "route": sum(naive_stops.kind(row["form"]) in NEEDED or "rectale" in row["routes"] for row in mine),
        }
        result |= {(name, dci, indicator): value for indicator, value in values.items()}
    return result


MAKING = ("substance active", "fabrication", "conditionnement")


def sites(mine: list[Row], made: dict[str, list[Row]]) -> dict[str, float | None]:
    """Sites of the narrowest step, specialities with a step wholly outside the Union; unknown under 80 % described."""
    marketed = [row["cis"] for row in mine if row["marketing_state"] == "Commercialisée"]
    stated = [cis for cis in marketed if cis in made]
    if not stated or len(stated) / len(marketed) < 0.8:
        return {"sites": None, "outside_union": None}
    by_step = {step: [[r for r in made[cis] if r["step"] == step] for cis in stated] for step in MAKING}
    counts = [len({r["site_key"] for rows in each for r in rows}) for each in by_step.values() if all(each)]
    abroad = {
        cis
        for each in by_step.values()
        for cis, rows in zip(stated, each, strict=True)
        if rows and all(row["is_in_union"] is False for row in rows)
    }
    return {"sites": min(counts, default=None), "outside_union": 100 * len(abroad) / len(stated)}


def points(indicator: Row, value: float | None) -> int:
    """By hand: the last band reached."""
    if value is None:
        return int(indicator["unknown_points"])
    return int([band["points"] for band in indicator["bands"] if value >= band["at_least"]][-1])


def test_every_value_and_its_points_are_those_found_by_hand(demo: Reader, inputs: Inputs) -> None:
    expected = by_hand(demo, inputs)
    rows = demo.rows("SELECT * FROM anticipation_value")
    rules = {rule["indicator"]: rule for rule in RULES["indicators"]}
    assert {(row["list"], row["dci_key"], row["indicator"]) for row in rows} == set(expected)
    for row in rows:
        value = expected[row["list"], row["dci_key"], row["indicator"]]
        assert row["value"] == (None if value is None else pytest.approx(value)), row
        assert row["points"] == points(rules[row["indicator"]], value), row
        assert row["most_points"] == max(band["points"] for band in rules[row["indicator"]]["bands"])


def test_a_score_is_the_weighted_mean_of_its_components_and_places_follow(demo: Reader) -> None:
    rules = {rule["indicator"]: rule for rule in RULES["indicators"]}
    weights = {item["component"]: item["weight"] for item in RULES["components"]}
    got: dict[tuple[str, str], dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in demo.rows("SELECT * FROM anticipation_value"):
        most = max(band["points"] for band in rules[row["indicator"]]["bands"])
        got[row["list"], row["dci_key"]][rules[row["indicator"]]["component"]].append((row["points"], most))
    scores = {}
    for key, parts in got.items():
        each = {
            name: 100 * sum(p for p, _ in message) / sum(most for _, most in message) for name, message in parts.items()
        }
        scores[key] = sum(weights[name] * value for name, value in each.items()) / sum(weights.values())
    rows = demo.rows("SELECT * FROM anticipation_rank")
    assert len(rows) == len(scores) > 10
    for row in rows:
        mine = scores[row["list"], row["dci_key"]]
        assert row["score"] == pytest.approx(mine, abs=1e-5)
        above = [other for (name, _), other in scores.items() if name == row["list"] and other > mine + 1e-5]
        assert row["place"] == len(above) + 1


def test_nothing_of_it_is_shared(built_demo: Path) -> None:
    assert not {name for name in Home(built_demo).reader("shared").tables if name.startswith("anticipation_")}


A, B, C, D = (
    simple(f"9000000{n}", f"{name} {n}", name, f"LABORATOIRE {n}", form)
    for n, name, form in (
        (1, "FICTIVIR", "comprimé"), (2, "FICTIVIR", "gélule"), (3, "FICTIVIR", "comprimé"), (4, "INVENTOL", "solution injectable"),
    )
)  # fmt: skip


def deposit(home: Home, lists: list[list[object]]) -> Reader:
    folder = home.path / "inbox" / "bdpm"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files((A, B, C, D)).items():
        (folder / name).write_bytes(content)
    home.drop("listes", "l.xlsx", {"listes_member": lists})
    assert home.refresh().published
    return home.reader()


def value(reader: Reader, list_name: str, dci: str, indicator: str) -> Row:
    row = reader.row(
        "SELECT * FROM anticipation_value WHERE list = $l AND dci_key = $d AND indicator = $i",
        l=list_name,
        d=dci,
        i=indicator,
    )
    assert row is not None
    return row


def test_one_speciality_on_a_list_does_not_hide_the_other_companies(home: Home) -> None:
    reader = deposit(
        home, [["Stock 4 mois", A.cis, None, None, None, None], ["Essentiel", None, "inventol", None, None, None]]
    )
    assert value(reader, "stock 4 mois", "fictivir", "laboratories")["value"] == 3
    assert value(reader, "essentiel", "inventol", "laboratories")["value"] == 1
    assert value(reader, "essentiel", "inventol", "route")["value"] == 1
    rank = reader.row("SELECT * FROM anticipation_rank WHERE list = 'stock 4 mois'")
    assert rank is not None
    assert (rank["dci_key"], rank["specialities"], rank["place"]) == ("fictivir", 1, 1)


def test_sites_of_a_cell_are_counted_one_by_one(home: Home) -> None:
    """Lyon, Hyderabad (outside the Union) and Bâle, two of them reported twice under two spellings: three sites, one outside."""
    cells = (
        "• Usine A, Lyon (UE)\n• Usine B, Hyderabad (hors UE)",
        "USINE A, LYON (UE) ; Usine C, Bâle / usine b, hyderabad (Hors UE)",
    )
    names = [field.name for field in tables("trustmed")["trustmed_version"].fields]
    common = {"version_no": 1, "version_on": date(2026, 11, 2), "laboratory": A.holder, "cip13": A.cip13, "kind": "Risque",
              "status": "Ouverte", "causes": "Autre cause", "circuits": "Ville", "start_on": date(2026, 11, 3)}  # fmt: skip
    rows = [common | {"declaration_no": f"D-{n}", "sites": cell} for n, cell in enumerate(cells)]
    home.drop("trustmed", "v.xlsx", {"trustmed_version": [[row.get(name) for name in names] for row in rows]})
    reader = deposit(home, [["Essentiel", None, "fictivir", None, None, None]])
    rank = reader.row("SELECT sites_cited, sites_outside_union FROM anticipation_rank WHERE list = 'essentiel'")
    assert rank == {"sites_cited": 3, "sites_outside_union": 1}


@pytest.mark.parametrize(
    ("described", "sites", "outside"),
    [
        # Substances: two sites, one of them in India; making: three; packing: stated for A alone, so not compared.
        ((A, B, C), 2, 100 / 3),
        # Two of three are 67 %, under the 80 % of the threshold.
        ((A, B), None, None),
    ],
)
def test_statements_give_the_narrowest_step_and_what_is_made_outside_the_union(
    home: Home, described: tuple[Any, ...], sites: int | None, outside: float | None
) -> None:
    substance = {A.cis: ("KADAMPUR", "Inde"), B.cis: ("VALDORGE", "France"), C.cis: ("VALDORGE", "France")}
    lines = [[2026, one.holder, one.cis, None, "Substance active", *substance[one.cis]] for one in described]
    lines += [[2026, one.holder, one.cis, None, "Fabrication", f"USINE {one.cis}", "France"] for one in described]
    lines += [[2026, A.holder, A.cis, None, "Conditionnement", "USINE UNIQUE", "France"]]
    home.drop("edl", "edl.xlsx", {"edl_site": [[*line, None, None, None] for line in lines]})
    reader = deposit(home, [["Essentiel", None, "fictivir", None, None, None]])
    assert value(reader, "essentiel", "fictivir", "sites")["value"] == sites
    expected = None if outside is None else pytest.approx(outside)
    assert value(reader, "essentiel", "fictivir", "outside_union")["value"] == expected


def test_unreported_values_are_unknown_and_get_the_prudent_points(home: Home) -> None:
    """No declaration source, no sale, no class: eight values out of ten are not known, none of them is zero."""
    reader = deposit(home, [["Essentiel", None, "fictivir", None, None, None]])
    rows = reader.rows("SELECT * FROM anticipation_value WHERE list = 'essentiel'")
    unknown = {row["indicator"]: row for row in rows if not row["is_known"]}
    assert set(unknown) == {
        "declarations_24",
        "declarations_36",
        "largest_share",
        "sites",
        "outside_union",
        "monthly_boxes",
        "patients",
        "alternatives",
    }
    prudent = {rule["indicator"]: rule["unknown_points"] for rule in RULES["indicators"]}
    assert {name: row["points"] for name, row in unknown.items()} == {name: prudent[name] for name in unknown}
    assert {row["band_label"] for row in unknown.values()} == {"inconnu"}
    rank = reader.row("SELECT unknown_values FROM anticipation_rank WHERE list = 'essentiel'")
    assert rank == {"unknown_values": 8}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            'component = "recurrence"\ntitle = "Récurrence"',
            'component = "retour"\ntitle = "Retour"',
            "trois composantes",
        ),
        ('indicator = "route"', 'indicator = "voie"', "les indicateurs attendus"),
        ("weight = 40", "weight = -1", "weight"),
        ("unknown_points = 3", "unknown_points = 9", "dépassent le maximum"),
        ("{ at_least = 3, points = 2", "{ at_least = 9, points = 2", "montent"),
        ("reads =", "lit =", "reads"),
        ("version =", "version =\n[", "ligne 7"),
    ],
)
def test_a_broken_file_is_reported(tmp_path: Path, before: str, after: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "classement.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BrokenReference, match=r"classement\.toml") as refused:
        ranking(tmp_path / "classement.toml")
    assert message in str(refused.value)


def test_weights_that_are_all_zero_are_refused(tmp_path: Path) -> None:
    text = re.sub(r"weight = \d+", "weight = 0", FILE.read_text(encoding="utf-8"))
    (tmp_path / "classement.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenReference, match="un poids au moins"):
        ranking(tmp_path / "classement.toml")
