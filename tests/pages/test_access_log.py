"""What the access log holds: the subject a page read, every sign-out wherever it was made, whatever people send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import create_engine, text

from data.journal import Journal
from data.warehouse import Reader
from metrics.anticipation import queries as anticipation
from metrics.declarations import queries as declarations
from metrics.safety_stock import queries as safety
from metrics.sites import queries as sites
from metrics.stops import queries as stops
from pages.anticiper import rank_words
from pages.components.access import identity, sign_ins
from pages.components.access.identity import NoAccess, Visit
from pages.components.access.sign_ins import memory
from pages.components.once import Once
from tests.conftest import Home
from tests.journal.conftest import postgres, url
from tests.pages.conftest import links
from tests.pages.test_access import MOLECULE, SUBJECT, Person, journal, lines, person, text_of

__all__ = ["journal", "person", "postgres", "url"]

DECOYS = {"numero": "leurre", "source": "leurre", "indicateur": "leurre", "departement": "2A", "sujet": "leurre"}
Known = Callable[[Reader], str]


class Clock:
    """Seconds that pass when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(demo_home: Home, monkeypatch: pytest.MonkeyPatch) -> Clock:
    passing = Clock()
    monkeypatch.setattr(sign_ins, "_MEMORY", sign_ins.Memory(clock=passing))
    return passing


def first_dci(reader: Reader) -> str:
    """Of the list that the page opens first."""
    known = anticipation.lists(reader)
    name = next(name for name in rank_words.LISTS if name in known)
    return str(anticipation.ranking(reader, name)["dci_key"].iloc[-1])


# Script, parameter that opens one thing, how to find one in the warehouse, how the log spells it.
DRILL_DOWNS: dict[str, tuple[str, str, Known, str]] = {
    "medicine": (MOLECULE, "sujet", lambda _: SUBJECT, "{}"),
    "declaration": (
        *("pages/declarations/declaration.py", "numero"),
        *(lambda r: str(declarations.everything(r)["declaration_no"].iloc[-1]), "{}"),
    ),
    "stop": ("pages/anticiper/arrets.py", "arret", lambda r: str(stops.register(r)["stop_no"].iloc[-1]), "{}"),
    "safety": ("pages/anticiper/stocks_de_securite.py", "cis", lambda r: str(safety.lines(r)["cis"].iloc[0]), "{}"),
    "site": ("pages/anticiper/sites.py", "site", lambda r: str(sites.sites(r)["site_key"].iloc[-1]), "{}"),
    "rank": ("pages/anticiper/classement.py", "dci", first_dci, "dci:{}"),
    "source": ("pages/sources/sources.py", "source", lambda _: "tracstocks", "{}"),
}


@pytest.mark.parametrize("page", DRILL_DOWNS)
def test_the_subject_of_the_log_is_the_one_that_was_read(
    person: Person, journal: Journal, built_demo: Path, page: str
) -> None:
    """Other parameters say something else, and the right one is given twice: the page reads the last."""
    script, parameter, find, spelling = DRILL_DOWNS[page]
    wanted = find(Home(built_demo).reader())
    others = {name: value for name, value in DECOYS.items() if name != parameter}  # before it in the address
    person("ansm", script, **others, **{parameter: ["leurre", wanted]})
    newest = lines(journal, "page")[0]
    assert newest.detail == spelling.format(wanted)
    assert all("leurre" not in f"{line.target}{line.detail}" for line in lines(journal, "page"))


@pytest.mark.parametrize("page", DRILL_DOWNS)
def test_what_does_not_exist_was_not_read(person: Person, journal: Journal, page: str) -> None:
    person("ansm", DRILL_DOWNS[page][0], **DECOYS, arret="leurre", dci="leurre")
    assert {line.detail for line in lines(journal, "page")} == {""}


def test_the_first_of_a_list_is_a_subject_though_nobody_asked_for_it(person: Person, journal: Journal) -> None:
    at = person("ansm", "pages/risque/basculement.py")
    asked = next(parse_qs(urlsplit(target).query)["calcul"][0] for _, target in links(at) if "calcul=" in target)
    assert lines(journal, "page")[0].detail == f"dci:{asked.partition('|')[0]}"


def test_a_company_chosen_on_a_page_is_a_subject(person: Person, journal: Journal) -> None:
    at = person("ansm", "pages/anticiper/stocks_de_securite.py")
    company = at.selectbox(key="choix-laboratoire").options[-1]
    at.selectbox(key="choix-laboratoire").select(company).run()
    at.run()
    assert [line.detail for line in lines(journal, "page")][:2] == [company, ""]


def test_each_thing_opened_on_one_page_has_its_line_once(person: Person, journal: Journal) -> None:
    at = person("ansm", MOLECULE, sujet=SUBJECT)
    for subject in (SUBJECT, "dci:amoxicilline", "dci:amoxicilline", SUBJECT):
        at.query_params["sujet"] = subject
        at.run()
    opened = [line.detail for line in reversed(lines(journal, "page")) if line.target == "Molécules"]
    assert opened == [SUBJECT, "dci:amoxicilline", SUBJECT]


