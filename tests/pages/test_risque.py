"""Basculement, Dates promises, Mesures: what each says, its arithmetic, its way down, and who may not open it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from connectors.language.typography import french
from metrics.risk import queries as risk
from pages.components import format as fr
from pages.components import tables
from tests.conftest import Home
from tests.pages.conftest import DAY, Opener, bodies, links, sentence, texts
from tests.typography import TYPED

TIPPING, DATES, MEASURES = "pages/risque/basculement.py", "pages/risque/dates_promises.py", "pages/risque/mesures.py"


def words(html: str) -> str:
    """Text without marks, no-break spaces made plain."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def declarations(at: AppTest) -> list[str]:
    """Numbers of the rows, in their order."""
    return [label for label, target in links(at) if target.startswith("declaration?numero=")]


@pytest.mark.parametrize("page", [TIPPING, DATES, MEASURES])
def test_closed_to_a_shared_screen(demo_home: Home, open_page: Opener, page: str) -> None:
    at = open_page(page, role="cap")
    assert "Cette page n'est pas ouverte à votre rôle." in words(texts(at))
    assert "LABORATOIRE " not in texts(at)


@pytest.mark.parametrize("page", [TIPPING, DATES, MEASURES])
def test_nothing_received(empty_home: Home, open_page: Opener, page: str) -> None:
    at = open_page(page)
    assert not at.exception
    assert "Aucune" in sentence(at)


def test_the_dci_that_tips_and_its_arithmetic(demo_home: Home, open_page: Opener) -> None:
    at = open_page(TIPPING)
    table = risk.tipping(demo_home.reader())
    worst = table.iloc[0]
    assert bool(worst["is_tipping"])
    assert f"{worst['dci']} (" in sentence(at)
    assert ("Lévétiracétam", "molecule?sujet=dci%3Alevetiracetam") in links(at)
    shares = risk.declared_shares(demo_home.reader(), worst["dci_key"], worst["circuit"])["share_pct"]
    shares_text = " + ".join(fr.percent(value, 1) for value in shares.dropna())
    assert f"Parts écrites : {shares_text} = {fr.percent(worst['declared_share_pct'], 1)} du marché" in texts(at)
    sold = risk.declared_share(demo_home.reader(), f"dci:{worst['dci_key']}")
    assert sold is not None
    assert f"{fr.percent(sold['share_pct'])} des ventes de la DCI sous déclaration" in texts(at)
    assert sum(shares) == pytest.approx(worst["declared_share_pct"])


def test_past_declarations_by_duration_and_bound(demo_home: Home, open_page: Opener) -> None:
    at = open_page(TIPPING, duree="180", borne="30")
    row = next(item for item in risk.crossings(demo_home.reader(), 180).to_dict("records") if item["bound_pct"] == 30)
    text = words(texts(at))
    assert f"30 % dépassés : {row['sum_dci_months']} fois (DCI × mois) par plusieurs spécialités" in text
    assert f"sur {row['sum_dcis']} DCI" in text
    found = risk.crossed(demo_home.reader(), 180, 30)
    assert len(found) == row["sum_dcis"]
    assert found["largest_pct"].min() >= 30


def test_dates_to_recall_come_first_and_lead_to_the_declaration(demo_home: Home, open_page: Opener) -> None:
    at = open_page(DATES)
    table = risk.reminders(demo_home.reader())
    near, passed = table[table["days_left"] >= 0], table[table["days_left"] < 0]
    assert len(near) > 0
    assert len(passed) > 0
    assert f"{len(passed)} autre" in sentence(at)
    assert declarations(at) == near["declaration_no"].head(15).tolist()
    assert declarations(open_page(DATES, vue="passees")) == passed["declaration_no"].head(15).tolist()
    assert passed["days_left"].head(15).is_monotonic_decreasing, "the most recently passed first"


