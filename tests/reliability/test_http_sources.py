"""Open data played by a real server that fails in every way, through a whole refresh: it ends, says so, keeps the last data."""

from __future__ import annotations

import gzip
import shutil
import ssl
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import cycle
from pathlib import Path

import pytest
import trustme
from streamlit.testing.v1 import AppTest

from connectors import bdpm, spf
from data.settings import PARIS, PROJECT
from tests.conftest import Home
from tests.connectors.test_http import body, dripping, serving, silent
from tests.pages.conftest import serve, texts
from tests.reliability.producers import (
    CARD,
    FIRST,
    KEPT,
    LIMITS,
    SECOND,
    Producer,
    assert_kept,
    chunked_half,
    cut,
    deaf,
    error,
    figures,
    fresh_rates,
    renamed,
    run,
)

CIP = "3400930000014"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything was published and read the day before."""
    home = tmp_path_factory.mktemp("first") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "*")
        with serving(Producer()) as (url, _):
            report = run(home, url, FIRST)
    assert [line["error"] for line in report.sources if line["error"]] == []
    return home


@pytest.fixture
def home(first_day: Path, tmp_path: Path) -> Home:
    """The same home the next morning, with a file that a partner has dropped: it must be read whatever the web does."""
    shutil.copytree(first_day, tmp_path / "home")
    home = Home(tmp_path / "home")
    row = ["2026-S46", "GROSSISTE A", CIP, None, 100, 70]
    home.drop("pointstock", "s46.xlsx", {"pointstock_stock": [row]})
    return home


def test_seven_failures_in_one_refresh(home: Home) -> None:
    """One failure by file of the BDPM; the two other sources are read, new figures included."""
    before, producer = figures(home, "bdpm"), Producer()
    name = f"grippe-{spf.VISITS}-departement"
    producer.content[f"/spf/{name}/exports/json"] = fresh_rates(producer.content[f"/spf/{name}/exports/json"])
    producer.bdpm(
        body(status=500),
        body(b"<!DOCTYPE html><title>Maintenance</title>"),
        body(b"half", Content_Length="8"),
        chunked_half,
        cut(producer.content["/bdpm/CIS_CPD_bdpm.txt"]),
        body(b"", status=302, Location="/bdpm/CIS_MITM.txt"),
        body(b"", status=301, Location="file:///etc/passwd"),
    )
    with serving(producer) as (url, _):
        report = run(home.path, url, SECOND)
    message = error(report, "bdpm")
    for words in ("en panne (réponse 500)", "page web", "incomplète (non lus", "sans fin", "n'est pas du web"):
        assert words in message
    assert "CIS_CPD_bdpm.txt : réponse non retenue, sans doute incomplète" in message
    assert "erreur du programme" not in message
    assert_kept(home, report, before, "bdpm")
    assert max(producer.calls.values()) <= LIMITS.max_redirects + 1
    assert (error(report, "spf"), error(report, "vigilance")) == ("", "")
    assert 333.25 in {row["er_rate"] for row in figures(home, "spf")["epidemic_weekly"]}


@pytest.mark.long
def test_seven_other_failures_in_one_refresh(home: Home) -> None:
    """Bodies that are bombs, damaged, empty, in another encoding; a server that asks for a century; a torn address."""
    before, producer = figures(home, "bdpm"), Producer()
    bomb = gzip.compress(gzip.compress(bytes(50_000_000)))
    specialities = producer.content["/bdpm/CIS_bdpm.txt"].decode("cp1252")
    producer.bdpm(
        body(specialities.encode("utf-16")),
        body(b"\xff" * 5000, Content_Encoding="gzip"),
        body(bomb, Content_Encoding="gzip, gzip"),
        body(status=429, Retry_After="Fri, 31 Dec 2100 23:59:59 +9999999999999999999999"),
        body(status=429, Retry_After="99999999999"),
        body(b"", status=302, Location="http://\xff/"),
        body(b""),
    )
    with serving(producer) as (url, _):
        report = run(home.path, url, SECOND)
    message = error(report, "bdpm")
    for words in (
        "abîmée",
        "envoie plus de 2000000 octets",
        "demande de patienter",
        "n'a pas pu être lu",
        "incomplète",
    ):
        assert words in message
    assert "CIS_bdpm.txt : " in message  # its bytes came whole: it is kept, and refused by its reader
    assert "erreur du programme" not in message
    assert_kept(home, report, before, "bdpm")


def test_a_schema_that_changed_is_never_guessed(home: Home) -> None:
    """A column more, a column less, keys renamed: an unknown territory must not pass for the nation."""
    before = {key: figures(home, key) for key in KEPT}
    producer = Producer()
    lines = producer.content["/bdpm/CIS_bdpm.txt"].splitlines(keepends=True)
    producer.content["/bdpm/CIS_bdpm.txt"] = b"".join(b"neuf\t" + line for line in lines)
    lines = producer.content["/bdpm/CIS_COMPO_bdpm.txt"].splitlines(keepends=True)
    producer.content["/bdpm/CIS_COMPO_bdpm.txt"] = b"".join(line.partition(b"\t")[2] + b" " * 40 for line in lines)
    changes = (
        {"dep": "code_departement"},
        {"sursaud_cl_age_gene": "age"},
        {"semaine": "periode"},
        {"taux_hospit_grippe_sau": "x"},
    )
    paths = [path for path in producer.content if path.startswith("/spf/")]
    for path, change in zip(paths, [changes[0], changes[1], changes[3], changes[1]] * 3, strict=False):
        producer.content[path] = renamed(producer.content[path], **change)
    producer.content[f"/vigilance/{CARD}"] = renamed(producer.content[f"/vigilance/{CARD}"], phenomenon_id="id")
    with serving(producer) as (url, _):
        report = run(home.path, url, SECOND)
    assert "colonnes attendues" in error(report, "bdpm")
    assert "changé le nom de ses champs" in error(report, "spf")
    assert "n'est pas une carte de vigilance" in error(report, "vigilance")
    assert_kept(home, report, before["bdpm"], "bdpm")
    assert figures(home, "spf") == before["spf"]
    assert figures(home, "vigilance") == before["vigilance"]


def test_failures_that_pass_are_forgiven(home: Home) -> None:
    """429 with a delay, in seconds or as a date, 500, half a body, silence: the next try is right, and nothing is reported."""
    producer = Producer()
    producer.content["/bdpm/CIS_CPD_bdpm.txt"] += b"60990003\tliste II\r\n"
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    right = {name: body(producer.content[f"/bdpm/{name}"]) for name in bdpm.FILES}
    faults = (
        body(status=429, Retry_After="1"),
        body(status=503, Retry_After=soon),
        body(status=500),
        body(b"half", Content_Length="8"),
        chunked_half,
        silent(0.8),
        body(status=502),
    )
    producer.bdpm(*((fault, right[name]) for name, fault in zip(bdpm.FILES, cycle(faults), strict=False)))
    with serving(producer) as (url, _):
        report = run(home.path, url, SECOND)
    assert [error(report, key) for key in KEPT] == ["", "", ""]
    assert {producer.calls[f"/bdpm/{name}"] for name in bdpm.FILES} == {2}
    state = home.reader().row("SELECT age_days FROM source_state WHERE source_key = 'bdpm'")
    assert state == {"age_days": 0}


def test_the_same_files_again_are_as_fresh_as_that_day(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing new came, and what is held is what the producer gives: the source is not a day old."""
    with serving(Producer()) as (url, _):
        report = run(home.path, url, SECOND)
    assert error(report, "bdpm") == ""
    state = home.reader().row("SELECT * FROM source_state WHERE source_key = 'bdpm'")
    assert state
    assert state["last_received_at"].astimezone(PARIS) == FIRST
    assert (state["last_looked_on"], state["age_days"]) == (SECOND.date(), 0)
    serve(home.path, monkeypatch)
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    at.switch_page("pages/sources/sources.py")
    at.query_params["source"] = "bdpm"
    at.run()
    words = texts(at).replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")
    assert f"inchangée au {SECOND:%d/%m/%Y} (aujourd'hui)" in words


