"""The ranking of public data: values, points and scores recomputed in plain Python from the files; then by hand."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from data.reference.ranking import open_ranking
from data.strict import BrokenReference
from tests import open_world, worlds
from tests.conftest import Home
from tests.open_world import (
    ALPHA_1,
    ALPHA_2,
    CLASSES,
    DELTA,
    FIRST,
    GROUPS,
    HOLDERS,
    LAST,
    NAMES,
    PHOTOGRAPHS,
    RELEASE,
)

Row = dict[str, Any]
FILE = Path(__file__).parents[2] / "data/reference/anticipation_open.toml"
RULES = tomllib.loads(FILE.read_text(encoding="utf-8"))
KEYS = {cis: name.lower().replace("ê", "e") for cis, (_, name) in NAMES.items()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(worlds.once(tmp_path_factory, "public-lists", open_world.build))


def values() -> dict[str, dict[str, float | None]]:
    """Indicators of each DCI, from what the files say, without a query. Every speciality has one presentation, marketed."""
    members: dict[str, list[str]] = defaultdict(list)
    for cis, key in KEYS.items():
        members[key].append(cis)
    group = {line.split("\t")[2] for line in GROUPS.splitlines()}
    released = list(csv.DictReader(StringIO(RELEASE)))
    now = {line.cis: line for line in PHOTOGRAPHS[LAST]}
    began = {
        cis: min(line.started for lines in PHOTOGRAPHS.values() for line in lines if line.cis == cis) for cis in now
    }
    classes = {KEYS[cis]: atc[:5] for cis, atc in CLASSES.items()}
    found = {}
    for key, mine in members.items():
        short = [cis for cis in mine if cis in now and now[cis].code != "4"]
        written = [row for row in released if row["cis"] in mine]
        mitm = [cis for cis in mine if cis in CLASSES]
        if not (short or written or mitm):
            continue
        found[key] = {
            "short_share": 100 * len(short) / len(mine),
            "rupture_share": 100 * sum(now[cis].code == "1" for cis in short) / len(mine),
            "listed_days": max(((LAST - began_of(cis, began)).days for cis in short), default=0),
            "past_declarations": len({tuple(row.items()) for row in written}),
            "past_years": len({row["date_evenement"][:4] for row in written}),
            "relapses": sum(spells(cis) > 1 for cis in mine),
            "laboratories": len({HOLDERS[cis] for cis in mine}),
            "substitutable_share": 100 * sum(cis in group for cis in mine) / len(mine),
            "monthly_boxes": None,
            "mitm": len(mitm),
            "alternatives": sum(other != key and known == classes[key] for other, known in classes.items())
            if key in classes
            else None,
        }  # fmt: skip
    return found


def began_of(cis: str, began: dict[str, date]) -> date:
    """Of what relapsed, the start written when it came back."""
    return next(line.started for line in PHOTOGRAPHS[LAST] if line.cis == cis) if spells(cis) > 1 else began[cis]


def spells(cis: str) -> int:
    """Times a line came in the list, or came back after a return."""
    codes = [next((line.code for line in lines if line.cis == cis), None) for lines in PHOTOGRAPHS.values()]
    before = [None, *codes[:-1]]
    return sum(
        now is not None and (last is None or (last == "4" != now)) for last, now in zip(before, codes, strict=True)
    )


def points(indicator: Row, value: float | None) -> int:
    if value is None:
        return int(indicator["unknown_points"])
    return int([band["points"] for band in indicator["bands"] if value >= band["at_least"]][-1])


def test_values_points_and_scores_are_those_of_a_plain_reading(built: Home) -> None:
    expected = values()
    read = {(row["dci_key"], row["indicator"]): row for row in built.reader().rows("SELECT * FROM open_rank_value")}
    assert {key for key, _ in read} == set(expected)
    assert len(expected) == 4, "EPSILON is neither a MITM, nor listed, nor declared"
    scores = {}
    for key, mine in expected.items():
        weighted, weights = 0.0, 0.0
        for component in RULES["components"]:
            got = most = 0
            for indicator in RULES["indicators"]:
                if indicator["component"] != component["component"]:
                    continue
                name = indicator["indicator"]
                assert read[key, name]["value"] == pytest.approx(mine[name]), (key, name)
                assert read[key, name]["points"] == points(indicator, mine[name]), (key, name)
                got += points(indicator, mine[name])
                most += max(band["points"] for band in indicator["bands"])
            weighted += component["weight"] * 100 * got / most
            weights += component["weight"]
        scores[key] = weighted / weights
    ranked = built.reader().rows("SELECT * FROM open_rank ORDER BY place, dci")
    assert {row["dci_key"]: row["score"] for row in ranked} == pytest.approx(scores)
    assert [row["place"] for row in ranked] == [
        1 + sum(other > scores[row["dci_key"]] + 1e-9 for other in scores.values()) for row in ranked
    ]


def test_the_first_is_the_one_in_shortage_by_hand(built: Home) -> None:
    """Alphacine: both presentations in shortage (3 + 3 of 6), 80 days in the list (1 of 3): 7 of 9 points."""
    first = built.reader().rows("SELECT * FROM open_rank ORDER BY place LIMIT 1")[0]
    assert (first["dci_key"], first["is_listed"], first["short_share_pct"]) == ("alphacine", True, 100)
    assert first["listed_days"] == 80
    assert first["presence_score"] == pytest.approx(100 * 7 / 9)
    # Two holders (2 of 3), each replaces the other's speciality (0 of 3).
    assert first["vulnerability_score"] == pytest.approx(100 * 2 / 6)


def test_what_was_not_received_is_unknown_and_gets_the_points_of_the_file(home: Home) -> None:
    for name, content in open_world.medicines().items():
        home.drop_text("bdpm", name, content.decode("cp1252" if name != "CIS_CIP_bdpm.txt" else "utf-8"))
    assert home.refresh(open_world.DAY).published
    rows = home.reader().rows("SELECT * FROM open_rank_value WHERE dci_key = 'betacine' AND NOT is_known")
    unknown = {row["indicator"]: row["points"] for row in rows}
    prudent = {rule["indicator"]: rule["unknown_points"] for rule in RULES["indicators"]}
    assert set(unknown) == {
        *("short_share", "rupture_share", "listed_days", "past_declarations", "past_years", "relapses"),
        *("substitutable_share", "monthly_boxes"),
    }
    assert unknown == {name: prudent[name] for name in unknown}


def test_boxes_are_the_mean_of_the_last_twelve_months_published(built_demo: Path) -> None:
    reader = Home(built_demo).reader()
    monthly: dict[str, dict[date, float]] = defaultdict(dict)
    for row in reader.rows("SELECT subject_id, month, boxes FROM reimbursed_monthly"):
        monthly[row["subject_id"]][row["month"]] = float(row["boxes"])
    yearly = {row["subject_id"]: float(row["boxes"]) / 12 for row in reader.rows(
        "SELECT subject_id, boxes FROM reimbursed_yearly WHERE year = (SELECT MAX(year) FROM reimbursed_yearly)"
    )}  # fmt: skip
    seen = set()
    for row in reader.rows("SELECT dci_key, monthly_boxes FROM open_rank"):
        subject = f"dci:{row['dci_key']}"
        months = [boxes for _, boxes in sorted(monthly.get(subject, {}).items())][-12:]
        expected = sum(months) / len(months) if months else yearly.get(subject)
        assert row["monthly_boxes"] == (None if expected is None else pytest.approx(expected)), subject
        seen.add("known" if expected is not None else "unknown")
    assert "known" in seen


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('component = "presence"\ntitle', 'component = "liste"\ntitle', "quatre composantes"),
        ('indicator = "relapses"', 'indicator = "retours"', "les indicateurs attendus"),
        ("weight = 40", "weight = -1", "weight"),
        ("unknown_points = 3", "unknown_points = 9", "dépassent le maximum"),
    ],
)
def test_a_broken_file_is_reported(tmp_path: Path, before: str, after: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "ouvert.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BrokenReference, match=r"ouvert\.toml") as refused:
        open_ranking(tmp_path / "ouvert.toml")
    assert message in str(refused.value)


def test_the_files_typed_here_hold_what_the_tests_count_on() -> None:
    assert spells(DELTA) == 1
    assert {ALPHA_1, ALPHA_2} <= set(NAMES)
    assert len(PHOTOGRAPHS[FIRST]) == 4
