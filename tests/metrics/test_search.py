"""The search: what is found by what is typed, and what the table of the snapshot holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.warehouse import Reader
from metrics.referential import matching
from metrics.referential.matching import Entry, Found, Index
from tests.conftest import Home
from tests.referential import Medicine, files, simple

GROUP, DCI, CLASS, PLACE, SPECIALITY, DECLARATION, BOX = range(7)
ENTRIES = [
    Entry("Amoxicilline susp. buv. 500 mg/5 ml", "amoxicilline", other_codes="J01CA04", rank=GROUP),
    Entry("Amoxicilline", "AMOXICILLINE TRIHYDRATÉE", code="J01CA04", rank=DCI),
    Entry("Lévétiracétam", code="N03AX14", rank=DCI),
    Entry("Acide valproïque", "VALPROATE DE SODIUM", code="N03AG01", rank=DCI),
    Entry("Codéine / paracétamol", rank=DCI),
    Entry("Extrait de cœur d’artichaut", rank=DCI),
    Entry("", words="classe atc", code="J01CA", rank=CLASS),
    Entry("Finistère", words="departement", code="29", rank=PLACE),
    Entry("Corse-du-Sud", words="departement", code="2A", rank=PLACE),
    Entry("LABORATOIRE A", words="laboratoire", rank=PLACE),
    Entry("LABORATOIRE D", words="laboratoire", rank=PLACE),
    Entry("KEPPRA 500 mg, comprimé pelliculé", words="lévétiracétam UCB", code="60000029", rank=SPECIALITY),
    Entry("AMOXICILLINE BIOGARAN 500 mg, gélule", words="amoxicilline BIOGARAN", code="60234100", rank=SPECIALITY),
    Entry("D-2026-00019", words="déclaration rupture amoxicilline", code="D-2026-00019", rank=DECLARATION),
    Entry("KEPPRA 500 mg, comprimé pelliculé", words="lévétiracétam", code="3400935955838 3595583", other_codes="60000029",
          rank=BOX),
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(ENTRIES)


def labels(found: Found) -> list[str]:
    return [entry.label for entry in found.entries]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("amoxicilline", "Amoxicilline"),  # the very name, before the group that begins so
        ("amox", "Amoxicilline susp. buv. 500 mg/5 ml"),  # a beginning: followed groups first
        ("500 amoxi susp", "Amoxicilline susp. buv. 500 mg/5 ml"),  # any order
        ("amoxicilline 500mg/5ml", "Amoxicilline susp. buv. 500 mg/5 ml"),
        ("LEVETIRACETAM", "Lévétiracétam"),
        ("valproate de sodium", "Acide valproïque"),  # the salt of the composition, its linking word left out
        ("coeur artichaut", "Extrait de cœur d’artichaut"),
        ("ARTICHAUTS", "Extrait de cœur d’artichaut"),
        ("amoxicilline en", "Amoxicilline"),  # not typed to its end
        ("laboratoire a", "LABORATOIRE A"),  # the letter is a name here
        ("laboratoire d", "LABORATOIRE D"),
        ("paracetamol codeine", "Codéine / paracétamol"),
        ("comprimes pellicules keppra", "KEPPRA 500 mg, comprimé pelliculé"),  # a plural is no wrong letter
        ("keppra", "KEPPRA 500 mg, comprimé pelliculé"),  # a brand
        ("ucb", "KEPPRA 500 mg, comprimé pelliculé"),
        ("finistere", "Finistère"),
        ("29", "Finistère"),  # before the CIS that ends so, and before any strength
        ("2a", "Corse-du-Sud"),
        ("departement 29", "Finistère"),
        ("J01CA04", "Amoxicilline"),
        ("j01 ca 04", "Amoxicilline"),
        ("D-2026-00019", "D-2026-00019"),
        ("d202600019", "D-2026-00019"),
        ("2026-00019", "D-2026-00019"),
        ("n° D 2026 00019", "D-2026-00019"),
    ],
)
def test_what_is_typed_finds_first(index: Index, typed: str, first: str) -> None:
    found = matching.search([index], typed)
    assert labels(found)[0] == first
    assert found.corrected is None
    assert found.is_sure


@pytest.mark.parametrize(
    "typed",
    [
        "3400935955838",
        "34009 359 558 3 8",
        "3400.935.955.838",
        "CIP 3400935955838",
        "cip13 : 34009 35955838",
        "03400935955838",
    ],
)
def test_a_cip13_is_found_however_it_is_spaced(index: Index, typed: str) -> None:
    assert [entry.rank for entry in matching.search([index], typed).entries] == [BOX]


def test_a_cip7_and_a_cis_are_codes_too(index: Index) -> None:
    assert [entry.rank for entry in matching.search([index], "3595583").entries] == [BOX]
    assert [entry.rank for entry in matching.search([index], "60000029").entries] == [SPECIALITY, BOX]
    assert [entry.rank for entry in matching.search([index], "34009359").entries] == [BOX]  # as far as typed


def test_one_letter_is_a_code_or_nothing() -> None:
    """A main group of the classification has one letter; no name is looked for so early."""
    group = Index([Entry("Anti-infectieux", code="J"), Entry("Javel"), Entry("—", code="—")])
    assert labels(matching.search([group], "j")) == ["Anti-infectieux"]
    assert labels(matching.search([group], "a")) == []


def test_a_class_comes_before_what_it_holds(index: Index) -> None:
    assert [entry.rank for entry in matching.search([index], "J01CA").entries] == [CLASS, DCI, GROUP]


@pytest.mark.parametrize(
    ("typed", "meant", "first"),
    [
        ("amoxiciline", "amoxicilline", "Amoxicilline"),  # a letter missing
        ("amoxicillline", "amoxicilline", "Amoxicilline"),  # one too many
        ("amoxicilinne", "amoxicilline", "Amoxicilline"),  # two wrong
        ("levetiracetan", "lévétiracétam", "Lévétiracétam"),
        ("keprpa", "keppra", "KEPPRA 500 mg, comprimé pelliculé"),  # two exchanged
        ("amoxiccil", "amoxicilline", "Amoxicilline"),  # not typed to its end
        ("paracetamol codine", "paracétamol codéine", "Codéine / paracétamol"),
        ("kepra 500", "keppra 500", "KEPPRA 500 mg, comprimé pelliculé"),
        ("amoxi cilline", "amoxicilline", "Amoxicilline"),  # written apart
        ("finistre", "finistère", "Finistère"),
    ],
)
def test_one_or_two_wrong_letters_are_forgiven_and_shown(index: Index, typed: str, meant: str, first: str) -> None:
    found = matching.search([index], typed)
    assert (found.corrected, labels(found)[0]) == (meant, first)


def test_right_words_are_not_corrected(index: Index) -> None:
    """« keppra » and « amoxicilline » both exist: no wrong letter makes one medicine of the two."""
    assert matching.search([index], "keppra amoxicilline") == Found()


@pytest.mark.parametrize("typed", ["3400935955839", "340093595583", "3400935955388", "3595538"])
def test_a_code_close_to_the_one_typed_is_only_proposed(index: Index, typed: str) -> None:
    """One digit wrong, one missing, two exchanged: another medicine may be one digit away."""
    found = matching.search([index], typed)
    assert [entry.rank for entry in found.entries] == [BOX]
    assert found.is_sure is (typed == "340093595583")  # the beginning of a code, not a wrong one
    assert found.corrected == {"340093595583": None, "3595538": "3595583"}.get(typed, "3400935955838")


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "zzzz", "qwxzk", "😀", "%", "'; DROP TABLE", "<script>", "…", "9" * 80, "x " * 40]
)
def test_what_is_nothing_finds_nothing_and_breaks_nothing(index: Index, typed: str) -> None:
    assert matching.search([index], typed).entries == ()
    assert matching.search([Index([])], typed).entries == ()


def test_more_answers_than_shown_are_counted() -> None:
    many = Index([Entry(f"GENERIQUE {place}") for place in range(40)])
    found = matching.search([many], "generique", most=10)
    assert (len(found.entries), found.total) == (10, 40)


def test_two_indexes_are_one_list(index: Index) -> None:
    """A page of the menu of that very name stands before what begins so."""
    pages = Index([Entry("Amox", rank=CLASS)])
    assert labels(matching.search([index, pages], "amox"))[:2] == ["Amox", "Amoxicilline susp. buv. 500 mg/5 ml"]


MEDICINES = [
    Medicine("60000001", "ALPHAMOX 500 mg, gélule", [("SA", "1", "AMOXICILLINE TRIHYDRATÉE"), ("FT", "1", "AMOXICILLINE")],
             "TITULAIRE UN", "gélule", "J01CA04"),
    Medicine("60000002", "BETAMPI 500 mg, gélule", [("SA", "1", "AMPICILLINE")], "TITULAIRE DEUX", "gélule", "J01CA01"),
    simple("60000003", "AMOXICILLINE TITULAIRE UN 500 mg/5 ml, poudre pour suspension buvable", "AMOXICILLINE", "TITULAIRE UN"),
]  # fmt: skip


@pytest.fixture(scope="module")
def referential(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("search") / "home")
    inbox: Path = home.path / "inbox" / "bdpm"
    inbox.mkdir(parents=True)
    for name, content in files(MEDICINES).items():
        (inbox / name).write_bytes(content)
    home.receive_reserved()
    assert home.refresh().published
    return home


def opened(reader: Reader, **wanted: str) -> list[str]:
    where = " AND ".join(f"{column} = ${column}" for column in wanted)
    return [
        row["asked"] for row in reader.rows(f"SELECT asked FROM search_entry WHERE {where} ORDER BY asked", **wanted)
    ]


def test_a_medicine_opens_the_followed_group_that_takes_it_or_its_dci(referential: Home) -> None:
    reader = referential.reader()
    assert opened(reader, kind="specialite", code="60000001") == ["dci:amoxicilline"]
    assert opened(reader, kind="specialite", code="60000003") == ["amoxicilline-susp-500"]
    cip13 = MEDICINES[2].cip13
    assert opened(reader, kind="presentation", code=f"{cip13} {cip13[5:12]}") == ["amoxicilline-susp-500"]


def test_a_class_of_one_dci_is_that_dci_and_the_levels_above_list_theirs(referential: Home) -> None:
    reader = referential.reader()
    assert opened(reader, kind="dci", code="J01CA04") == ["dci:amoxicilline"]
    assert opened(reader, kind="atc") == ["J01", "J01C", "J01CA"]
    assert reader.rows("SELECT beside FROM search_entry WHERE asked = 'J01CA'") == [
        {"beside": "amoxicilline, ampicilline"}
    ]


def test_a_substance_is_also_found_by_its_salt(referential: Home) -> None:
    (row,) = referential.reader().rows(
        "SELECT words FROM search_entry WHERE asked = 'dci:amoxicilline' AND kind = 'dci'"
    )
    assert "AMOXICILLINE TRIHYDRATÉE" in row["words"]


def test_every_department_and_region_is_there_in_both_artefacts(referential: Home) -> None:
    for artefact in ("restricted", "shared"):
        reader = referential.reader(artefact)
        assert len(opened(reader, kind="departement")) == 101
        assert len(opened(reader, kind="region")) == 18


def test_the_shared_search_knows_no_brand_no_laboratory_no_declaration(referential: Home) -> None:
    whole, shared = referential.reader(), referential.reader("shared")
    assert opened(whole, kind="laboratoire") == ["TITULAIRE DEUX", "TITULAIRE UN"]
    assert {row["kind"] for row in shared.rows("SELECT DISTINCT kind FROM search_entry")} == {
        *("groupe", "dci", "atc", "specialite", "presentation", "departement", "region")
    }
    content = str(shared.rows("SELECT * FROM search_entry")).casefold()
    assert not [word for word in ("alphamox", "betampi", "titulaire") if word in content]
    assert [
        word
        for word in ("alphamox", "betampi", "titulaire")
        if word in str(whole.rows("SELECT * FROM search_entry")).casefold()
    ]
    names = shared.rows("SELECT label FROM search_entry WHERE kind = 'specialite' ORDER BY code")
    assert [row["label"] for row in names] == [
        "amoxicilline 500 mg gélule",
        "ampicilline 500 mg gélule",
        "amoxicilline 500 mg/5 ml poudre pour suspension buvable",
    ]
