"""A firm is counted once, whatever its files call it; a name that nobody knows stands behind no shared figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from connectors.language.names import firm_key, identity_key
from data.building.firms import Firm, firms_of
from data.building.identity import HOLDERS, Kind, Spelling, identities_of
from data.journal.decisions import NameAnswer
from data.reference.firms import Group, firms
from tests.conftest import Home
from tests.data.names_answered import recognise
from tests.referential import Medicine, files, simple
from tests.seeds import seeded
from tests.typography import TYPED

DAY, LAST = date(2026, 11, 23), date(2026, 11, 16)
GROUP = "dantrolene-inj"
A, B, C = "LABORATOIRE A", "LABORATOIRE B", "LABORATOIRE C"
SPELLINGS = (
    *("Laboratoire a.", "LABORATOIRE\u200b A", "LABORATOIRE A ", "LABORATOIRE A SA", "LABORATOIRE A, S.A.S."),
    *("LABORATOIRE А", "LABΟRATOIRE A", "ＬＡＢＯＲＡＴＯＩＲＥ Ａ", "LABORATOIRE A FRANCE", "LABORATOIRES A - S A"),
    *("LABORATOIRE A S.A.S", "Sté A", "A, S. p. A.", "Ets A et Cie", "A, société par actions simplifiée", "A s.r.o."),
    *("LABO\u00adRATOIRE A", "LABORATOIRE Á\u20dd", "L\u0301ABORATOIRE\u034f A", "LABORATOIRE Ⓐ"),
    *("🄻🄰🄱🄾 A", "LABO\0RATOIRE A\n"),
    *("LABORATOIRE A (ALLEMAGNE)", "A PHARMA (PAYS-BAS)", "A Deutschland GmbH & Co. KG", "A Healthcare Ireland Ltd"),
    *("A REGISTRATION (ROYAUME UNI)", "A PHARMACEUTICALS (EUROPE) ROYAUME-UNI)", "A République tchèque", "A, S.L.U."),
)


def known(text: str, kind: Kind = "laboratoire") -> Spelling:
    return Spelling(kind, text, HOLDERS, (9, "1", 1))


def sent(*texts: str) -> list[Spelling]:
    return [Spelling("laboratoire", text, "tracstocks_stock", (0, "1", line)) for line, text in enumerate(texts)]


def answer(name: str, other: str = "", *, same: bool = False) -> NameAnswer:
    keys = (identity_key(name), identity_key(other) if other else "")
    return NameAnswer("laboratoire", *keys, name, other, same, "", "", "")


def firms_by_name(
    spellings: Iterable[Spelling], answers: Iterable[NameAnswer] = (), groups: Iterable[Group] = ()
) -> dict[str, Firm]:
    answered = list(answers)
    found = firms_of(identities_of(spellings, answered), answered, groups)
    return {name: firm for (_, name), firm in found.items()}


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_spelling_is_not_a_firm(text: str) -> None:
    """Folded to the key of the holder; letters of other alphabets are nobody's until the steward answers."""
    assert firm_key(text) == firm_key(A) == "a"
    firm = next(iter(firms_by_name([*sent(text), known(A), known(B)]).values()))
    is_latin = text not in ("LABORATOIRE А", "LABΟRATOIRE A")
    assert firm.key == ("a" if is_latin else None)


