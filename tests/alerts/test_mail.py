"""Digests through a real SMTP server: who receives what, once, and what happens when the server does not do its part."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from data import clock, warehouse
from data.access.roles import Identity
from data.alerts import publishing
from data.alerts.sending import send
from data.build import main
from data.journal import Journal
from data.settings import Settings
from tests.alerts.conftest import CLOSED, DUE, KEY, PASSED, WORSE, Story, mailing
from tests.alerts.mail_server import PASSWORD, MailServer, mail_server
from tests.typography import TYPED

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
ANSM = "alerte@ansm.example"
On = Callable[[date], None]


def text(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).translate(TYPED)


def test_a_promise_is_sent_once_then_when_it_worsens(settings: Settings, on: On, server: MailServer) -> None:
    with_mail = mailing(settings, server)
    on(DUE)
    assert send(with_mail) == ["Courriels d'alerte\u00a0: 1\u00a0message envoyé, 1\u00a0alerte."]
    assert send(with_mail) == []
    on(PASSED)
    send(with_mail)
    assert send(with_mail) == []
    on(WORSE)
    send(with_mail)
    assert send(with_mail) == []
    subjects = [str(message["Subject"]).translate(TYPED) for message in server.of(ANSM)]
    assert subjects == [
        "Vigistock : 1 alerte nouvelle",
        "Vigistock : 1 alerte nouvelle",
        "Vigistock : 1 alerte aggravée",
    ]
    due, passed, worse = server.of(ANSM)
    assert "retour promis pour le 24/11/2026, à confirmer" in text(due)
    assert "non confirmé depuis 2 j. [aggravée]" not in text(passed)
    assert "non confirmé depuis 8 j. [aggravée]" in text(worse)


def test_both_texts_say_the_same_and_lead_to_the_declaration(settings: Settings, on: On, server: MailServer) -> None:
    on(WORSE)
    send(mailing(settings, server))
    (message,) = server.of(ANSM)
    address = "https://vigistock.example/declaration?numero=D-1"
    assert address in text(message)
    assert f'href="{address}"' in text(message, "html")
    for words in (
        "Données au 02/12/2026 : 1 alerte nouvelle.",
        "Date promise passée.",
        "Message automatique pour : ANSM.",
    ):
        assert words in text(message)
        assert words in text(message, "html")
    assert (message["To"], message["From"]) == (ANSM, "vigistock@agence.example")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@agence.example>")
    assert server.encrypted == [True]


def test_what_the_role_has_seen_is_not_sent(settings: Settings, on: On, server: MailServer) -> None:
    on(PASSED)
    journal = Journal(settings.journal)
    journal.acknowledge(Identity("a@ansm.example", "A", "ansm"), KEY, 1)
    assert send(mailing(settings, server)) == []
    on(WORSE)
    assert send(mailing(settings, server))
    journal.close()


def test_an_alert_that_ends_and_comes_back_is_sent_again(settings: Settings, on: On, server: MailServer) -> None:
    with_mail = mailing(settings, server)
    for day in (PASSED, CLOSED, PASSED):
        on(day)
        send(with_mail)
    assert [str(message["Subject"])[-17:] for message in server.of(ANSM)] == ["1\u00a0alerte nouvelle"] * 2


def test_one_address_refused_does_not_keep_the_others_from_theirs(
    settings: Settings, on: On, server: MailServer
) -> None:
    on(PASSED)
    with_mail = mailing(
        settings, server, recipients={"ansm": ["parti@ansm.example", ANSM], "ansm_steward": ["d@ansm.example"]}
    )
    server.refused = {"parti@ansm.example"}
    report = "\n".join(send(with_mail)).translate(TYPED)
    assert "2 messages envoyés" in report
    assert "refusé (code 550) : adresse n° 1 de la configuration (ANSM)" in report
    assert "parti@" not in report  # the account of a refresh names nobody
    server.refused = set()
    send(with_mail)
    assert sorted(address for address, _ in server.received) == [ANSM, "d@ansm.example", "parti@ansm.example"]


def test_a_person_listed_twice_gets_one_message(settings: Settings, on: On, server: MailServer) -> None:
    on(PASSED)
    send(mailing(settings, server, recipients={"ansm": [ANSM], "ansm_steward": [ANSM.upper()]}))
    (message,) = server.of(ANSM)
    assert "Message automatique pour : ANSM ; ANSM, gestionnaire des données." in text(message)


def test_a_server_that_hangs_up_is_called_again(settings: Settings, on: On, server: MailServer) -> None:
    on(PASSED)
    server.hang_ups = 1
    assert "1\u00a0message envoyé" in send(mailing(settings, server, smtp_attempts=2))[0]
    assert len(server.of(ANSM)) == 1


def test_nothing_leaves_in_clear_when_starttls_is_refused(settings: Settings, on: On, tmp_path: Path) -> None:
    on(PASSED)
    (tmp_path / "clear").mkdir()
    with mail_server(tmp_path / "clear", starttls=False) as clear:
        (report,) = send(mailing(settings, clear, smtp_attempts=3))
        assert "rien n'est envoyé en clair" in report
        assert clear.received == []
        # What was not sent goes with the next refresh; in clear when the configuration says so.
        assert "1\u00a0message envoyé" in send(mailing(settings, clear, smtp_security="none"))[0]
        assert clear.encrypted == [False]


def test_a_certificate_of_an_unknown_authority_is_refused(settings: Settings, on: On, server: MailServer) -> None:
    on(PASSED)
    (report,) = send(mailing(settings, server, smtp_ca_file=None))
    assert "certificat" in report
    assert server.received == []


def test_tls_from_the_start_and_a_password(settings: Settings, on: On, tmp_path: Path) -> None:
    on(PASSED)
    (tmp_path / "tls").mkdir()
    with mail_server(tmp_path / "tls", starttls=False, tls=True, login=True) as safe:
        with_mail = {"smtp_security": "tls", "smtp_user": "vigistock"}
        (report,) = send(mailing(settings, safe, **with_mail, smtp_password="faux"))
        assert "refuse l'identification (code 535)" in report
        (report,) = send(mailing(settings, safe, **with_mail, smtp_password="épreuve"))
        assert "caractère accentué" in report
        assert "1\u00a0message envoyé" in send(mailing(settings, safe, **with_mail, smtp_password=PASSWORD))[0]


def test_the_password_comes_from_the_environment_and_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGISTOCK_ALERTS__SMTP_PASSWORD", "clé-secrète")
    with_mail = Settings()
    assert with_mail.alerts.smtp_password.get_secret_value() == "clé-secrète"
    assert "clé-secrète" not in repr(with_mail)


@pytest.mark.parametrize("recipients", [{"ars": ["a@b.fr"]}, {"ANSM": ["a@b.fr"]}, {"cap": ["sans arobase"]}])
def test_recipients_that_cannot_be_written_to_are_refused(
    settings: Settings, server: MailServer, recipients: dict
) -> None:
    with pytest.raises(ValueError, match="recipients"):
        mailing(settings, server, recipients=recipients)


def test_without_server_or_without_snapshot_nothing_happens(
    settings: Settings, on: On, server: MailServer, tmp_path: Path
) -> None:
    on(PASSED)
    assert send(settings) == []
    assert send(mailing(settings.model_copy(update={"home": tmp_path / "none"}), server)) == []


def test_a_refresh_ends_well_when_the_server_is_down_and_sends_later(
    published_days: tuple[Path, Story],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: MailServer,
) -> None:
    """Through the command of the timer, settings from the environment."""
    shutil.copytree(published_days[0], tmp_path / "home", ignore=shutil.ignore_patterns("journal*"))
    warehouse.point_to(tmp_path / "home" / "snapshots", published_days[1][WORSE])
    port, server.port = server.port, 9
    for name, value in {
        "HOST": "localhost",
        "PORT": "9",
        "ATTEMPTS": "1",
        "SECONDS": "5",
        "CA_FILE": str(server.authority),
    }.items():
        monkeypatch.setenv(f"VIGISTOCK_ALERTS__SMTP_{name}", value)
    monkeypatch.setenv("VIGISTOCK_ALERTS__SENDER", "vigistock@agence.example")
    monkeypatch.setenv("VIGISTOCK_ALERTS__RECIPIENTS", json.dumps({"ansm": [ANSM]}))
    monkeypatch.setenv("VIGISTOCK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VIGISTOCK_NOW", f"{WORSE}T06:10")
    monkeypatch.setattr(clock, "REPLAY_TOLERANCE", timedelta(days=36_500))  # the story may be to come for this machine
    assert main(["--offline", "--json", "--send"]) == 0
    notes = json.loads(capsys.readouterr().out.splitlines()[-1])["notes"]
    assert any("le serveur de messagerie localhost:9 ne répond pas" in note for note in notes)
    kept = json.loads((tmp_path / "home" / "snapshots" / "last_run.json").read_text(encoding="utf-8"))["notes"]
    assert kept == notes  # what the page *Sources* says
    monkeypatch.setenv("VIGISTOCK_ALERTS__SMTP_PORT", str(port))
    assert main(["--offline", "--json", "--send"]) == 0
    assert len(server.of(ANSM)) == 1


def test_what_names_a_laboratory_goes_to_the_agency_alone(built_demo: Path, tmp_path: Path, server: MailServer) -> None:
    shutil.copytree(built_demo / "snapshots", tmp_path / "demo" / "snapshots")
    home = Settings(home=tmp_path / "demo")
    snapshot = warehouse.current(home.snapshots)
    assert snapshot is not None
    assert publishing.publish(home, snapshot) == []
    roles = {
        "ansm": [ANSM],
        "cap": ["c@cap.example"],
        "dgs": ["d@dgs.example"],
        "ars-94": ["corse@ars.example"],
        "ars-11": ["idf@ars.example"],
    }
    send(mailing(home, server, recipients=roles))
    report = {address: text(message) + text(message, "html") for address, message in server.received}
    assert "LABORATOIRE" in report[ANSM]
    for address in ("c@cap.example", "d@dgs.example", "corse@ars.example"):
        assert "LABORATOIRE" not in report[address]
        assert "declaration?" not in report[address]
        assert "Amoxicilline susp. buv. 500 mg/5 ml" in report[address]
        assert "laboratoires, stocks, ventes et déclarations sont inventés" in report[address]
    assert "Corse-du-Sud" in report["corse@ars.example"]
    assert "Corse-du-Sud" not in report["idf@ars.example"]
    assert all(str(message["Subject"]).startswith("[Données fictives] Vigistock") for _, message in server.received)
