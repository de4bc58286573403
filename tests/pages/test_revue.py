"""Revue du jour: the sentence and the counts equal what two snapshots say; nothing of a laboratory when projected."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data import warehouse
from data.settings import CommitteeSettings
from metrics.plans import queries as plans
from metrics.review import queries as review
from pages.components import format as fr
from pages.components.shell.session import Reference
from pages.revue import declaration_lines, movement_lines, sentence
from tests.conftest import Home
from tests.pages.conftest import Opener, links, serve, texts
from tests.pages.conftest import sentence as answer_of
from tests.typography import TYPED


def snapshots(home: Home) -> tuple[str, str]:
    before, now = warehouse.published(home.path / "snapshots")
    return before, now


def links_of(home: Home, snapshot: str) -> dict[tuple[str, str], tuple[str | None, float]]:
    """Status and days of each followed group and link, straight from one snapshot."""
    read = warehouse.reader(home.path / "snapshots", snapshot, "restricted", None, 256, 1)
    rows = read.rows("SELECT * FROM link_status WHERE subject_id IN (SELECT group_id FROM tracked_group)")
    return {(row["subject_id"], row["link"]): (row["status"], row["coverage_days"]) for row in rows}


def test_the_sentence_counts_the_molecules_of_the_plans_in_season(demo_home: Home, open_page: Opener) -> None:
    groups = plans.groups(demo_home.reader(), "hivernal")
    measured = groups[groups["weakest_status"].notna()]
    low = measured[measured["weakest_status"] == "insatisfaisante"]
    assert len(low) == 1, "the demo tells one national tension"
    assert f"1 molécule suivie sur {len(measured)} est insatisfaisante (plan hivernal" in answer_of(open_page())


def test_the_sentence_names_the_gravest_movement_between_the_two_snapshots(demo_home: Home, open_page: Opener) -> None:
    before, now = (links_of(demo_home, name) for name in snapshots(demo_home))
    fallen = [key for key, (status, _) in now.items() if status == "insatisfaisante" and before[key][0] != status]
    subject, link = min(fallen, key=lambda key: now[key][1])
    label = demo_home.reader().row("SELECT label FROM tracked_group WHERE group_id = $g", g=subject)
    told = answer_of(open_page())
    assert label is not None
    assert f"{label['label']} passe d'acceptable à insatisfaisante {sentence.WHERE[link]}" in told
    days = f"{fr.days(before[subject, link][1])} → {fr.days(now[subject, link][1])}".translate(TYPED)
    assert days in told
    assert "depuis la semaine dernière (15/11/2026)" in told


def test_each_line_opens_its_detail(demo_home: Home, open_page: Opener) -> None:
    targets = {target for _, target in links(open_page(depuis="semaine"))}
    assert "molecule?sujet=amoxicilline-susp-500" in targets
    assert any(target.startswith("territoires?plan=hivernal&sujet=") for target in targets)
    moved = review.review(demo_home.reader(reference=snapshots(demo_home)[0])).declarations
    assert f"declaration?numero={moved.iloc[0]['declaration_no']}" in targets


def test_declarations_are_counted_as_two_snapshots_differ(demo_home: Home, open_page: Opener) -> None:
    def known(snapshot: str) -> dict[str, tuple[int, str]]:
        read = warehouse.reader(demo_home.path / "snapshots", snapshot, "restricted", None, 256, 1)
        rows = read.rows("SELECT declaration_no, versions, status FROM declaration")
        return {row["declaration_no"]: (row["versions"], row["status"]) for row in rows}

    before, now = (known(name) for name in snapshots(demo_home))
    new = [number for number in now if number not in before and now[number][1] == "ouverte"]
    written = texts(open_page()).translate(TYPED)
    assert new, "the demo declares something new every week"
    assert fr.plural(len(new), "nouvelle", "nouvelles").translate(TYPED) in written


def test_projected_the_review_shows_counts_and_no_laboratory(demo_home: Home, open_page: Opener) -> None:
    assert "LABORATOIRE" in texts(open_page())
    at = open_page(projection="1")
    written = texts(at)
    assert not at.exception
    assert "LABORATOIRE" not in written
    assert "GROSSISTE " not in written
    assert movement_lines.MASKED in written
    assert not any(target.startswith("declaration?") for _, target in links(at))


def test_without_an_earlier_snapshot_the_state_of_the_day_is_shown(
    demo_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    now = snapshots(demo_home)[1]
    shutil.copytree(demo_home.path / "snapshots" / now, tmp_path / "one" / "snapshots" / now)
    serve(tmp_path / "one", monkeypatch)
    at = open_page()
    written = texts(at)
    assert not at.exception
    assert "sans instantané antérieur auquel comparer" in answer_of(at)
    assert "À traiter aujourd" in written
    assert "Statuts par maillon" not in written


def test_an_empty_warehouse_says_that_nothing_is_measured(empty_home: Home, open_page: Opener) -> None:
    at = open_page()
    assert not at.exception
    assert answer_of(at).startswith("Aucune molécule suivie n'est encore mesurée.")
    assert "Jamais reçues" in texts(at)


def test_an_error_of_the_last_refresh_is_shown_but_not_its_words_when_projected(
    demo_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    shutil.copytree(demo_home.path / "snapshots", tmp_path / "bad" / "snapshots")
    run = {"sources": [{"key": "tracstocks", "error": "LABO_Z.xlsx : colonne « Stock » absente"}]}
    (tmp_path / "bad" / "snapshots" / "last_run.json").write_text(json.dumps(run), encoding="utf-8")
    serve(tmp_path / "bad", monkeypatch)
    at = open_page()
    assert "LABO_Z.xlsx : colonne « Stock » absente" in texts(at)
    assert "sources?source=tracstocks" in {target for _, target in links(at)}
    projected = texts(open_page(projection="1"))
    assert "LABO_Z" not in projected
    assert "erreur au dernier rafraîchissement" in projected


# Words, on rows typed here


def moved(status: str | None, before: str | None, days: float, **more: object) -> dict[str, object]:
    rank = {"insatisfaisante": 0, "acceptable": 1, "satisfaisante": 2}
    return {"label": "Molécule X", "subject_id": "x", "link": "officines", "link_label": "Officines", "status": status,
            "status_before": before, "coverage_days": days, "days_before": 8.0, "measured_on": date(2026, 11, 15),
            "bound_share_pct": 10 * days, "gravity": rank.get(status or "", 3), "gravity_before": rank.get(before or "", 3), **more}  # fmt: skip


def test_degradations_come_before_improvements_of_the_same_gravity() -> None:
    rows = [moved("acceptable", "insatisfaisante", 3.5), moved("acceptable", "satisfaisante", 5.0)]
    assert list(sentence.gravest(pd.DataFrame(rows))["status_before"]) == ["satisfaisante", "insatisfaisante"]


def test_a_change_of_state_without_change_of_status_is_not_a_movement() -> None:
    assert sentence.gravest(pd.DataFrame([moved("acceptable", "acceptable", 5.0)])).empty


def test_the_sentence_says_when_no_status_changed() -> None:
    group = {
        "title": "Plan hivernal",
        "label": "X",
        "weakest_status": "satisfaisante",
        "weakest_days": 9.0,
        "weakest_bound_pct": 128.6,
        "unknown_links": None,
        "in_season": True,
    }
    since = Reference("veille", "la veille", "s", date(2026, 11, 21))
    told = sentence.answer(pd.DataFrame([group, group]), pd.DataFrame(), since, pd.DataFrame())
    expected = "Aucune des 2 molécules mesurées n'est insatisfaisante (plan hivernal) ; aucun statut n'a changé depuis la veille (21/11/2026)."
    assert told == expected
    partly = [group, {**group, "unknown_links": "Exploitants"}]
    told = sentence.answer(pd.DataFrame(partly), pd.DataFrame(), since, pd.DataFrame())
    assert told.startswith(
        "Aucune des 2 molécules mesurées n'est insatisfaisante (plan hivernal ; 1 avec un maillon sans chiffre)"
    )


def test_a_group_without_measure_is_counted_aside() -> None:
    group = {
        "title": "Plan hivernal",
        "label": "X",
        "weakest_status": "insatisfaisante",
        "weakest_days": 2.0,
        "weakest_bound_pct": 66.7,
        "unknown_links": None,
        "in_season": True,
    }
    rows = pd.DataFrame([group, {**group, "weakest_status": None}])
    told = sentence.answer(rows, pd.DataFrame(), None, pd.DataFrame())
    assert told.translate(TYPED).startswith(
        "1 molécule suivie sur 1 est insatisfaisante (plan hivernal ; 1 sans mesure)"
    )


def test_the_gravest_is_the_furthest_under_its_own_bound() -> None:
    """12 days of 15 are 80 % of the laboratories' bound, 2.7 of 3 are 90 % of the pharmacies'."""
    low = {"weakest_status": "insatisfaisante"}
    rows = [{**low, "label": "officines", "weakest_days": 2.7, "weakest_bound_pct": 90.0},
            {**low, "label": "exploitants", "weakest_days": 12.0, "weakest_bound_pct": 80.0}]  # fmt: skip
    assert list(sentence.insufficient(pd.DataFrame(rows))["label"]) == ["exploitants", "officines"]
    moves = [
        moved("insatisfaisante", "acceptable", days, bound_share_pct=share) for days, share in ((2.7, 90), (12, 80))
    ]
    assert list(sentence.gravest(pd.DataFrame(moves))["coverage_days"]) == [12, 2.7]


@pytest.mark.parametrize(
    ("movement", "words"),
    [
        ("entrée", "2 départements entrés en alerte"),
        ("sortie", "2 départements sortis d’alerte"),
        ("sans mesure", "2 départements étaient en alerte, sans mesure depuis"),
    ],
)
def test_a_department_that_answers_no_more_did_not_leave_the_alert(movement: str, words: str) -> None:
    row = {"subject_id": "x", "plan": "hivernal", "label": "X", "movement": movement}
    found = movement_lines.departments(pd.DataFrame([{**row, "name": name} for name in ("Gers", "Lot")]))
    assert found.line is not None
    _, cells = found.line({**row, "name": ["Gers", "Lot"], "size": 2})
    assert words in cells[0].translate(TYPED)
    assert ("2 sans mesure depuis leur alerte" in found.note) == (movement == "sans mesure")
    assert f"{'2 sorties' if movement == 'sortie' else '0 sortie'}" in found.note.translate(TYPED)


def test_a_new_rupture_is_graver_than_an_update() -> None:
    def gravity(movement: str, kind: str) -> int:
        table = pd.DataFrame([{"movement": movement, "kind": kind}])
        return declaration_lines.declarations(table, pd.DataFrame(), visible=True).gravity

    assert gravity("nouvelle", "rupture") < gravity("nouvelle", "risque") < gravity("mise à jour", "rupture")


def test_without_news_the_last_differences_of_the_public_list_are_said_to_be_old() -> None:
    event = {"event": "entrée", "code": "1", "cis": "60000001", "cip13": None, "denomination": "X", "dci": "x", "dci_key": "x",
             "previous_label": None, "status_label": "Rupture de stock", "updated_on": date(2026, 5, 20), "url": "",
             "previous_at": date(2026, 1, 2), "photograph_at": date(2026, 5, 26)}  # fmt: skip
    found = declaration_lines.public(pd.DataFrame(), pd.DataFrame([event]), visible=True)
    assert "rien de plus récent" in found.note
    assert "du 02/01/2026 au 26/05/2026" in found.note
    assert found.gravity == 3


def moments(at: object) -> list[str]:
    return [option for box in at.selectbox if box.label == "Depuis" for option in box.options]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("dates", "label"),
    [
        ('["2026-09-24", "2026-11-15", "2026-12-18"]', "le dernier comité"),
        (
            '["2026-11-17"]',
            "la semaine dernière",
        ),  # the 15th is what was known on the 17th, and a week ago: the farthest
        ('["2026-11-10"]', "la semaine dernière"),  # nothing was published by the 10th
    ],
)
def test_the_last_committee_is_a_date_of_the_settings(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch, dates: str, label: str
) -> None:
    """Snapshots of 15 and 22 November."""
    monkeypatch.setenv("VIGISTOCK_COMMITTEE__DATES", dates)
    at = open_page()
    assert any(told.startswith(label) for told in moments(at))
    assert "comité inconnue" not in texts(at)


def test_the_meeting_of_the_day_is_not_the_last_one() -> None:
    """Gaps of 40, 53, 32 and 24 days, as they were; on the 25th, the last meeting is that of the 16th of October."""
    met = [date(2024, 10, 16), date(2024, 11, 25), date(2025, 1, 17), date(2025, 2, 18), date(2025, 3, 14)]
    committee = CommitteeSettings(dates=tuple(reversed(met)))
    assert committee.last_before(date(2024, 11, 25)) == date(2024, 10, 16)
    assert committee.last_before(date(2024, 11, 26)) == date(2024, 11, 25)
    assert committee.last_before(date(2025, 3, 13)) == date(2025, 2, 18)
    assert committee.last_before(date(2024, 10, 16)) is None


def test_without_a_known_meeting_the_page_says_so_and_lets_choose_a_date(demo_home: Home, open_page: Opener) -> None:
    at = open_page()
    assert not any("comité" in told for told in moments(at))
    assert "Date du dernier comité inconnue" in texts(at)
    at = open_page(depuis="date", le="2026-11-16")
    assert not at.exception
    assert "depuis le 15/11/2026" in answer_of(at).replace("(15/11/2026)", "") or "15/11/2026" in texts(at)


def test_a_need_under_the_bound_is_not_written_at_the_bound() -> None:
    """19.6 % left uncovered, from a line that tips at 20 %, is 19 %; 20.4 % is 20 %."""
    row = {
        "dci_key": "a", "dci": "A", "circuit": "ville", "declarations": 2, "declared_share_pct": 40.0, "uncovered_pct": 19.6,
    }  # fmt: skip
    for value, written in ((19.6, "19 %"), (20.4, "20 %")):
        table = pd.DataFrame([row | {"uncovered_pct": value}])
        section = declaration_lines.tipping(table, 20, compared=False, visible=True)
        (line,) = section.rows.to_dict("records")
        _, cells = section.line(line)
        assert f"{written}</" in cells[0].translate(TYPED)
