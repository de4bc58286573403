"""« Alertes » of the review: gravest first, seen in one click by a role, back when it worsens, nothing on a shared screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.access.roles import Identity
from data.alerts import life
from data.alerts.reading import Alert, Audience, alerts, heard
from data.journal import Journal
from data.reference.alert_rules import rules
from pages.components import format as fr
from pages.revue import alert_line, alertes
from tests.conftest import Home
from tests.pages.conftest import Opener, links, texts, twins
from tests.typography import TYPED

STEWARD = Identity("demonstration", "Démonstration", "ansm_steward")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def journal(demo_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    """A journal of this test only, where the alerts of the demo have appeared."""
    url = f"sqlite:///{tmp_path}/journal.db"
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", url)
    opened = Journal(url)
    opened.migrate()
    for artefact in ("restricted", "shared"):
        life.follow(opened, artefact, {alert.key: alert.level for alert in alerts(demo_home.reader(artefact))})
    yield opened
    opened.close()


def mine(home: Home, name: str = "ansm_steward") -> list[Alert]:
    audience = Audience.named(name)
    return heard(alerts(home.reader(audience.artefact)), audience)


def seen_buttons(at: AppTest) -> list[str]:
    """Keys of the alerts that can be marked as seen in one click, in the order of the page."""
    return [button.key.removeprefix("vu-premières-") for button in at.button if button.label == "Vu"]


def headline(at: AppTest) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", next(body for body in texts(at).splitlines() if ">Alertes <" in body))


def test_the_gravest_come_first_and_none_hides_the_others(journal: Journal, demo_home: Home, open_page: Opener) -> None:
    at = open_page()
    assert not at.exception
    every = {alert.key: alert for alert in mine(demo_home)}
    shown = [every[key] for key in seen_buttons(at)]
    assert [alert.level for alert in shown] == sorted((alert.level for alert in shown), reverse=True)
    assert shown[0].level == max(alert.level for alert in every.values())
    assert len(shown) == alertes.SHOWN
    assert max(Counter(alert.rule for alert in shown).values()) <= alertes.MOST_OF_ONE_RULE
    counts = Counter(alert.level for alert in every.values())
    words = f"{len(every)} non vues : {fr.plural(counts[3], 'grave', 'graves')}"
    assert words.translate(TYPED) in headline(at)


def test_each_alert_opens_where_it_is_explained(journal: Journal, demo_home: Home, open_page: Opener) -> None:
    at = open_page()
    targets = {target for _, target in links(at)}
    assert {alert.address[1:] for alert in mine(demo_home) if alert.key in seen_buttons(at)} <= targets


@pytest.mark.parametrize("name", ["ansm", "cap", "dgs", "ars-94"])
def test_every_alert_of_a_role_leads_to_a_page_it_may_open(
    journal: Journal, demo_home: Home, open_page: Opener, name: str
) -> None:
    assert {rule.page for rule in rules().rule} == alert_line.PAGES.keys()
    assert all((ROOT / script).is_file() for script in alert_line.PAGES.values())
    at = open_page(role=name)
    assert not at.exception
    assert f"{len(mine(demo_home, name))} non vues" in headline(at)


def test_one_click_takes_it_away_for_the_role_and_tells_who(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    at = open_page()
    key = seen_buttons(at)[0]
    at.button(key=f"vu-premières-{key}").click().run()
    assert key not in seen_buttons(at)
    (kept,) = journal.acknowledgements("ansm_steward")
    assert (kept.alert_key, kept.login, kept.note) == (key, "demonstration", "")
    assert kept.level == next(alert.level for alert in mine(demo_home) if alert.key == key)
    assert "Déjà vues (1)" in [box.label for box in at.expander]
    assert f"{len(mine(demo_home)) - 1} non vues" in headline(at)
    assert key in seen_buttons(open_page(role="ansm"))  # another role has not seen it


def test_a_note_is_kept_read_and_taken_back(journal: Journal, open_page: Opener) -> None:
    at = open_page()
    key = seen_buttons(at)[0]
    at.text_input(key=f"note-premières-{key}").set_value("Appel <b>fait</b>")
    at.button(key=f"vu-note-premières-{key}").click().run()
    at.session_state["alertes-vues"] = True
    at.run()
    written = texts(at)
    assert "« Appel &lt;b&gt;fait&lt;/b&gt; »" in written
    assert "Vue par demonstration, " in written
    at.button(key=f"revoir-{key}").click().run()
    assert key in seen_buttons(at)
    assert [item.level for item in journal.acknowledgements("ansm_steward")] == [0]


def test_what_worsened_since_it_was_seen_is_back_and_says_so(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    worst = mine(demo_home)[0]
    journal.acknowledge(STEWARD, worst.key, worst.level - 1)
    at = open_page()
    assert seen_buttons(at)[0] == worst.key
    assert texts(at).count("Aggravée") == 1


def test_a_whole_rule_is_seen_at_once_and_the_table_holds_all(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    at = open_page()
    at.session_state["alertes-toutes"] = True
    at.run()
    every = mine(demo_home)
    assert max(table.total for table in twins(at)) == len(every)
    at.button(key="vu-date_due").click().run()
    due = {alert.key for alert in every if alert.rule == "date_due"}
    assert len(due) > 1
    assert {item.alert_key for item in journal.acknowledgements("ansm_steward")} == due


def test_an_agency_sees_its_region_and_answers_for_itself(journal: Journal, demo_home: Home, open_page: Opener) -> None:
    at = open_page(role="ars-94")
    assert "Corse-du-Sud" in texts(at)
    key = seen_buttons(at)[0]
    at.button(key=f"vu-premières-{key}").click().run()
    assert key not in seen_buttons(at)
    elsewhere = open_page(role="ars-53")
    assert "Corse-du-Sud" not in texts(elsewhere)
    assert f"{len(mine(demo_home, 'ars-53'))} non vues" in headline(elsewhere)


def test_a_shared_screen_shows_no_button_no_note_and_no_laboratory(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    worst = next(alert for alert in mine(demo_home, "ansm_steward") if alert.rule == "link")
    journal.acknowledge(STEWARD, worst.key, worst.level, "note à ne pas projeter")
    at = open_page(projection="1")
    assert not at.exception
    assert "Vu" not in [button.label for button in at.button]
    written = texts(at)
    assert "LABORATOIRE" not in written
    assert "note à ne pas projeter" not in written
    shared = [alert for alert in alerts(demo_home.reader("shared")) if Audience("ansm_steward").hears(alert)]
    assert f"{len(shared)} ouvertes" in headline(at)


def test_without_the_journal_every_alert_is_shown(
    demo_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    (tmp_path / "wall").write_text("not a folder")
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", f"sqlite:///{tmp_path}/wall/journal.db")
    at = open_page()
    assert not at.exception
    assert seen_buttons(at) == []
    assert any("même déjà vues. Le journal ne répond pas" in item.value for item in at.warning)
    assert f"{len(mine(demo_home))} ouvertes" in headline(at)


def test_an_empty_warehouse_has_no_alert(empty_home: Home, open_page: Opener) -> None:
    at = open_page()
    assert not at.exception
    assert "aucune non vue" in headline(at)