def test_hosts_that_are_down_unknown_or_deaf(home: Home) -> None:
    before = {key: figures(home, key) for key in KEPT}
    started = time.monotonic()
    with deaf() as address:
        report = run(
            home.path, "", SECOND, bdpm="http://127.0.0.1:9", spf="http://nulle-part.invalid", vigilance=address
        )
    assert f"injoignable (aucun des {len(bdpm.FILES)} fichiers lu)" in error(report, "bdpm")
    assert "nulle-part.invalid est injoignable (aucun des 13 fichiers lu)" in error(report, "spf")
    assert "ne répond pas dans le temps imparti" in error(report, "vigilance")
    for key, kept in before.items():
        assert_kept(home, report, kept, key)
    assert time.monotonic() - started < 30


@pytest.mark.long
def test_hosts_that_are_slow(home: Home) -> None:
    """Silence, then drips: two files are waited for, the others of the host are not asked, or a refresh would last an hour."""
    before = {key: figures(home, key) for key in KEPT}
    producer, started = Producer(), time.monotonic()
    producer.faults = {path: (silent(2),) for path in producer.content if path.startswith("/bdpm/")}
    producer.faults |= {path: (dripping,) for path in producer.content if path.startswith("/spf/")}
    with serving(producer) as (url, _):
        report = run(home.path, url, SECOND, bdpm=f"{url.replace('127.0.0.1', 'localhost')}/bdpm")
    assert "ne répond pas dans le temps imparti (non lus" in error(report, "bdpm")
    assert "ses autres fichiers ne sont pas demandés" in error(report, "bdpm")
    assert "trop lent (plus de 3 s)" in error(report, "spf")
    assert sum(path.startswith("/bdpm/") for path in producer.calls) == 2
    assert sum(path.startswith("/spf/") for path in producer.calls) == 2
    for key in ("bdpm", "spf"):
        assert_kept(home, report, before[key], key)
    assert time.monotonic() - started < 40


def test_a_certificate_nobody_signed_and_an_encryption_that_goes_away(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {key: figures(home, key) for key in KEPT}
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(Producer()) as (plain, asked):
        downgraded = body(b"", status=302, Location=f"{plain}/bdpm/CIS_bdpm.txt")
        with serving(downgraded, tls=context) as (url, _):
            unsigned = run(home.path, plain, SECOND, bdpm=url)
            assert "certificat" in error(unsigned, "bdpm")
            assert_kept(home, unsigned, before["bdpm"], "bdpm")
            authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
            report = run(home.path, plain, SECOND + timedelta(hours=1), bdpm=url)
    assert "renvoie vers une adresse sans chiffrement" in error(report, "bdpm")
    assert not [call for call in asked if call["path"].startswith("/bdpm/")]
    assert figures(home, "bdpm") == before["bdpm"]


def test_the_page_of_sources_says_what_failed_and_how_old_the_data_are(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer = Producer()
    producer.faults = {f"/vigilance/{CARD}": (body(status=500),)}
    with serving(producer) as (url, _):
        run(home.path, url, SECOND)
    serve(home.path, monkeypatch)
    at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=30).run()
    at.switch_page("pages/sources/sources.py").run()
    text = texts(at)
    assert not at.exception
    assert "est en panne (réponse 500)" in text
    assert "21/11/2026" in text
    assert "hier" in text
