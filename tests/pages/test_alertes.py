"""Alerts of the review: under their molecule, seen in one click by a role, back when they worsen, nothing on a shared screen."""

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
from metrics.alerts import queries
from pages.components import format as fr
from pages.revue import alertes
from tests.conftest import Home
from tests.pages.conftest import Opener, links, texts, twins
from tests.typography import TYPED

GROUP = "amoxicilline-susp-500"
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
    return [str(button.key).removeprefix("vu-") for button in at.button if button.label == "Vu"]


def headline(at: AppTest) -> str:
    written = next(body for body in texts(at).splitlines() if 'class="vs-unseen-alerts"' in body)
    return re.sub(r"[\u00a0\u202f]", " ", re.sub(r"<[^>]+>", "", written.split('class="vs-unseen-alerts"')[1]))


def of_group(home: Home, group: str = GROUP) -> list[Alert]:
    subjects = queries.subjects(home.reader())
    return [alert for alert in mine(home) if subjects[alert.key].subject_id == group]


def test_each_molecule_has_its_alerts_gravest_first_and_all_are_counted(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    at = open_page(alertes=GROUP)
    assert not at.exception
    every = {alert.key: alert for alert in mine(demo_home)}
    shown = [every[key] for key in seen_buttons(at)]
    assert {alert.key for alert in of_group(demo_home)} >= {alert.key for alert in shown[:1]}
    assert [alert.level for alert in shown] == sorted((alert.level for alert in shown), reverse=True)
    assert shown[0].level == max(alert.level for alert in every.values())
    assert len(shown) <= alertes.SHOWN
    counts = Counter(alert.level for alert in every.values())
    words = f"{len(every)} alertes non vues : {fr.plural(counts[3], 'grave', 'graves')}"
    assert words.translate(TYPED) in headline(at)


def test_no_button_is_drawn_before_a_molecule_is_opened(journal: Journal, open_page: Opener) -> None:
    at = open_page()
    assert seen_buttons(at) == []
    assert any(target.endswith(f"alertes={GROUP}") for _, target in links(at))
    assert any(target.endswith("alertes=toutes") for _, target in links(at))


def test_alerts_of_a_declaration_or_a_speciality_stand_under_its_molecule(demo_home: Home) -> None:
    """Each alert that names a declaration: the followed group of its presentation, else its DCI."""
    reader = demo_home.reader()
    subjects = queries.subjects(reader)
    named = [alert for alert in mine(demo_home) if "numero" in dict(alert.parameters)]
    assert named
    for alert in named:
        row = reader.row(
            """
            SELECT d.dci_key, MIN(m.group_id) AS group_id
            FROM declaration AS d
            LEFT JOIN group_presentation AS m ON m.cip13 = d.cip13 AND m.group_id IN (
                SELECT g.group_id FROM tracked_group AS g INNER JOIN plan AS p ON p.plan = g.plan WHERE p.is_watched)
            WHERE d.declaration_no = $no GROUP BY d.dci_key
            """,
            no=dict(alert.parameters)["numero"],
        )
        assert row is not None
        assert subjects[alert.key].subject_id == (row["group_id"] or f"dci:{row['dci_key']}")
        assert subjects[alert.key].dci_key == row["dci_key"]


def test_each_alert_opens_where_it_is_explained(journal: Journal, demo_home: Home, open_page: Opener) -> None:
    at = open_page(alertes=GROUP)
    targets = {target for _, target in links(at)}
    shown = {alert.address[1:] for alert in mine(demo_home) if alert.key in seen_buttons(at)}
    assert shown
    assert shown <= targets


@pytest.mark.parametrize("name", ["ansm", "cap", "dgs", "ars-94"])
def test_every_alert_of_a_role_leads_to_a_page_it_may_open(
    journal: Journal, demo_home: Home, open_page: Opener, name: str
) -> None:
    scripts = {path.stem.replace("_", "-") for path in (ROOT / "pages").glob("*/*.py")}
    assert {rule.page for rule in rules().rule} <= scripts
    at = open_page(role=name)
    assert not at.exception
    assert headline(at).strip(">").startswith(f"{len(mine(demo_home, name))} alertes non vues")


def test_one_click_takes_it_away_for_the_role_and_names_who(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    at = open_page(alertes=GROUP)
    key = seen_buttons(at)[0]
    at.button(key=f"vu-{key}").click().run()
    assert key not in seen_buttons(at)
    (kept,) = journal.acknowledgements("ansm_steward")
    assert (kept.alert_key, kept.login, kept.note) == (key, "demonstration", "")
    assert kept.level == next(alert.level for alert in mine(demo_home) if alert.key == key)
    assert f"{len(mine(demo_home)) - 1} alertes non vues" in headline(at)
    assert "Déjà vues (1)" in [box.label for box in open_page(alertes="toutes").expander]
    assert key in seen_buttons(open_page(role="ansm", alertes=GROUP))  # another role has not seen it


def test_a_note_is_kept_read_and_taken_back(journal: Journal, open_page: Opener) -> None:
    at = open_page(alertes=GROUP)
    key = seen_buttons(at)[0]
    at.text_input(key=alertes.NOTE).set_value("Appel <b>fait</b>")
    at.button(key=f"vu-{key}").click().run()
    assert at.text_input(key=alertes.NOTE).value == ""  # of that alert alone
    at = open_page(alertes="toutes")
    at.session_state["alertes-vues"] = True
    at.run()
    written = texts(at)
    assert "« Appel &lt;b&gt;fait&lt;/b&gt; »" in written
    assert "Vue par demonstration, " in written
    at.button(key=f"revoir-{key}").click().run()
    assert key in seen_buttons(open_page(alertes=GROUP))
    assert [item.level for item in journal.acknowledgements("ansm_steward")] == [0]


def test_what_worsened_since_it_was_seen_is_back_and_says_so(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    worst = of_group(demo_home)[0]
    journal.acknowledge(STEWARD, worst.key, worst.level - 1)
    at = open_page()
    assert texts(at).count("Aggravée") == 1
    assert seen_buttons(open_page(alertes=GROUP))[0] == worst.key


def test_a_molecule_or_a_whole_rule_is_seen_at_once_and_the_table_holds_all(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    at = open_page(alertes="toutes")
    at.session_state["alertes-toutes"] = True
    at.run()
    every = mine(demo_home)
    assert max(table.total for table in twins(at)) == len(every)
    at = open_page(alertes="regle:date_due", par="regle")
    at.button(key="vu-tout-regle:date_due").click().run()
    due = {alert.key for alert in every if alert.rule == "date_due"}
    assert len(due) > 1
    assert {item.alert_key for item in journal.acknowledgements("ansm_steward")} == due
    at = open_page(alertes=GROUP)
    at.button(key=f"vu-tout-{GROUP}").click().run()
    assert seen_buttons(at) == []
    seen = {item.alert_key for item in journal.acknowledgements("ansm_steward")}
    assert seen >= due | {alert.key for alert in of_group(demo_home)}


def test_an_agency_sees_its_region_and_answers_for_itself(journal: Journal, demo_home: Home, open_page: Opener) -> None:
    mine_of = mine(demo_home, "ars-94")
    region = next(alert for alert in mine_of if alert.region == "94")
    opened = region.parameters[-1][1]
    at = open_page(role="ars-94", alertes=opened)
    assert "Corse-du-Sud" in texts(at)
    assert region.key in seen_buttons(at)
    at.button(key=f"vu-{region.key}").click().run()
    assert region.key not in seen_buttons(at)
    elsewhere = open_page(role="ars-53", alertes="toutes")
    assert region.key not in seen_buttons(elsewhere)
    assert f"{len(mine(demo_home, 'ars-53'))} alertes non vues" in headline(elsewhere)


def test_a_shared_screen_shows_no_button_no_note_and_no_laboratory(
    journal: Journal, demo_home: Home, open_page: Opener
) -> None:
    worst = next(alert for alert in mine(demo_home, "ansm_steward") if alert.rule == "link")
    journal.acknowledge(STEWARD, worst.key, worst.level, "note à ne pas projeter")
    shared = [alert for alert in alerts(demo_home.reader("shared")) if Audience("ansm_steward").hears(alert)]
    for asked in ("", GROUP, "toutes"):
        at = open_page(projection="1", alertes=asked)
        assert not at.exception
        assert seen_buttons(at) == []
        written = texts(at)
        assert "LABORATOIRE" not in written
        assert "note à ne pas projeter" not in written
        assert f"{len(shared)} alertes ouvertes" in headline(at)


def test_without_the_journal_every_alert_is_shown(
    demo_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    (tmp_path / "wall").write_text("not a folder")
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", f"sqlite:///{tmp_path}/wall/journal.db")
    at = open_page(alertes=GROUP)
    assert not at.exception
    assert seen_buttons(at) == []
    assert any("même déjà vues. Le journal ne répond pas" in item.value for item in at.warning)
    assert f"{len(mine(demo_home))} alertes ouvertes" in headline(at)


def test_an_empty_warehouse_has_no_alert(empty_home: Home, open_page: Opener) -> None:
    at = open_page()
    assert not at.exception
    assert "Aucune alerte non vue" in headline(at)