def test_a_sign_in_ended_by_another_process_is_refused_within_seconds(
    person: Person, journal: Journal, clock: Clock
) -> None:
    at = person("ansm", MOLECULE, sujet=SUBJECT)
    seen: Visit = at.session_state["vigistock-visit"][1]
    journal.record_sign_out(seen.login, "ansm", seen.key)
    clock.now += sign_ins.ASK_AGAIN_S - 0.5
    assert "Amoxicilline" in text_of(at.run())
    clock.now += 0.5
    assert "Session expirée" in text_of(at.run())


def test_nobody_is_remembered_as_signed_in_while_the_journal_is_silent(
    person: Person, journal: Journal, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", "sqlite:////proc/absent/journal.db")
    Once.forget()
    at = person("ansm")
    seen: Visit = at.session_state["vigistock-visit"][1]
    assert seen.identity is not None
    journal.record_sign_out(seen.login, "ansm", seen.key)
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", f"sqlite:///{tmp_path}/journal.db")
    Once.forget()
    clock.now += identity.SILENT_S
    assert "Session expirée" in text_of(at.run())


def test_a_sign_out_made_during_a_silence_is_written_after_it(
    person: Person, journal: Journal, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", "sqlite:////proc/absent/journal.db")
    Once.forget()
    at = person("ansm")
    at.button(key="vs-sign-out").click().run()
    assert "Quelles molécules" not in text_of(at)
    assert lines(journal, "deconnexion") == []
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", f"sqlite:///{tmp_path}/journal.db")
    Once.forget()
    clock.now += identity.SILENT_S
    person("cap")
    assert [line.login for line in lines(journal, "deconnexion")] == ["ansm@exemple.fr"]


def test_somebody_without_access_signs_out_everywhere_too(person: Person, journal: Journal) -> None:
    at = person("inconnu")
    at.button(key="vs-sign-out").click().run()
    assert [(line.login, line.role) for line in lines(journal, "deconnexion")] == [("inconnu@exemple.fr", "")]


@pytest.fixture
def recorded(person: Person, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    """The journal of the pages, on each database."""
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", url)
    Once.forget()
    opened = Journal(url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.mark.parametrize("odd", ["a\0", "\ud800", "\x1b[2J\r\n", "x" * 5000], ids=["NUL", "half", "escape", "long"])
def test_one_odd_person_or_address_turns_nothing_off_for_the_others(
    person: Person, recorded: Journal, clock: Clock, odd: str
) -> None:
    at = person("ansm")
    seen: Visit = at.session_state["vigistock-visit"][1]
    assert "Aucun accès pour ce compte" in text_of(person(odd))
    if odd.isascii():
        assert "LABORATOIRE" not in text_of(person("ansm_steward", MOLECULE, sujet=odd, numero=odd, source=odd))
    assert memory().journal_silent_until == 0
    person("dgs")
    assert next(line.login for line in lines(recorded, "connexion")) == "dgs@exemple.fr"
    (refused,) = lines(recorded, "refus")
    assert re.search(r"[\x00-\x1f\ud800-\udfff]", refused.login) is None
    recorded.record_sign_out(seen.login, "ansm", seen.key)
    clock.now += sign_ins.ASK_AGAIN_S
    assert "Session expirée" in text_of(at.run())


def test_what_the_database_refuses_of_one_silences_nobody(
    person: Person, recorded: Journal, clock: Clock, url: str
) -> None:
    """Here a right or a constraint is missing for one line: the next demands are made all the same."""
    refuse = "ALTER TABLE access_log ADD CONSTRAINT odd CHECK (login <> 'inconnu@exemple.fr')"
    if url.startswith("sqlite"):
        refuse = """CREATE TRIGGER odd BEFORE INSERT ON access_log WHEN NEW.login = 'inconnu@exemple.fr'
                    BEGIN SELECT RAISE(ABORT, 'refused'); END"""
    with create_engine(url).begin() as connection:
        connection.execute(text(refuse))
    person("inconnu")
    person("ansm")
    assert [line.login for line in lines(recorded, "connexion")] == ["ansm@exemple.fr"]


def test_an_export_is_refused_once_signed_out_elsewhere_or_unheard(
    person: Person, journal: Journal, tmp_path: Path
) -> None:
    from pages.components.access import access_log

    at = person("ansm")
    seen: Visit = at.session_state["vigistock-visit"][1]
    table = tmp_path / "access.toml"
    journal.record_sign_out(seen.login, "ansm", seen.key)
    with pytest.raises(NoAccess, match="Session expirée"):
        access_log._export(seen, [journal], table, sign_ins.Memory(), "Molécules : stocks.csv")
    with pytest.raises(Exception, match="Le journal ne répond pas"):
        access_log._export(seen, [], table, sign_ins.Memory(), "Molécules : stocks.csv")
    assert lines(journal, "export") == []