@pytest.mark.parametrize(
    ("holders", "firm"),
    [
        # As the public referential writes its holders.
        (("TEVA (PAYS-BAS)", "TEVA (ALLEMAGNE)", "TEVA SANTE", "ACTAVIS GROUP PTC (ISLANDE)"), "teva"),
        (("SANDOZ", "SANDOZ (AUTRICHE)", "SANDOZ PHARMACEUTICALS (SLOVENIE)"), "sandoz"),
        (("EG LABO - LABORATOIRES EUROGENERICS", "STADA ARZNEIMITTEL AG"), "stada"),
        (("PFIZER HOLDING FRANCE", "PFIZER EUROPE MA EEIG (BELGIQUE)"), "pfizer"),
        (("MSD FRANCE", "MERCK SHARP & DOHME (PAYS-BAS)", "MSD VACCINS"), "merck-msd"),
        (("MYLAN SAS", "VIATRIS (IRLANDE)", "UPJOHN (PAYS-BAS)", "MYLAN PHARMACEUTICALS (IRLANDE)"), "viatris"),
        (("ARROW GENERIQUES", "EUGIA PHARMA (MALTA) (MALTE)"), "aurobindo"),
        (("MERCK SANTE", "MERCK KGAA (ALLEMAGNE)", "MERCK EUROPE (PAYS-BAS)"), "merck-kgaa"),
        (("RECORDATI IRELAND", "BOUCHARA-RECORDATI", "CASEN RECORDATI (ESPAGNE)", "ORPHAN EUROPE"), "recordati"),
        (("GLAXOSMITHKLINE", "GSK VACCINES SRL (ITALIE)", "VIIV HEALTHCARE (PAYS-BAS)"), "glaxosmithkline"),
        (("REDDY PHARMA", "DR. REDDY'S NETHERLANDS (PAYS-BAS)", "BETAPHARM ARZNEIMITTEL (ALLEMAGNE)"), "dr-reddys"),
        (("HALEON FRANCE", "HALEON IRELAND DUNGARVAN LIMITED (IRLANDE)"), "haleon"),
        (("GRIFOLS DEUTSCHLAND (ALLEMAGNE)", "INSTITUTO GRIFOLS", "BIOTEST PHARMA (ALLEMAGNE)"), "grifols"),
        (("ASTRAZENECA AB", "ALEXION EUROPE"), "astrazeneca"),
        (
            ("SUN PHARMA FRANCE", "RANBAXY PHARMACIE GENERIQUES", "SUN PHARMACEUTICAL INDUSTRIES EUROPE (PAYS BAS)"),
            "sun",
        ),
        (
            ("COOPER (ABRÉGÉ DE COOPERATION PHARMACEUTIQUE FRANCAISE)", "COOPER CONSUMER NETHERLANDS (PAYS-BAS)"),
            "cooper",
        ),
    ],
)
def test_holders_of_one_group_are_one_firm(holders: tuple[str, ...], firm: str) -> None:
    groups = {firm_key(name): group.id for group in firms().groups for name in group.members}
    assert {groups.get(firm_key(name)) for name in holders} == {firm}


def test_brackets_that_hold_all_of_a_name_are_read() -> None:
    assert [firm_key(name) for name in ("LABORATOIRE (A)", "LABORATOIRE (B)", "(ITALIE)")] == ["a", "b", "italie"]
    assert firm_key("ACCORD HEALTHCARE (ESPAGNE)") == firm_key("Accord Healthcare France")
    assert firm_key("MERCK KGAA (ALLEMAGNE)") != firm_key("MERCK SHARP & DOHME (PAYS-BAS)")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ALMIRALL", "ALMIRALL (ESPAGNE)"),
        ("ROCHE", "ROCHE REGISTRATION (ALLEMAGNE)"),
        ("ESTEVE PHARMACEUTICALS (ALLEMAGNE)", "ESTEVE PHARMACEUTICALS (ESPAGNE)"),
        ("TAKEDA FRANCE", "TAKEDA PHARMA (DANEMARK)"),
        ("NE PAS UTILISER ABBVIE", "ABBVIE DEUTSCHLAND (ALLEMAGNE)"),  # as the referential marks a name it gave up
        ("NE PAS UTILISER SERB", "SERB (BELGIQUE)"),
        ("VANTIVE", "VANTIVE BELGIUM (BELGIQUE)"),
        ("MERCK SERONO EUROPE (ROYAUME-UNI)", "MERCK KGAA (ALLEMAGNE)"),
    ],
)
def test_holders_of_the_public_referential_that_differ_by_a_country_are_one(one: str, other: str) -> None:
    """Names as they are published: both are holders, hence known."""
    found = firms_by_name([known(one), known(other), known(C)], (), firms().groups)
    assert found[one] == found[other] != Firm(None, "")
    assert found[C].key not in {found[one].key, None}


@pytest.mark.parametrize(
    "text", ["PHARMA LAB", "LABORATOIRE (A)", "FRANCE PHARMA", "LES (BELGIQUE)", "SCA PHARMA SANTÉ"]
)
def test_a_name_made_of_ordinary_words_keeps_them(text: str) -> None:
    assert firm_key(text) not in {"", firm_key(B)}


@pytest.mark.parametrize(
    "text", ["ᴀ", "LABORATOIRE 🅰", "LABORATOIRE A\u3164", "LABORATOIRE ɑ", "\u202eA ERIOTAROBAL", "ʟABORATOIRE A"]
)
def test_a_spelling_that_is_not_folded_is_nobody(text: str) -> None:
    """Between a third firm and nobody, nobody."""
    found = firms_by_name([*sent(text), known(A), known(B)])
    assert next(iter(found.values())).key is None


