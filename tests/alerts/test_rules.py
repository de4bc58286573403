"""The table of rules, strict; each rule recomputed in plain Python from the tables of the small demo."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from data import sqlfiles
from data.alerts.reading import alerts, every_audience, heard
from data.building import snapshot
from data.reference.alert_rules import rules, shared_queries, thresholds
from data.strict import BrokenReference, reference_file
from data.warehouse import Artefact, Reader
from metrics.methods import methods
from tests.conftest import Home
from tests.metrics.test_scores import version
from tests.pages.conftest import DAY
from tests.typography import TYPED

FILE = reference_file("alerts.toml")
TABLE = tomllib.loads(FILE.read_text(encoding="utf-8"))
LEVELS = {rule["key"]: rule["levels"] for rule in TABLE["rule"]}
Levels = dict[str, int]


@pytest.fixture(scope="module")
def demo(built_demo: Path) -> Reader:
    return Home(built_demo).reader()


@pytest.fixture(scope="module")
def shared(built_demo: Path) -> Reader:
    return Home(built_demo).reader("shared")


def level(rule: str, gravity: float) -> int:
    """By hand: the last bound reached; 0 when none is."""
    return max((item["level"] for item in LEVELS[rule] if gravity >= item["at_least"]), default=0)


def levels_of(reader: Reader, rule: str) -> Levels:
    return {row["alert_key"]: row["level"] for row in reader.rows("SELECT * FROM alert WHERE rule = $rule", rule=rule)}


def raised(rule: str, gravities: dict[str, float]) -> Levels:
    """What the table should hold; an empty answer would prove nothing."""
    kept = {f"{rule}:{key}": level(rule, gravity) for key, gravity in gravities.items()}
    assert any(kept.values())
    return {key: reached for key, reached in kept.items() if reached}


def watched(reader: Reader) -> dict[str, str]:
    """Groups of the plans in season, with their plan."""
    running = {row["plan"] for row in reader.rows("SELECT plan FROM plan WHERE in_season")}
    assert running
    return {
        row["group_id"]: row["plan"] for row in reader.rows("SELECT * FROM tracked_group") if row["plan"] in running
    }


@pytest.mark.parametrize("artefact", ["restricted", "shared"])
def test_links_under_the_bound_of_their_plan(built_demo: Path, artefact: Artefact) -> None:
    reader = Home(built_demo).reader(artefact)
    gravities = {}
    for row in reader.rows("SELECT * FROM link_status"):
        if (
            row["subject_id"] in watched(reader)
            and row["coverage_days"] is not None
            and row["status"] != "non_pertinente"
        ):
            missing = 100 * (1 - row["coverage_days"] / row["acceptable_days"])
            if row["coverage_days"] < row["acceptable_days"]:
                gravities[f"{row['subject_id']}:{row['link']}"] = missing
    assert levels_of(reader, "link") == raised("link", gravities)


def test_a_masked_link_raises_nothing_in_the_shared_artefact(demo: Reader, shared: Reader) -> None:
    masked = {
        f"link:{r['subject_id']}:{r['link']}"
        for r in shared.rows("SELECT * FROM link_status WHERE figure_state = 'masque'")
    }
    assert masked
    assert not masked & levels_of(shared, "link").keys()
    assert levels_of(shared, "link").keys() <= levels_of(demo, "link").keys()


def test_dates_due_and_passed(demo: Reader) -> None:
    opened = {row["declaration_no"] for row in demo.rows("SELECT * FROM declaration WHERE status = 'ouverte'")}
    window = next(rule["window_days"] for rule in TABLE["rule"] if rule["key"] == "date_passed")
    due, passed = {}, {}
    for row in demo.rows("SELECT * FROM promise WHERE is_latest"):
        if row["declaration_no"] not in opened or (row["state"] or "prévu") != "prévu":
            continue
        days = (DAY - row["planned_on"]).days
        key = f"{row['declaration_no']}:{row['promise']}:{row['supply_no']}:{row['planned_on']}"
        if days <= 0:
            due[key] = float(days)
        elif days <= window:
            passed[key] = float(days)
    assert levels_of(demo, "date_due") == raised("date_due", due)
    assert levels_of(demo, "date_passed") == raised("date_passed", passed)
    assert all(-2 <= days <= 0 for days in (due[key.partition(":")[2]] for key in levels_of(demo, "date_due")))


def test_departments_in_alert_for_the_country_and_by_region(demo: Reader, shared: Reader) -> None:
    measured: Counter[tuple[str, str]] = Counter()
    hit: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in sorted(demo.rows("SELECT * FROM department_status"), key=lambda row: row["department"]):
        for place in ("", row["region"]):
            is_known = row["in_alert"] or row["figure_state"] in {"a_jour", "en_retard"}
            measured[row["subject_id"], place] += is_known
            if row["in_alert"] and row["subject_id"] in watched(demo):
                late = " (sans relevé cette semaine)" if row["is_silent"] else ""
                hit[row["subject_id"], place].append(row["name"] + late)
    shares = {key: 100 * len(names) / measured[key] for key, names in hit.items()}
    country = {subject: share for (subject, place), share in shares.items() if not place}
    regions = {f"{subject}:{place}": share for (subject, place), share in shares.items() if place}
    for reader in (demo, shared):
        assert levels_of(reader, "departments") == raised("departments", country)
        assert levels_of(reader, "region") == raised("region", regions)
    by_name = {(row["alert_key"]): row["place"] for row in demo.rows("SELECT * FROM alert WHERE rule = 'region'")}
    assert by_name == {
        f"region:{subject}:{place}": ", ".join(names) for (subject, place), names in hit.items() if place
    }


def test_declarations_at_risk_and_dcis_that_tip(demo: Reader) -> None:
    ranks = {row["level"]: row["level_no"] for row in demo.rows("SELECT * FROM risk_level")}
    scores = demo.rows("SELECT * FROM declaration_score WHERE status = 'ouverte'")
    assert levels_of(demo, "score") == raised("score", {row["declaration_no"]: ranks[row["level"]] for row in scores})
    assert {row["level"] for row in scores if f"score:{row['declaration_no']}" in levels_of(demo, "score")} <= {
        "important",
        "haut",
    }
    worst: dict[str, float] = defaultdict(float)
    for row in demo.rows("SELECT * FROM tipping WHERE is_tipping"):
        worst[row["dci_key"]] = max(worst[row["dci_key"]], row["uncovered_pct"])
    assert levels_of(demo, "tipping") == raised("tipping", worst)


def test_the_public_list_of_the_last_days(demo: Reader, shared: Reader) -> None:
    window = next(rule["window_days"] for rule in TABLE["rule"] if rule["key"] == "public_list")
    gravities: dict[str, float] = defaultdict(float)
    for row in demo.rows("SELECT * FROM public_shortage_event"):
        recent = row["photograph_at"] > DAY - timedelta(days=window)
        if recent and row["event"] in {"entrée", "changement"} and row["code"] in {"1", "2", "3"}:
            key = f"{row['dci_key'] or 'cis-' + row['cis']}:{row['photograph_at']}"
            gravities[key] = max(gravities[key], 2 if row["code"] == "1" else 1)
    assert levels_of(demo, "public_list") == levels_of(shared, "public_list") == raised("public_list", gravities)


def test_sources_late_on_their_rhythm(demo: Reader) -> None:
    late = {}
    for row in demo.rows("SELECT * FROM source_state WHERE state = 'en_retard'"):
        if row["rhythm"] == "ponctuel":
            continue  # nobody owes another isolated point
        days = [row["age_days"] - row["late_after_days"]]
        if row["period_late_after_days"] is not None:
            days.append(row["period_age_days"] - row["period_late_after_days"])
        assert max(days) > 0
        late[row["source_key"]] = max(days) / max(row["rhythm_found_days"], 1)
    assert levels_of(demo, "source_late") == raised("source_late", late)


def test_each_role_hears_what_its_rules_say(demo: Reader, shared: Reader) -> None:
    every = {"restricted": alerts(demo), "shared": alerts(shared)}
    roles = {rule["key"]: rule["roles"] for rule in TABLE["rule"]}
    for audience in every_audience():
        mine = heard(every[audience.artefact], audience)
        assert mine
        assert all(audience.role in roles[alert.rule] for alert in mine)
        assert {alert.region for alert in mine} <= {None, audience.region}
        assert [alert.level for alert in mine] == sorted((alert.level for alert in mine), reverse=True)


def test_sentences_are_french_and_whole(demo: Reader) -> None:
    for alert in alerts(demo):
        assert "{" not in alert.sentence
        assert "None" not in alert.sentence
        assert not re.search(r" [:;?!%»]", alert.sentence)
        assert alert.label[0] == alert.label[0].upper()
    days = next(alert for alert in alerts(demo) if alert.key == "link:amoxicilline-susp-500:officines")
    assert re.fullmatch(r"officines : \d,\d j de couverture \(mesure du 15/11/2026\)", days.sentence.translate(TYPED))


def test_a_file_with_doubtful_lines_is_for_the_steward_alone(home: Home) -> None:
    home.drop("trustmed", "t.xlsx", {"trustmed_version": [version("D-1", 1, date(2027, 3, 1))]})
    assert home.refresh().published
    (row,) = home.reader().rows("SELECT * FROM alert WHERE rule = 'to_confirm'")
    assert (row["place"], row["value"], row["level"], row["targets"]) == ("t.xlsx", 1, 1, ["trustmed"])
    (alert,) = (alert for alert in alerts(home.reader()) if alert.rule == "to_confirm")
    assert alert.roles == ("ansm_steward",)
    assert alert.address == "/sources?source=trustmed"
    assert "alert_to_confirm" not in home.reader("shared").tables


# The table itself


def test_every_rule_has_its_query_in_each_union() -> None:
    rule_keys = {rule.key for rule in rules().rule}
    named = {file.name: set(re.findall(r"FROM alert_(\w+) AS a", file.sql)) for file in methods().values()}
    assert named["alert_fact"] == rule_keys
    shared_union = next(file for file in sqlfiles.folder(snapshot.SHARED) if file.name == "alert_fact")
    by_name = set(re.findall(r"FROM alert_(\w+) AS a", shared_union.sql))
    assert by_name == {rule.key for rule in rules().rule if not rule.secret}
    assert shared_queries(rules().rule) == {"alert", *(f"alert_{key}" for key in by_name)}


def test_the_shared_artefact_holds_no_rule_of_laboratories(demo: Reader, shared: Reader) -> None:
    secret = {rule.key for rule in rules().rule if rule.secret}
    assert secret
    assert {f"alert_{key}" for key in secret} <= demo.tables
    assert not {f"alert_{key}" for key in secret} & shared.tables
    assert not {row["rule"] for row in shared.rows("SELECT rule FROM alert UNION SELECT rule FROM alert_rule")} & secret


def test_bounds_are_shown_as_thresholds_with_their_origin(demo: Reader) -> None:
    by_name = {row["name"]: row for row in demo.rows("SELECT * FROM threshold WHERE name LIKE 'alert_%'")}
    for rule in rules().rule:
        for item in rule.levels:
            row = by_name[f"alert_{rule.key}_{item.level}"]
            assert (row["value"], row["unit"], row["origin"], row["to_validate"]) == (
                item.at_least,
                rule.unit,
                rule.origin,
                rule.to_validate,
            )
    assert thresholds(rules()).keys() <= by_name.keys()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('roles = ["ansm", "ansm_steward"]\nsecret = true', 'roles = ["ansm", "ars"]\nsecret = true', "réservée"),
        ("{ level = 2, at_least = 0 }", "{ level = 2, at_least = 30 }", "montent"),
        ("{place} : {value}", "{lieu} : {value}", "ne connaît que"),
        ('key = "score"', 'key = "link"', "même clé"),
        ("many =", "plusieurs =", "rule n° 1 « link », clé « plusieurs » .* clé inconnue"),
        ("level_labels =", "level_labels = [", "fin du fichier|ligne"),
    ],
)  # fmt: skip
def test_a_broken_table_is_reported(tmp_path: Path, before: str, after: str, message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "alertes.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BrokenReference, match=message):
        rules(tmp_path / "alertes.toml")
