"""The search in the frame: on every page, for the role of the session, answers that say what they are and their state."""

from __future__ import annotations

import gc
import re
from html import unescape
from threading import Event
from threading import enumerate as enumerate_threads

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from data.warehouse import Reader
from metrics.referential.matching import Index
from metrics.review import queries as review
from pages.components.search import box, index, ready
from tests.conftest import Home
from tests.pages.conftest import Opener
from tests.typography import TYPED

MOLECULE = "pages/molecules/molecule.py"


def typed(at: AppTest, words: str) -> AppTest:
    return next(field for field in at.text_input if field.key == box.TYPED).set_value(words).run()


def listed(at: AppTest) -> str:
    """What stands under the box; empty when nothing does."""
    shown = (str(element.proto.body) for element in at.get("html"))
    return next((body for body in shown if 'class="vs-found"' in body), "")


def addresses(at: AppTest) -> list[str]:
    return [unescape(address) for address in re.findall(r'<a role="option"[^>]* href="([^"]+)"', listed(at))]


def counted(at: AppTest) -> str:
    (words,) = re.findall(r'<p class="vs-found-count"[^>]*>(.*?)</p>', listed(at), re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", words)).translate(TYPED).strip()


def one(home: Home, sql: str) -> dict[str, str]:
    return home.reader().rows(f"{sql} LIMIT 1")[0]


def test_nothing_is_listed_before_something_is_typed(demo_home: Home, open_page: Opener) -> None:
    at = open_page()
    assert listed(at) == ""
    assert [field.label for field in at.text_input if field.key == box.TYPED] == ["Rechercher"]


@pytest.mark.parametrize("script", ["pages/sources/sources.py", "pages/territoires/territoires.py", MOLECULE])
def test_the_search_is_on_every_page(demo_home: Home, open_page: Opener, script: str) -> None:
    at = typed(open_page(script), "amoxicilline")
    assert addresses(at)[0] == "/molecule?sujet=dci%3Aamoxicilline"
    assert not at.exception


def test_a_code_opens_what_it_designates(demo_home: Home, open_page: Opener) -> None:
    declared = one(demo_home, "SELECT declaration_no FROM declaration ORDER BY declaration_no")["declaration_no"]
    box_ = one(
        demo_home,
        "SELECT cip13, cis, dci_key FROM presentation WHERE cip13 NOT IN (SELECT cip13 FROM group_presentation)",
    )
    subject = f"/molecule?sujet=dci%3A{box_['dci_key']}"
    at = open_page()
    for code in (box_["cip13"], box_["cip13"][5:12], box_["cis"], f"CIP {box_['cip13'][:5]} {box_['cip13'][5:]}"):
        assert addresses(typed(at, code))[0] == subject, code
    assert addresses(typed(at, declared))[0] == f"/declaration?numero={declared}"
    assert addresses(typed(at, "29"))[0] == "/territoires?departement=29"
    assert addresses(typed(at, "bretagne"))[0] == "/territoires?region=53"
    assert addresses(typed(at, "methode"))[0] == "/methode"
    assert addresses(typed(at, "anti infectieux"))[0] == "/declarations?atc=J"


def test_each_answer_says_its_kind_and_its_state(demo_home: Home, open_page: Opener) -> None:
    followed = review.followed(demo_home.reader())
    worst = followed[followed["weakest_status"] == "insatisfaisante"].iloc[0]
    shown = listed(typed(open_page(), str(worst["label"])))
    first = shown.split('role="option"')[1]
    assert "Groupe suivi" in first
    assert "Insatisfaisante" in first
    assert str(worst["title"]) in unescape(first)


def test_a_substance_tells_its_state_from_that_of_the_groups_it_holds(demo_home: Home, open_page: Opener) -> None:
    """« Amoxicilline, satisfaisante » stands above its group « insatisfaisante »: each says what it is the state of."""
    dci, label, own, low = (
        demo_home.reader()
        .rows(
            """
        SELECT d.dci_key, w.label, w.status, COUNT(*) AS low
        FROM link_status AS w
        INNER JOIN subject AS d ON d.subject_id = w.subject_id AND d.kind = 'dci'
        INNER JOIN tracked_group AS g ON g.dci_key = d.dci_key
        INNER JOIN link_status AS s ON s.subject_id = g.group_id AND s.weakness_rank = 1
        WHERE w.weakness_rank = 1 AND s.status = 'insatisfaisante'
        GROUP BY d.dci_key, w.label, w.status
        ORDER BY d.dci_key
        """
        )[0]
        .values()
    )
    at = typed(open_page(), str(dci))
    (line,) = (
        unescape(part) for part in listed(at).split('role="option"') if f"sujet=dci%3A{dci}" in part and ">DCI<" in part
    )
    groups = "groupe suivi insatisfaisant" if low == 1 else "groupes suivis insatisfaisants"
    assert f"le plus faible : {label.lower()}" in line.translate(TYPED)
    assert f"{low} {groups}" in line.translate(TYPED)
    assert own.capitalize() in line
    # The page that it opens says the same of the whole substance, and names the same link.
    opened = " ".join(str(e.proto.body) for e in open_page(MOLECULE, sujet=f"dci:{dci}").get("html"))
    weakest = re.search(r'vs-step-name">([^<]+?) · <b>maillon le plus faible', opened)
    assert weakest is not None
    assert weakest[1] == label


def test_a_wrong_letter_is_corrected_on_screen(demo_home: Home, open_page: Opener) -> None:
    at = typed(open_page(), "amoxiciline")
    assert counted(at) == "Aucun résultat pour amoxiciline. Vouliez-vous dire amoxicilline ?"
    assert addresses(at)[0] == "/molecule?sujet=dci%3Aamoxicilline"


def test_what_is_typed_is_text(demo_home: Home, open_page: Opener) -> None:
    at = typed(open_page(), '<b onclick="x">"zzzz')
    assert counted(at) == 'Aucun résultat pour <b onclick="x">"zzzz.'
    assert "<b onclick" not in listed(at)
    assert addresses(at) == []


def test_a_role_finds_what_it_may_open(demo_home: Home, open_page: Opener) -> None:
    laboratory = one(demo_home, "SELECT laboratory FROM declaration WHERE status = 'ouverte' ORDER BY 1")["laboratory"]
    number = one(demo_home, "SELECT declaration_no FROM declaration ORDER BY 1")["declaration_no"]
    mine = open_page()
    assert addresses(typed(mine, laboratory))[0].startswith("/declarations?laboratoire=LABORATOIRE+")
    assert addresses(typed(mine, "basculement")) == ["/basculement"]
    agency = open_page(role="ars-53")
    for words in (laboratory, number, "basculement"):
        assert addresses(typed(agency, words)) == [], words
        assert "LABORATOIRE " not in listed(agency).replace(words, "")
    assert "réservés : chercher la DCI ou un code" in counted(agency)
    assert addresses(typed(agency, "amoxicilline"))[0] == "/molecule?sujet=dci%3Aamoxicilline"
    assert "LABORATOIRE" not in listed(agency)


def test_the_box_is_empty_on_the_next_page(demo_home: Home, open_page: Opener) -> None:
    at = typed(open_page(), "amoxicilline")
    at.switch_page("pages/sources/sources.py").run()
    assert [field.value for field in at.text_input if field.key == box.TYPED] == [""]
    assert listed(at) == ""


def test_a_projected_screen_has_no_box(demo_home: Home, open_page: Opener) -> None:
    assert not [field for field in open_page(projection="1").text_input if field.key == box.TYPED]


def test_the_molecules_page_forgives_the_same_way(demo_home: Home, open_page: Opener) -> None:
    shown = " ".join(str(element.proto.body) for element in open_page(MOLECULE, q="amoxiciline").get("html"))
    assert "vouliez-vous dire «amoxicilline»" in shown.translate(TYPED).replace("« ", "«").replace(" »", "»")


def test_the_first_word_typed_does_not_wait_for_the_index(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made for both artefacts when the snapshot is published, once; the search of a session finds it made."""
    made, make = [], index._made

    def counted(reader: Reader) -> Index:
        made.append(reader)
        return make(reader)

    monkeypatch.setattr(index, "_made", counted)
    ready.prepare(demo_home.settings())
    ready.prepare(demo_home.settings())
    assert len(set(made)) == len(made) == 2
    assert addresses(typed(open_page(), "amoxicilline"))
    assert len(made) == 2


def test_what_lasts_as_long_as_the_server_is_not_searched_for_garbage(
    demo_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set aside when its index is ready, once a snapshot; given back at the end, with what was lost meanwhile."""
    waited, turns = Event(), []

    def prepared(_settings: Settings) -> set[str]:
        turns.append(gc.get_freeze_count())
        if len(turns) == 3:
            waited.set()
        return {"20261122T051000-00000000"}

    monkeypatch.setattr(ready, "EVERY_S", 0.001)
    monkeypatch.setattr(ready, "prepare", prepared)
    before = gc.get_freeze_count()
    with ready.kept_ready():
        assert waited.wait(30)
    assert before == turns[0] < 10_000 < turns[2] <= turns[1]
    assert gc.get_freeze_count() == 0


def test_what_is_published_while_the_server_runs_is_prepared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Again and again, whatever one turn meets; no longer once the server has ended."""
    turns, third = [], Event()

    def failing(settings: Settings) -> None:
        turns.append(settings)
        if len(turns) == 3:
            third.set()
        raise OSError("disque")

    monkeypatch.setattr(ready, "EVERY_S", 0.001)
    monkeypatch.setattr(ready, "prepare", failing)
    with ready.kept_ready():
        (worker,) = (thread for thread in enumerate_threads() if thread.name == "vigistock-search")
        assert third.wait(10)
    worker.join(10)
    assert not worker.is_alive()