def test_a_name_that_nobody_knows_is_nobody_until_the_steward_answers() -> None:
    spellings = [*sent("ZORGLUB", A), known(A)]
    assert firms_by_name(spellings)["ZORGLUB"] == Firm(None, "")
    assert firms_by_name(spellings)[A] == Firm("a", "référentiel public")
    assert firms_by_name(spellings, [answer("ZORGLUB")])["ZORGLUB"] == Firm("zorglub", "gestionnaire")
    merged = firms_by_name(spellings, [answer("ZORGLUB", A, same=True)])
    assert merged == {"ZORGLUB": Firm("a", "référentiel public")}
    assert {firm.key for firm in firms_by_name(sent("ZORGLUB", A)).values()} == {None}  # no referential: nobody


def test_mixed_alphabets_wait_even_when_they_look_like_a_holder() -> None:
    spellings = [*sent("LABORATOIRE А"), known(A)]
    assert firms_by_name(spellings)["LABORATOIRE А"].key is None
    assert firms_by_name(spellings, [answer("LABORATOIRE А")])["LABORATOIRE А"].key == "a"


def test_companies_of_a_group_are_one_firm() -> None:
    names = ("Sanofi Winthrop Industrie", "SANOFI-AVENTIS FRANCE", "Genzyme SAS", "ZENTIVA FRANCE")
    found = firms_by_name([*sent(*names), known("SANOFI AVENTIS FRANCE"), known("ZENTIVA FRANCE")], (), firms().groups)
    assert [found[name].key for name in names] == ["groupe:sanofi"] * 3 + ["zentiva"]
    assert found["Genzyme SAS"].known_by == "référentiel public"  # the group is, by one of its companies


def test_several_holders_of_one_authorisation_are_nobody() -> None:
    found = firms_by_name([known("X PHARMA;Y PHARMA"), known("X PHARMA"), *sent("Y PHARMA")])
    assert {name: firm.key for name, firm in found.items()} == {
        "X PHARMA;Y PHARMA": None,
        "X PHARMA": "x",
        "Y PHARMA": "y",
    }


def test_a_holder_named_only_beside_others_is_read() -> None:
    found = firms_by_name([known("X PHARMA;Y PHARMA"), known("LABORATOIRES;FRANCE"), known("Z PHARMA")])
    assert {name: firm.key for name, firm in found.items()} == {
        "X PHARMA;Y PHARMA": None,
        "LABORATOIRES;FRANCE": None,
        "Z PHARMA": firm_key("Z PHARMA"),
    }


def test_every_group_says_where_it_comes_from_and_waits_to_be_validated() -> None:
    assert all(group.origin and group.to_validate for group in firms().groups)


def boxes() -> dict[str, Medicine]:
    """Two presentations of A, two of B."""
    owners = (A, A, B, B)
    return {
        str(number): simple(str(91_000_001 + number), f"DANTRIUM {number}, poudre", "DANTROLÈNE", owner, "poudre pour "
                            "solution injectable")
        for number, owner in enumerate(owners)
    }  # fmt: skip


def send(home: Home, file: str, weeks: range, typed: Mapping[str, str] | None = None) -> None:
    """600 boxes held and 100 sold of each presentation, under the name of its holder or as ``typed``."""
    rows = [
        [LAST - timedelta(weeks=back), (typed or {}).get(number, box.holder), box.cip13, None, 600, None, None, 100]
        for number, box in boxes().items()
        for back in weeks
    ]
    home.drop("tracstocks", f"{file}.xlsx", {"tracstocks_stock": rows})


def publish_holders(home: Home, medicines: Iterable[Medicine]) -> None:
    inbox = home.path / "inbox" / "bdpm"
    inbox.mkdir(parents=True)
    for name, content in files(list(medicines)).items():
        (inbox / name).write_bytes(content)


@pytest.fixture
def market(home: Home) -> Home:
    """A market of two firms; a third one holds another medicine."""
    publish_holders(home, [*boxes().values(), simple("91000009", "AUTRE, comprimé", "AUTRE", C, "comprimé")])
    return home


def shared_cells(home: Home) -> list[dict[str, Any]]:
    return home.reader("shared").rows(
        "SELECT week, stock_boxes, sales_boxes, coverage_days FROM coverage_weekly"
        " WHERE link = 'exploitants' AND subject_id IN ($g, 'dci:dantrolene') AND"
        " COALESCE(stock_boxes, sales_boxes, coverage_days, current_daily_boxes, legal_daily_boxes) IS NOT NULL",
        g=GROUP,
    )


