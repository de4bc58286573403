"""The review of an open snapshot: what moved between two photographs, by DCI, for how long, and what is not known."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from pages.components.exports import offering
from pages.revue import open_since
from tests import open_world, worlds
from tests.conftest import Home
from tests.connectors.partner_files import SAMPLES
from tests.open_world import ALPHA_1, FIRST, GAMMA, LAST, SECOND
from tests.pages.conftest import Opener, bodies, links, sentence, serve, twins, words

MOST_BYTES, MOST_ELEMENTS = 120_000, 40


@pytest.fixture
def lists(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    world = worlds.once(tmp_path_factory, "public-lists", open_world.build)
    return serve(worlds.linked(world, tmp_path / "lists"), monkeypatch, without_sign_in=False)


def rows(written: str) -> str:
    """The lines of the tab, as written."""
    return written.partition('<table class="vs-table vs-lines">')[2].partition("</table>")[0]


def test_the_answer_counts_what_moved_and_names_what_comes_first(lists: Home, open_page: Opener) -> None:
    said = sentence(open_page())
    # Since the photograph of 10/11: ALPHA DEUX and a line without DCI enter, ALPHA 5 mg worsens, DELTA is back.
    assert said == (
        "Depuis le 10/11/2026 : 2 entrées, 1 rechute ou aggravation et 1 remise à disposition. "
        "D'abord alphacine (rupture). Liste publique, photographie du 20/11/2026."
    )


def test_another_photograph_is_chosen_in_the_address(lists: Home, open_page: Opener) -> None:
    at = open_page(depuis="mois")
    assert (
        "Depuis le 01/10/2026 : 2 entrées, 2 rechutes ou aggravations, 1 remise à disposition et 1 sortie."
        in sentence(at)
    )
    assert "Aucune photographie du 01/10/2026 au 10/11/2026 (40 jours)" in words(at)
    # Anything else typed there is the usual choice.
    assert "Depuis le 10/11/2026" in sentence(open_page(depuis="hier"))


def test_a_speciality_without_dci_opens_its_own_lines(lists: Home, open_page: Opener) -> None:
    target = next(address for label, address in links(open_page(depuis="mois")) if label == "CIS 69999999")
    path, asked = target.split("?")
    assert path == "declarations"
    at = open_page("pages/declarations/declarations.py", **dict(parse_qsl(asked)))
    assert "CIS 69999999" in words(at)
    assert "Alphacine" not in rows(words(at))


def test_each_tab_lists_its_lines_by_dci_with_how_long(lists: Home, open_page: Opener) -> None:
    entered = rows(words(open_page(depuis="mois")))
    assert entered.index("Alphacine") < entered.index("CIS 69999999")  # a shortage before a tension
    assert "depuis le 15/11/2026, 5 j" in entered
    assert "spécialité absente du référentiel" in entered
    worse = rows(words(open_page(depuis="mois", onglet="aggravations")))
    assert "depuis le 01/09/2026, 80 j" in worse
    assert "Gammacine" in worse
    back = rows(words(open_page(depuis="mois", onglet="remises")))
    assert "Deltacine" in back
    left = rows(words(open_page(depuis="mois", onglet="sorties")))
    assert "Bêtacine" in left
    assert "sans remise à disposition vue" in left
    assert "a duré 16 j au moins" in left
    moved = rows(words(open_page(depuis="mois", onglet="reports")))
    assert "+46 j" in moved
    assert "15/10/2026 → 30/11/2026" in moved
    present = rows(words(open_page(onglet="liste")))
    assert present.index("Alphacine") < present.index("Gammacine")  # the oldest first
    assert "Deltacine" not in present


def test_a_dci_opens_its_molecule_and_names_are_escaped(lists: Home, open_page: Opener) -> None:
    at = open_page(onglet="aggravations")
    assert ("Alphacine", "molecule?sujet=dci%3Aalphacine") in links(at)
    assert any("&lt;b&gt;comprimé" in body for body in bodies(at))
    assert not any("<b>comprimé" in body for body in bodies(at))


def test_the_list_in_four_figures_with_their_change(lists: Home, open_page: Opener) -> None:
    written = words(open_page())
    facts = written.partition('class="vs-facts">')[2].partition("</dl>")[0]
    # Codes of 20/11: two shortages, two tensions, one return; on 10/11: three tensions.
    assert "<dt>Ruptures</dt><dd><b>2</b>" in facts
    assert "+2 depuis le 10/11/2026" in facts
    assert "<dt>Tensions</dt><dd><b>2</b>" in facts
    assert "−1 depuis le 10/11/2026" in facts
    assert "autant depuis le 10/11/2026" in facts


def test_what_public_data_do_not_show_is_written(lists: Home, open_page: Opener) -> None:
    written = words(open_page())
    assert "Ce que les données ouvertes ne disent pas ici" in written
    assert "ne pas y être ne veut pas dire être disponible" in written
    assert "Base de données publique des médicaments" in written


def test_the_table_gives_the_lines_of_the_tab(lists: Home, open_page: Opener) -> None:
    at = open_page(depuis="mois", onglet="sorties", **{offering.parameter("revue-sorties"): "1"})
    (table,) = twins(at)
    assert table.column("DCI") == ["bêtacine"]
    assert table.column("Situation avant") == ["Rupture"]


def test_budgets(lists: Home, open_page: Opener) -> None:
    at = open_page(depuis="mois")
    assert len(at.main) <= MOST_ELEMENTS
    assert sum(len(body.encode()) for body in bodies(at)) <= MOST_BYTES
    assert twins(at) == []  # nothing is drawn before its box is opened


def test_a_first_photograph_has_nothing_to_be_compared_with(
    home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_world.drop(home, [FIRST])
    assert home.refresh(open_world.DAY).published
    serve(home.path, monkeypatch, without_sign_in=False)
    at = open_page()
    assert sentence(at).startswith("La liste compte 1 rupture et 2 tensions. Première photographie reçue")
    assert "La liste n'a pas été photographiée depuis 52 jours." in words(at)
    assert "Sur la liste" in words(at)
    assert not at.exception


def test_without_a_photograph_the_page_says_what_to_do(
    home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_world.drop(home, [])
    assert home.refresh(open_world.DAY).published
    serve(home.path, monkeypatch, without_sign_in=False)
    at = open_page()
    assert "Aucune photographie de la liste publique" in sentence(at)
    assert not at.exception


def test_photographs_are_offered_by_age_and_each_once() -> None:
    last = date(2026, 11, 20)
    days = [last - timedelta(days=back) for back in (500, 380, 366, 60, 31, 8, 7, 2, 1, 0)]
    assert open_since.offered(days) == {
        "precedente": last - timedelta(days=1),
        "semaine": last - timedelta(days=7),
        "mois": last - timedelta(days=31),
        "an": last - timedelta(days=366),
    }
    assert open_since.offered([SECOND, LAST]) == {"precedente": SECOND}


def test_figures_tabs_and_sentence_count_the_same_lines(
    home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The published list repeats lines, and some get better without being back: each is counted once, everywhere."""
    line = open_world.Line
    better, twice = line(ALPHA_1, "1", date(2026, 9, 1)), line(GAMMA, "2", date(2026, 9, 2))
    now = [better._replace(code="2"), twice, twice]
    monkeypatch.setattr(open_world, "PHOTOGRAPHS", {SECOND: [better, twice, twice], LAST: now})
    open_world.drop(home, [SECOND, LAST])
    assert home.refresh(open_world.DAY).published
    serve(home.path, monkeypatch, without_sign_in=False)
    at = open_page()
    facts = words(at).partition('class="vs-facts">')[2].partition("</dl>")[0]
    assert "<dt>Tensions</dt><dd><b>2</b>" in facts
    assert "+1 depuis le 10/11/2026" in facts
    assert "Sur la liste <b>2</b>" in words(at)
    assert sentence(at).startswith("Depuis le 10/11/2026 : 1 amélioration.")
    assert "Remises et améliorations <b>1</b>" in words(at)