@pytest.mark.parametrize("scope", ["laboratoire", "dci"])
def test_who_keeps_promises(demo_home: Home, open_page: Opener, scope: str) -> None:
    html = "".join(bodies(open_page(DATES, vue="tenues", par=scope)))
    expected = risk.records(demo_home.reader(), scope).head(15)
    head = "Laboratoire" if scope == "laboratoire" else "DCI"
    assert f'<th scope="col">{head}</th>' in html
    assert [unescape(name) for name in re.findall(r'<tr><th scope="row">([^<]*)</th>', html)] == expected[
        "name"
    ].tolist()


def test_measures_in_force_with_their_caution(demo_home: Home, open_page: Opener) -> None:
    at = open_page(MEASURES)
    table = risk.measures(demo_home.reader())
    active = table[table["is_in_force"]]
    assert sentence(at).startswith(fr.plural(len(active), "mesure est", "mesures sont").translate(TYPED))
    assert "Un écart n'est pas un effet." in words(texts(at))
    assert declarations(at) == active["declaration_no"].head(15).tolist()
    assert re.search(r"\d+(,\d)? j → \d+(,\d)? j S\d+ → S\d+", words(texts(at)).translate(TYPED))


def test_one_type_of_measure(demo_home: Home, open_page: Opener) -> None:
    at = open_page(MEASURES, vue="toutes", type="importation")
    expected = risk.measures(demo_home.reader()).query("measure == 'importation'")
    assert declarations(at) == expected["declaration_no"].head(15).tolist()


def test_the_caution_travels_with_the_file() -> None:
    from pages.risque.mesures import CAUTION

    assert ("Prudence", french(CAUTION)) in tables.notice({"Prudence": CAUTION, "Données au": fr.day(DAY)})


def test_the_ministry_reads_measures_by_dci_without_laboratory_nor_volume(demo_home: Home, open_page: Opener) -> None:
    at = open_page("", role="dgs").switch_page(MEASURES).run()
    assert not at.exception
    whole = demo_home.reader().rows("SELECT * FROM measure WHERE is_in_force")
    rows = demo_home.reader("shared").rows("SELECT * FROM dci_measure WHERE phase = 'en vigueur'")
    by_hand = {(row["dci_key"], row["measure"]) for row in whole if row["dci_key"]}
    assert {(row["dci_key"], row["measure"]) for row in rows} == by_hand
    assert by_hand
    assert not {"laboratory", "declaration_no", "town_pct", "detail", "start_on"} & set(rows[0])
    assert "en vigueur, sur" in sentence(at)
    assert "LABORATOIRE" not in texts(at)


@pytest.mark.parametrize("role", ["cap", "ars-53"])
def test_agencies_and_the_committee_have_no_page_of_measures(demo_home: Home, open_page: Opener, role: str) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_page("", role=role).switch_page(MEASURES)


def test_the_committee_reads_the_monthly_dashboard(demo_home: Home, open_page: Opener) -> None:
    at = open_page("", role="cap").switch_page("pages/mensuel/tableau_mensuel.py").run()
    assert not at.exception
    assert "LABORATOIRE" not in texts(at)


def test_the_arithmetic_opened_is_the_one_asked_for(demo_home: Home, open_page: Opener) -> None:
    rows = risk.tipping(demo_home.reader()).query("is_tipping or declarations > 1")
    asked = rows.iloc[1]
    at = open_page(TIPPING, calcul=f"{asked['dci_key']}|{asked['circuit']}")
    where = "en ville" if asked["circuit"] == "ville" else "à l'hôpital"
    assert f"Le calcul {asked['dci'][:1].upper()}{asked['dci'][1:]}, {where}" in words(texts(at))


@pytest.mark.parametrize(
    "page",
    [TIPPING, DATES, "pages/evaluation/evaluation.py", "pages/anticiper/stocks_de_securite.py",
     "pages/declarations/declaration.py"],
)  # fmt: skip
def test_a_page_closed_to_a_projected_screen_says_so_once(demo_home: Home, open_page: Opener, page: str) -> None:
    shown = words(" ".join(bodies(open_page(page, projection="1"))))
    assert shown.count("(secret des affaires)") == 1