def masked(home: Home) -> set[str]:
    return {
        row["state_reason"]
        for row in home.reader("shared").rows(
            "SELECT state_reason FROM coverage_weekly WHERE link = 'exploitants' AND subject_id = $g", g=GROUP
        )
    }


@seeded(2, "text", ["LABORATOIRE\u200b A.", "LABORATOIRE A SA", "A (ALLEMAGNE)", "LABORATOIRE А", "ZORGLUB"])
def test_a_market_of_two_stays_masked_under_an_alias(market: Home, text: str) -> None:
    """The attack: one of A's boxes is reported by « a third laboratory », in every week."""
    send(market, "alias", range(9), {"1": text})
    assert not market.refresh(DAY).error
    assert shared_cells(market) == []
    assert None not in masked(market)


def test_an_unknown_laboratory_is_counted_in_the_figures_and_asked_about(market: Home) -> None:
    """Its 600 boxes are in the 2 400 that the agency reads; nothing is shared until somebody says who it is."""
    send(market, "inconnu", range(9), {"1": "ZORGLUB"})
    assert not market.refresh(DAY).error
    restricted = market.reader()
    row = restricted.row(
        "SELECT stock_boxes FROM coverage_weekly WHERE link = 'exploitants' AND subject_id = $g AND week = $w",
        g=GROUP, w=LAST,
    )  # fmt: skip
    assert row == {"stock_boxes": 2400}
    (question,) = restricted.rows("SELECT * FROM name_question WHERE name = 'ZORGLUB'")
    assert (question["why"], question["rows_held"]) == ("inconnu", 0)
    assert question["reason"].translate(TYPED) == (
        "« ZORGLUB » n'est titulaire d'aucune spécialité du référentiel et ne compte pas pour le secret : "
        "est-ce bien son nom ?"
    )
    recognise(market, "ZORGLUB")
    send(market, "encore", range(1), {"1": "ZORGLUB"})
    assert not market.refresh(DAY + timedelta(days=1)).error
    assert market.reader().rows("SELECT firm FROM firm WHERE name = 'ZORGLUB'") == [{"firm": "zorglub"}]
    assert {row["stock_boxes"] for row in shared_cells(market) if row["week"] == LAST} == {2400}


def test_laboratories_that_nobody_knows_are_one_alert_and_a_question_each(market: Home) -> None:
    """Three of one day: one line to read; the next day brings its own."""
    send(market, "inconnus", range(9), {"1": "ZORGLUB", "2": "BULGROZ", "3": "GLUZORB"})
    assert not market.refresh(DAY).error
    questions = "SELECT name FROM name_question WHERE why = 'inconnu' ORDER BY name"
    assert [row["name"] for row in market.reader().rows(questions)] == ["BULGROZ", "GLUZORB", "ZORGLUB"]
    (alert,) = market.reader().rows("SELECT label, place, level FROM alert WHERE rule = 'name'")
    assert alert["label"].translate(TYPED).startswith("3 laboratoires ne sont titulaires d'aucune spécialité")
    assert (alert["place"], alert["level"]) == ("inconnus.xlsx", 1)
    recognise(market, "ZORGLUB", "BULGROZ")
    send(market, "encore", range(1), {"0": "TARDIF", "1": "ZORGLUB", "2": "BULGROZ", "3": "GLUZORB"})
    assert not market.refresh(DAY + timedelta(days=1)).error
    labels = market.reader().rows("SELECT label FROM alert WHERE rule = 'name' ORDER BY label")
    assert [row["label"].translate(TYPED)[:12] for row in labels] == ["« GLUZORB » ", "« TARDIF » n"]


def test_a_steward_who_says_the_same_masks_it_again(market: Home) -> None:
    send(market, "alias", range(9), {"1": "ZORGLUB"})
    recognise(market, "ZORGLUB", same_as=A)
    assert not market.refresh(DAY).error
    assert shared_cells(market) == []


def test_without_holders_nobody_stands_behind_a_figure(home: Home) -> None:
    """Three laboratories report, the referential says no holder: none is known, and no question is asked of all."""
    publish_holders(home, [Medicine(b.cis, b.denomination, b.substances, "", b.form) for b in boxes().values()])
    send(home, "trois", range(9), {"1": C})
    assert not home.refresh(DAY).error
    restricted = home.reader()
    assert restricted.rows("SELECT name FROM firm WHERE kind = 'laboratoire' AND firm IS NOT NULL") == []
    assert restricted.rows("SELECT name FROM name_question WHERE why = 'inconnu'") == []
    assert shared_cells(home) == []