STANDING_ON_THE_LIST: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    ("pages/plans/plan.py", {}),
    ("pages/molecules/molecule.py", {}),
    ("pages/molecules/molecule.py", {"sujet": "dci:alphacine"}),
    ("pages/declarations/declarations.py", {}),
    ("pages/anticiper/classement.py", {}),
]


@pytest.mark.parametrize(("script", "parameters"), STANDING_ON_THE_LIST)
def test_an_old_list_is_reported_on_every_page_that_stands_on_it(
    home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch, script: str, parameters: dict[str, str]
) -> None:
    """Received on 22 November, last photographed on 1 October: 52 days."""
    open_world.drop(home, [FIRST])
    assert home.refresh(open_world.DAY).published
    serve(home.path, monkeypatch, without_sign_in=False)
    shown = words(open_page(script, **parameters))
    assert shown.count("La liste n'a pas été photographiée depuis 52 jours.") == 1


def test_closed_declarations_do_not_stand_on_the_list(
    home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_world.drop(home, [FIRST])
    shutil.copytree(SAMPLES / "historique", home.path / "inbox" / "historique", dirs_exist_ok=True)
    assert home.refresh(open_world.DAY).published
    serve(home.path, monkeypatch, without_sign_in=False)
    assert "photographiée" not in words(open_page("pages/declarations/declarations.py", statut="close"))


@pytest.mark.parametrize(("script", "parameters"), STANDING_ON_THE_LIST)
def test_an_old_list_received_without_its_day_is_reported(
    home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch, script: str, parameters: dict[str, str]
) -> None:
    open_world.drop(home, [])
    old = open_world.text_of(open_world.PHOTOGRAPHS[FIRST], FIRST)  # updated on 1 October, received on 22 November
    home.drop_text("bdpm", "CIS_CIP_Dispo_Spec.txt", old, "cp1252")
    assert home.refresh(open_world.DAY).published
    serve(home.path, monkeypatch, without_sign_in=False)
    shown = words(open_page(script, **parameters))
    assert "La photographie dite du 22/11/2026 n'a aucune mise à jour après le 01/10/2026 (52 jours)" in shown
    assert "AAAA-MM-JJ_CIS_CIP_Dispo_Spec.txt" in shown
