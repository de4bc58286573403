"""Revue du jour: sentence, cards and counts equal what two snapshots say; nothing of a laboratory when projected."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data import warehouse
from data.settings import CommitteeSettings
from metrics.plans import queries as plans
from metrics.review import answers as reading
from metrics.review import queries as review
from metrics.review.answers import Answers, Declared, LocalAnswers, Place
from pages.components import format as fr
from pages.components.charts import figures
from pages.revue import cards, changes, declaration_lines, movement_lines, sentence
from tests.conftest import Home
from tests.pages.conftest import Opener, bodies, links, serve, texts, words
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


def read(at: AppTest) -> str:
    """What the page says, without marks, its spaces as they are typed."""
    return " ".join(re.sub(r"<[^>]+>", " ", words(at)).split())


def shown(at: AppTest) -> list[str]:
    """Names on the cards, in order."""
    page = "".join(bodies(at))
    names = [re.sub(r"<[^>]+>", "", part.split("</h2>")[0]) for part in page.split('class="vs-call-name"><h2>')[1:]]
    return [name.translate(TYPED) for name in names]


def test_the_sentence_counts_the_molecules_of_the_plans_in_season(demo_home: Home, open_page: Opener) -> None:
    groups = plans.groups(demo_home.reader(), "hivernal")
    measured = groups[groups["weakest_status"].notna()]
    low = measured[measured["weakest_status"] == "insatisfaisante"]
    assert len(low) == 1, "the demo tells one national tension"
    assert f"1 molécule suivie sur {len(measured)} est insatisfaisante (plan hivernal" in answer_of(open_page())


def test_what_needs_action_is_named_and_has_a_card_with_its_four_facts(demo_home: Home, open_page: Opener) -> None:
    """The demo: amoxicilline 500 mg/5 ml insatisfaisante, lévétiracétam tips over, neither hides the other."""
    found = reading.needing_action(demo_home.reader())
    low = [item for item in found if sentence.is_low(item)]
    tips = [item for item in found if item.is_tipping and not sentence.is_low(item)]
    at = open_page()
    answer, names = answer_of(at), shown(at)
    assert len(low) == 1
    assert answer.startswith(f"{low[0].subject['label']} manque ")
    assert names[0] == low[0].subject["label"]
    assert len(names) <= cards.MOST
    for item in tips:
        assert f"{item.subject['label'].lower()} bascule" in answer
        assert item.subject["label"] in names
    card = read(at).split(f"{names[0]} plan hivernal")[1].split(names[1])[0]
    days = fr.days(low[0].weakest["coverage_days"] if low[0].weakest else None).translate(TYPED)
    for part in ("Insatisfaisante", days, "Où", "Depuis", "Mesures", "Fin"):
        assert part in card


def test_the_tab_of_statuses_shows_the_movement_between_the_two_snapshots(demo_home: Home, open_page: Opener) -> None:
    before, now = (links_of(demo_home, name) for name in snapshots(demo_home))
    fallen = [key for key, (status, _) in now.items() if status == "insatisfaisante" and before[key][0] != status]
    text = read(open_page(onglet="statuts"))
    assert fallen
    for subject, link in fallen:
        label = demo_home.reader().row("SELECT label FROM tracked_group WHERE group_id = $g", g=subject)
        name = demo_home.reader().row("SELECT label FROM link_status WHERE link = $l LIMIT 1", l=link)
        assert label is not None
        assert name is not None
        assert before[subject, link][0] == "acceptable"
        days = [fr.days(when[subject, link][1]).translate(TYPED) for when in (before, now)]
        assert f"{label['label']} {name['label']} Acceptable {days[0]} → Insatisfaisante {days[1]}" in text


def test_the_review_compares_with_the_measurements_before_those_it_shows(demo_home: Home, open_page: Opener) -> None:
    """Snapshots of 15 and 22 November, each with the measurements of its week: nothing to say of « hier »."""
    before, now = (
        warehouse.reader(demo_home.path / "snapshots", name, "restricted", None, 256, 1)
        for name in snapshots(demo_home)
    )
    week = review.last_week(before)
    assert week is not None
    assert week < (review.last_week(now) or week)
    assert f"Depuis la mesure {fr.week(week)} (données du 15/11/2026)" in read(open_page(onglet="statuts"))


def test_each_line_opens_its_detail(demo_home: Home, open_page: Opener) -> None:
    targets = {
        target
        for tab in ("", "departements", "declarations")
        for _, target in links(open_page(depuis="semaine", onglet=tab))
    }
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
    written = texts(open_page(onglet="declarations")).translate(TYPED)
    assert new, "the demo declares something new every week"
    assert fr.plural(len(new), "nouvelle", "nouvelles").translate(TYPED) in written


def test_projected_the_review_shows_counts_and_no_laboratory(demo_home: Home, open_page: Opener) -> None:
    assert "LABORATOIRE" in texts(open_page(onglet="declarations"))
    for tab in ("", "declarations", "promesses", "basculements", "liste", "sources"):
        at = open_page(projection="1", onglet=tab)
        written = texts(at)
        assert not at.exception
        assert "LABORATOIRE" not in written
        assert "GROSSISTE " not in written
        assert changes.HIDDEN in written
        assert not any(target.startswith("declaration?") for _, target in links(at))


def test_without_an_earlier_snapshot_the_state_of_the_day_is_shown(
    demo_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    now = snapshots(demo_home)[1]
    shutil.copytree(demo_home.path / "snapshots" / now, tmp_path / "one" / "snapshots" / now)
    serve(tmp_path / "one", monkeypatch)
    at = open_page()
    assert not at.exception
    assert "Sans instantané antérieur auquel comparer" in answer_of(at)
    assert shown(at)
    assert changes.FIRST_SNAPSHOT in texts(at)
    tabs = {target.partition("onglet=")[2] for _, target in links(at) if "onglet=" in target}
    assert tabs == {"liste", "basculements", "signaux", "terrain", "confirmations", "sources"}


def test_an_empty_warehouse_says_that_nothing_is_measured(empty_home: Home, open_page: Opener) -> None:
    at = open_page(onglet="sources")
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
    at = open_page(onglet="sources")
    assert "LABO_Z.xlsx : colonne « Stock » absente" in texts(at)
    assert "sources?source=tracstocks" in {target for _, target in links(at)}
    projected = texts(open_page(projection="1", onglet="sources"))
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


def test_a_tab_without_movement_says_so() -> None:
    found = movement_lines.statuses(pd.DataFrame())
    assert (found.count, found.quiet) == (0, "Aucun statut n'a changé.")


GROUP = {"title": "Plan hivernal", "label": "X", "weakest_status": "satisfaisante", "weakest_days": 9.0,
         "weakest_bound_pct": 128.6, "unknown_links": None, "in_season": True}  # fmt: skip


def test_the_count_says_what_is_not_known() -> None:
    text = sentence.count(pd.DataFrame([GROUP, GROUP]))
    assert text == "Aucune des 2 molécules mesurées n'est insatisfaisante (plan hivernal)"
    partly = [GROUP, {**GROUP, "unknown_links": "Exploitants"}]
    expected = "Aucune des 2 molécules mesurées n'est insatisfaisante (plan hivernal ; 1 avec un maillon sans chiffre)"
    assert sentence.count(pd.DataFrame(partly)) == expected


def test_a_group_without_measure_is_counted_apart() -> None:
    group = {**GROUP, "weakest_status": "insatisfaisante", "weakest_days": 2.0, "weakest_bound_pct": 66.7}
    rows = pd.DataFrame([group, {**group, "weakest_status": None}])
    expected = "1 molécule suivie sur 1 est insatisfaisante (plan hivernal ; 1 sans mesure)"
    assert sentence.count(rows).translate(TYPED) == expected


NOTHING = Declared(0, 0, (), None, None, None, is_detailed=True, as_of=date(2026, 11, 22))


def answers_typed(label: str, statuses: dict[str, str], spell: dict[str, Any] | None, **status: Any) -> Answers:
    """A group whose links have these statuses, the first one being the weakest."""
    rows = tuple({"link": link, "label": link.capitalize(), "status": state} for link, state in statuses.items())
    counts = {"departments_insufficient": 0, "departments_measured": 0, "departments_silent": 0, "tension": "aucune",
              "unknown_links": None}  # fmt: skip
    subject = {"subject_id": label, "label": label, "dci_key": label}
    return Answers(subject, rows, rows[0], counts | status, (), spell, NOTHING, ())


def spell_typed(weeks: int, **more: Any) -> dict[str, Any]:
    return {"is_current": True, "weeks": weeks, "before_status": "acceptable", "gap_weeks": 0, **more}


LOW, FINE = "insatisfaisante", "satisfaisante"


@pytest.mark.parametrize(
    ("statuses", "counts", "spell", "words"),
    [
        # 99 of 99, every link, and the week before was acceptable: the whole sentence.
        (
            {"officines": LOW, "grossistes": LOW, "exploitants": LOW},
            {"departments_insufficient": 99, "departments_measured": 99, "tension": "nationale"},
            spell_typed(4),
            " manque à tous les maillons, partout, depuis quatre semaines",
        ),
        # A link nobody measured is not shown as lacking it.
        (
            {"officines": LOW, "grossistes": LOW},
            {"departments_insufficient": 60, "departments_measured": 99, "unknown_links": "Exploitants"},
            spell_typed(1),
            " manque à tous les maillons mesurés, dans la plupart des départements, depuis une semaine",
        ),
        # Departments are those of pharmacies; the first reading known says nothing of the onset.
        (
            {"grossistes": LOW, "officines": FINE},
            {"departments_insufficient": 60, "departments_measured": 99},
            spell_typed(12, before_status=None),
            " manque chez les grossistes-répartiteurs, depuis au moins 12 semaines",
        ),
        # A spell that is over says nothing of now.
        ({"exploitants": LOW}, {}, spell_typed(3, is_current=False), " manque chez les exploitants"),
    ],
)
def test_the_sentence_says_no_more_than_its_figures(
    statuses: dict[str, str], counts: dict[str, Any], spell: dict[str, Any], words: str
) -> None:
    (clause,) = sentence.verdict([answers_typed("Molécule X", statuses, spell, **counts)])
    assert (clause.names, clause.words) == ("Molécule X", words)


def test_several_molecules_are_named_and_the_rest_counted() -> None:
    found = [answers_typed(f"Molécule {name}", {"exploitants": LOW}, None) for name in "ABCDEF"]
    clauses = sentence.verdict(found)
    assert clauses[0].names == "Molécule A"
    assert clauses[1] == ("molécule B, molécule C, molécule D et 2 autres", " manquent aussi")
    assert sentence.verdict(found[:2])[1] == ("molécule B", " manque aussi")


def test_a_region_comes_before_the_country() -> None:
    subject = {"subject_id": "x", "label": "Molécule X"}
    region = Place("region", "53", "Bretagne", {"status": LOW, "coverage_days": 2.0}, spell_typed(2))
    country = Place("maillon", "officines", "France", {"status": "acceptable", "coverage_days": 3.5}, None)
    local = LocalAnswers(subject, region, region, country, None, (), NOTHING)
    (clause,) = sentence.verdict_in([local], "Bretagne")
    assert clause.names == "Bretagne : molécule X"
    assert clause.words.translate(TYPED) == " manque dans les officines (2,0 j ; France 3,5 j) depuis deux semaines"
    fine = Place("region", "53", "Bretagne", {"status": "acceptable", "coverage_days": 4.0}, None)
    (quiet, *_) = sentence.verdict_in([LocalAnswers(subject, fine, fine, country, None, (), NOTHING)], "Bretagne")
    assert quiet.words == " aucune molécule suivie n'est insatisfaisante dans l'ensemble de ses officines"


@pytest.mark.parametrize(
    ("low", "measured", "words"),
    [(3, 4, " dans la plupart des départements"), (1, 4, " dans un seul département"), (2, 5, " par endroits"),
     (2, 4, " dans la moitié des départements"), (4, 4, " dans tous les départements mesurés")],
)  # fmt: skip
def test_places_of_a_region_are_stated_as_far_as_counted(low: int, measured: int, words: str) -> None:
    """Three departments of four are not « par endroits », even when the region as a whole holds."""
    fine = Place("region", "53", "Bretagne", {"status": "acceptable", "coverage_days": 4.0}, None)
    around = tuple({"is_measured": True, "status": LOW if number < low else "acceptable"} for number in range(measured))
    local = LocalAnswers({"subject_id": "x", "label": "Molécule X"}, fine, fine, fine, None, around, NOTHING)
    (_, some) = sentence.verdict_in([local], "Bretagne")
    assert some == ("molécule X", words)


def test_an_agency_reads_its_region_first_and_another_does_not(demo_home: Home, open_page: Opener) -> None:
    local = reading.needing_action_in(demo_home.reader("shared"), "53")
    at = open_page(role="ars-53")
    written = read(at)
    assert answer_of(at).startswith("Bretagne : ")
    assert shown(at)[0] == local[0].subject["label"]
    for row in local[0].neighbours:
        assert (f"{row['name']} " in written) is True
    assert "officines, Bretagne" in written
    assert "Corse-du-Sud" not in read(open_page(role="ars-53", onglet="statuts"))
    assert "Bretagne" not in answer_of(open_page(role="dgs"))


def test_departments_of_the_region_come_before_the_others() -> None:
    row = {"subject_id": "x", "plan": "hivernal", "label": "X", "movement": "entrée"}
    table = pd.DataFrame(
        [
            *({**row, "name": name, "region": "76", "region_name": "Occitanie"} for name in ("Gers", "Lot")),
            {**row, "name": "Finistère", "region": "53", "region_name": "Bretagne"},
        ]
    )
    assert list(movement_lines.departments(table).rows["name"]) == [["Gers", "Lot", "Finistère"]]
    assert list(movement_lines.departments(table, "53").rows["name"]) == [["Finistère"], ["Gers", "Lot"]]
    assert list(movement_lines.departments(table, "53").rows["where"]) == ["Bretagne", "ailleurs"]


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
    row = {
        "subject_id": "x",
        "plan": "hivernal",
        "label": "X",
        "movement": movement,
        "region": "76",
        "region_name": "Occitanie",
    }
    found = movement_lines.departments(pd.DataFrame([{**row, "name": name} for name in ("Gers", "Lot")]))
    assert found.line is not None
    _, cells = found.line({**row, "name": ["Gers", "Lot"], "size": 2})
    assert words in cells[0].translate(TYPED)
    assert ("2 sans mesure depuis leur alerte" in found.note) == (movement == "sans mesure")
    assert f"{'2 sorties' if movement == 'sortie' else '0 sortie'}" in found.note.translate(TYPED)


def test_without_news_the_last_differences_of_the_public_list_are_labelled_old() -> None:
    event = {"event": "entrée", "code": "1", "cis": "60000001", "cip13": None, "denomination": "X", "dci": "x", "dci_key": "x",
             "previous_label": None, "status_label": "Rupture de stock", "updated_on": date(2026, 5, 20), "url": "",
             "previous_at": date(2026, 1, 2), "photograph_at": date(2026, 5, 26)}  # fmt: skip
    found = declaration_lines.public(pd.DataFrame(), pd.DataFrame([event]), visible=True)
    assert "rien de plus récent" in found.note
    assert "du 02/01/2026 au 26/05/2026" in found.note
    assert found.count == 0


def moments(at: AppTest) -> list[str]:
    return [
        label
        for label, target in links(at)
        if "depuis=" in target and "onglet=" not in target and "alertes=" not in target
    ]


@pytest.mark.parametrize(
    ("dates", "label"),
    [
        ('["2026-09-24", "2026-11-15", "2026-12-18"]', "comité du 15/11"),
        ('["2026-11-17"]', "mesure S"),  # the 15th is what was known on the 17th: the measurements are farther
        ('["2026-11-10"]', "mesure S"),  # nothing was published by the 10th
    ],
)
def test_the_last_committee_is_a_date_of_the_settings(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch, dates: str, label: str
) -> None:
    """Snapshots of 15 and 22 November: one choice a snapshot, whatever it is asked by."""
    monkeypatch.setenv("VIGISTOCK_COMMITTEE__DATES", dates)
    at = open_page()
    assert [moment.startswith(label) for moment in moments(at)] == [True, False]
    assert moments(at)[-1] == "autre date"
    assert "comité inconnue" not in texts(at)
    assert answer_of(open_page(depuis="semaine")) == answer_of(at)


def test_a_shared_screen_compares_with_the_last_committee(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGISTOCK_COMMITTEE__DATES", '["2026-11-15"]')
    text = read(open_page(projection="1", onglet="statuts"))
    assert "Depuis le dernier comité, 15/11/2026 (données du 15/11/2026)" in text


def test_the_meeting_of_the_day_is_not_the_last_one() -> None:
    """Gaps of 40, 53, 32 and 24 days, as they were; on the 25th, the last meeting is that of the 16th of October."""
    met = [date(2024, 10, 16), date(2024, 11, 25), date(2025, 1, 17), date(2025, 2, 18), date(2025, 3, 14)]
    committee = CommitteeSettings(dates=tuple(reversed(met)))
    assert committee.last_before(date(2024, 11, 25)) == date(2024, 10, 16)
    assert committee.last_before(date(2024, 11, 26)) == date(2024, 11, 25)
    assert committee.last_before(date(2025, 3, 13)) == date(2025, 2, 18)
    assert committee.last_before(date(2024, 10, 16)) is None


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ('["2026-12-18"]', "Date du dernier comité inconnue"),  # the next one, none before
        ('["2026-11-10"]', "Comité du 10/11/2026 : aucun relevé publié ce jour-là ni avant"),
    ],
)
def test_a_committee_nothing_can_be_compared_with_is_named(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch, dates: str, said: str
) -> None:
    monkeypatch.setenv("VIGISTOCK_COMMITTEE__DATES", dates)
    assert said in words(open_page())


def test_without_a_known_meeting_the_page_says_so_and_lets_choose_a_date(demo_home: Home, open_page: Opener) -> None:
    at = open_page()
    assert not any("comité" in moment for moment in moments(at))
    assert "Date du dernier comité inconnue" in texts(at)
    at = open_page(depuis="date", le="2026-11-16", onglet="statuts")
    assert not at.exception
    # 15th and 16th: the days one may choose end with the last snapshot before today's.
    assert "Depuis le 15/11/2026 (données du 15/11/2026)" in read(at)


def test_a_need_under_the_bound_is_not_written_at_the_bound() -> None:
    """19.6 % left uncovered, from a line that tips at 20 %, is 19 %; 20.4 % is 20 %."""
    row = {
        "dci_key": "a", "dci": "A", "circuit": "ville", "declarations": 2, "declared_share_pct": 40.0, "uncovered_pct": 19.6,
    }  # fmt: skip
    for value, written in ((19.6, "19 %"), (20.4, "20 %")):
        table = pd.DataFrame([row | {"uncovered_pct": value}])
        section = declaration_lines.tipping(table, 20, compared=False, visible=True)
        (line,) = figures.records(section.rows)
        assert section.line
        _, cells = section.line(line)
        assert f"{written}</" in cells[0].translate(TYPED)
