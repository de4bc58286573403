"""What the field reports, on the pages: maps of alerts and signals, hints, the review; three kinds of nothing kept apart."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.demo import stories
from metrics.field import queries as field
from pages.components import format as fr
from pages.molecules import hints
from pages.territoires import field_layers
from tests import referential
from tests.conftest import Home
from tests.metrics.test_field import A, alert, drop, signal, stock
from tests.pages.conftest import Opener, bodies, links, sentence, serve, words
from tests.typography import TYPED

PAGE, MOLECULE = "pages/territoires/territoires.py", "pages/molecules/molecule.py"
REVIEW = "pages/revue/revue_du_jour.py"
GROUP, DCI = stories.NATIONAL, "dci:metformine"
LAYERS = ("alertes", "signalements")
TEXT = "Annoncé de nouveau disponible"


def read(at: AppTest) -> str:
    """What the reader sees, without marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", words(at))).split())


def map_titles(at: AppTest) -> list[str]:
    (drawn,) = [str(element.value) for element in at.markdown if "vs-map" in str(element.value)]
    return [unescape(title).translate(TYPED) for title in re.findall(r"<title>([^<]*)</title>", drawn)]


def ranking(at: AppTest) -> list[str]:
    body = next(body for body in bodies(at) if "Du plus au moins touché" in body)
    rows = body.split("Du plus au moins touché")[1].split("</table>")[0]
    return [unescape(name) for name in re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', rows)]


@pytest.mark.parametrize("subject", [GROUP, DCI])
def test_alerts_are_ranked_and_the_sentence_counts_the_same(demo_home: Home, open_page: Opener, subject: str) -> None:
    found = field.alert_places(demo_home.reader(), subject)
    found = found[found["open_alerts"] > 0]
    at = open_page(PAGE, sujet=subject, couche="alertes")
    assert not at.exception
    total, places = int(found["open_alerts"].sum()), len(found)
    assert sentence(at).startswith(f"{places} départements sur 101. {total} alertes ouvertes sur ")
    order = found.sort_values(["open_alerts", "department"], ascending=[False, True])
    assert ranking(at) == order["name"].tolist()[:15]
    assert f"{order.iloc[0]['name']} d'abord ({order.iloc[0]['open_alerts']})" in sentence(at)


def test_signals_without_a_department_are_counted_at_the_region(demo_home: Home, open_page: Opener) -> None:
    found = field.signal_places(demo_home.reader(), GROUP)
    apart = found[found["department"].isna()]
    assert len(apart), "the demo has some"
    at = open_page(PAGE, sujet=GROUP, couche="signalements", rang="regions")
    row = apart.iloc[0]
    count = int(found[found["region"] == row["region"]]["signals"].sum())
    table = read(at).split("Du plus au moins touché")[1]
    assert row["region_name"] in table
    assert "sans département" in table
    at = open_page(PAGE, sujet=GROUP, couche="signalements", region=row["region"])
    noun = "signalement" if count == 1 else "signalements"
    assert sentence(at).startswith(f"{row['region_name']}. {count} {noun} sur ")
    assert f"{row['region_name']}, sans département" in read(at)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_department_where_nothing_is_declared_is_a_zero(demo_home: Home, open_page: Opener, layer: str) -> None:
    at = open_page(PAGE, sujet=GROUP, couche=layer, departement=stories.FIELD_SILENT_DEPARTMENT)
    none = "Aucune alerte ouverte" if layer == "alertes" else "Aucun signalement"
    assert sentence(at).startswith(f"Lozère. {none} sur ")
    assert f"Ici {none}" in read(at)
    assert not [title for title in map_titles(at) if "Aucune donnée" in title]


@pytest.mark.parametrize("layer", LAYERS)
def test_nothing_received_is_not_nothing_declared(empty_home: Home, open_page: Opener, layer: str) -> None:
    at = open_page(PAGE, couche=layer)
    assert not at.exception
    assert sentence(at).startswith("Aucun fichier d")
    assert "rien ne dit où ce médicament manque" in sentence(at)
    assert "Nulle part" not in read(at)
    assert "Aucune alerte ouverte" not in read(at)
    assert not ranking_rows(at)
    panel = read(open_page(PAGE, couche=layer, departement="48"))
    assert "rien ne dit où ce médicament manque" in panel
    assert "Aucune alerte ouverte" not in panel
    assert "Aucun signalement" not in panel


@pytest.fixture
def without_reports(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A workbook of stocks alone, and a file of signals of which every row waits: no alert, no signal was received."""
    for name, content in referential.files([A]).items():
        path = home.path / "inbox" / "bdpm" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    home.drop("dpruptures", "s.xlsx", {"dpruptures_stock": [stock(1, "Grossiste A", "Grossiste", "35", A.cip13, 9, 1)]})
    drop(home, signals=[signal(1, 5, "Nulle part", None, dci="Amoxicilline")])
    return serve(home.path, monkeypatch)


def test_what_gave_no_alert_and_no_signal_is_not_a_zero(without_reports: Home, open_page: Opener) -> None:
    for layer, none in (("alertes", "d'alertes (DP-Ruptures)"), ("signalements", "de signalements (SISAC)")):
        at = open_page(PAGE, couche=layer)
        assert not at.exception
        assert sentence(at).translate(TYPED).startswith(f"Aucun fichier {none} reçu")
        assert "Nulle part" not in read(at)
    at = open_page(MOLECULE, sujet="dci:amoxicilline")
    assert not at.exception
    text = read(at)
    assert "Aucun fichier d'alertes reçu" in text
    assert "Aucun fichier de signalements reçu" in text
    assert "Aucune alerte ouverte" not in text
    assert "Aucun signalement en" not in text
    assert "grossistes (1 département transmis) : 9 boîtes" in text
    assert not re.search(r"Terrain \d", read(open_page(REVIEW)))
    # An alert, closed: nothing is open, and something was received.
    drop(without_reports, [alert(1, 20, A.cip13, "35", closed=5)], name="a.xlsx")
    assert sentence(open_page(PAGE, couche="alertes")).startswith("Nulle part. Aucune alerte ouverte ")
    assert "Aucune alerte ouverte" in read(open_page(MOLECULE, sujet="dci:amoxicilline"))
    assert re.search(r"Terrain \d", read(open_page(REVIEW)))


def test_a_signal_of_the_region_alone_is_said_in_its_departments(without_reports: Home, open_page: Opener) -> None:
    found = [signal(1, 5, "Bretagne", None, cip13=A.cip13), signal(2, 5, "Corse", "2A", cip13=A.cip13)]
    drop(without_reports, signals=found, name="b.xlsx")
    asked = {"sujet": "dci:amoxicilline", "couche": "signalements"}
    said = open_page(PAGE, departement="35", **asked)
    assert sentence(said).startswith("Ille-et-Vilaine. Aucun signalement sur ")
    assert "en 28 jours ; 1 pour la région, sans département ; France : 2 dans 1 département" in sentence(said)
    assert "Région 1 sans département" in read(said)
    assert "pour la région" not in sentence(open_page(PAGE, departement="2A", **asked))
    assert "pour la région" not in sentence(open_page(PAGE, departement="75", **asked))


def test_a_late_source_says_so_and_keeps_its_count(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = stories.FIELD_SILENT_DEPARTMENT
    known = field_layers.source
    monkeypatch.setattr(field_layers, "source", lambda layer: {**known(layer), "state": "en_retard"})
    said = sentence(open_page(PAGE, sujet=GROUP, couche="alertes", departement=silent))
    assert said.startswith("Lozère. Aucune alerte ouverte sur ")
    assert "source en retard, la suite n'est pas connue" in said
    country = sentence(open_page(PAGE, sujet=GROUP, couche="alertes"))
    assert "alertes ouvertes sur " in country
    assert "source en retard" in country


def ranking_rows(at: AppTest) -> list[str]:
    return [body for body in bodies(at) if 'vs-by-place"' in body or 'class="vs-places"' in body]


def test_the_panel_lists_each_alert_and_signal_for_the_agency(demo_home: Home, open_page: Opener) -> None:
    reader = demo_home.reader()
    place = field.alert_places(reader, GROUP).query("open_alerts > 0").iloc[0]
    text = read(open_page(PAGE, sujet=GROUP, couche="alertes", departement=place["department"]))
    for row in field.alerts(reader, place["department"], GROUP)[:15]:
        assert f"{row['declared_on']:%d/%m/%Y}" in text
        assert row["denomination"] in text
    found = field.signal_places(reader, GROUP).query("department.notna()").iloc[0]
    signals = field.signals(reader, found["region"], found["department"], GROUP)
    assert signals
    text = read(open_page(PAGE, sujet=GROUP, couche="signalements", departement=found["department"]))
    for row in signals:
        assert f"{row['received_on']:%d/%m/%Y}" in text
        assert row["text"] in text


def test_an_agency_reads_counts_of_its_region_and_no_text(demo_home: Home, open_page: Opener) -> None:
    """Its own included: regions share one file, so what is written stays with ANSM."""
    reader = demo_home.reader()
    row = reader.row(
        "SELECT * FROM agency_signal WHERE is_recent AND text IS NOT NULL AND department IS NOT NULL LIMIT 1"
    )
    assert row is not None
    asked: dict[str, Any] = {
        "sujet": f"dci:{row['dci_key']}",
        "couche": "signalements",
        "departement": row["department"],
    }
    assert row["text"] in read(open_page(PAGE, **asked))
    for role in (f"ars-{row['region']}", "ars-11", "cap", "dgs"):
        text = read(open_page(PAGE, role=role, **asked))
        assert row["text"] not in text
        assert row["signal_no"] not in text
        assert "Le détail est réservé à l'ANSM" in text
        assert re.search(r"Ici \d+ signalements?, fichier reçu", text)


def test_the_review_counts_new_reports_and_puts_the_region_of_an_agency_first(
    demo_home: Home, open_page: Opener
) -> None:
    news = field.news(demo_home.reader())
    at = open_page(REVIEW, onglet="terrain")
    assert not at.exception
    text = read(at)
    assert f"Terrain {len(news)}" in text
    assert "Signalements et alertes nouveaux des 28 derniers jours ; des indices, jamais un statut" in text
    first = news.iloc[0]
    assert first["label"] in text
    region = next(
        row["region"]
        for row in demo_home.reader().rows("SELECT region FROM agency_signal_place WHERE about = 'dci:metformine'")
    )
    own = field.news(demo_home.reader("shared"), region)
    assert own.iloc[0]["own_signals"] > 0
    listed = read(open_page(REVIEW, onglet="terrain", role=f"ars-{region}"))
    assert "d'abord ; des indices" in listed
    assert listed.index(own.iloc[0]["label"]) < listed.index(own.iloc[-1]["label"])


def test_a_molecule_says_what_the_field_reports_and_where_its_map_is(demo_home: Home, open_page: Opener) -> None:
    counts = field.of_subject(demo_home.reader(), DCI)
    at = open_page(MOLECULE, sujet=DCI)
    assert not at.exception
    text = read(at)
    assert f"{counts['open_alerts']} alertes ouvertes dans {counts['alert_departments']} départements" in text
    assert "Exploitation impossible à ce jour" in text
    assert "Stocks annoncés au dossier pharmaceutique : exploitants (France) : " in text
    targets = [target for _, target in links(at) if "couche=" in target]
    assert {f"couche={layer}" for layer in LAYERS} <= {part for target in targets for part in target.split("&")}
    shared = read(open_page(MOLECULE, sujet=DCI, projection="1"))
    assert f"{counts['open_alerts']} alertes ouvertes" in shared
    assert "Stocks annoncés" not in shared


def test_a_whole_dci_has_the_maps_of_the_field_only(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet=DCI)
    assert not at.exception
    assert "Metformine (DCI entière)" in sentence(at)
    offered = {target.split("couche=")[1].split("&")[0] for _, target in links(at) if "couche=" in target}
    assert offered <= set(LAYERS)
    assert at.selectbox(key="choix-medicament").value == ("hivernal", DCI)
    unknown = open_page(PAGE, sujet="dci:nexiste-pas")
    assert not unknown.exception
    assert "nexiste" not in read(unknown)


def test_under_the_coverage_of_a_place_the_field_is_two_links(demo_home: Home, open_page: Opener) -> None:
    text = read(open_page(PAGE, sujet=GROUP, departement=stories.FIELD_SILENT_DEPARTMENT))
    when = r", fichier reçu le \d\d/\d\d/\d{4}"
    assert re.search(
        rf"Terrain .* DP-Ruptures aucune alerte ouverte{when} Signalements aucun signalement en 28 jours{when}", text
    )
    cited = text[text.rindex("Sources ") :]
    assert "DP-Ruptures" in cited
    assert "SISAC" in cited


def test_a_plan_that_follows_no_pharmacy_says_so_once(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, plan="derives-du-sang")
    assert not at.exception
    text = read(at)
    assert text.count("Ce plan ne suit pas les officines : rien n'est mesuré par département.") == 1
    assert not ranking_rows(at)
    assert not ranking_rows(open_page(PAGE, plan="derives-du-sang", region="53"))


@pytest.mark.parametrize("layer", ["couverture", "epidemie"])
def test_a_map_without_data_is_one_sentence(empty_home: Home, open_page: Opener, layer: str) -> None:
    at = open_page(PAGE, couche=layer)
    assert not at.exception
    assert not ranking_rows(at)
    wanted = (
        "Aucune mesure du panel d'officines reçue."
        if layer == "couverture"
        else "aucun relevé reçu de Santé publique France"
    )
    assert wanted in read(at)


ROW = {
    "open_alerts": 3,
    "per_100_pharmacies": 1.28,
    "oldest_on": None,
    "signals": 3,
    "unknown_signals": 2,
    "persisting_signals": 1,
}


def test_the_words_of_a_count() -> None:
    assert field_layers.words("alertes", 1).translate(TYPED) == "1 alerte ouverte"
    assert field_layers.rate(ROW).translate(TYPED) == "1,3 pour 100 officines raccordées"
    assert field_layers.rate({**ROW, "per_100_pharmacies": None}) == ""
    assert field_layers.natures(ROW) == "2 inconnus des autorités, 1 persiste malgré remise à disposition"
    assert field_layers.mark("alertes", {**ROW, "open_alerts": 0}).figure == "0"
    assert field_layers.mark("alertes", {**ROW, "open_alerts": float("nan")}).words == ""


def test_stocks_in_words_leave_unknown_sales_out() -> None:
    line = {
        "territory": "35",
        "actor_kind": "officines",
        "stock_boxes": 100.0,
        "sales_boxes": 10.0,
        "missing_actors": 0,
        "read_on": fr.as_date("2026-11-15"),
    }
    other = {**line, "territory": "29", "stock_boxes": 50.0, "sales_boxes": None}
    said = hints.stocks([line, other]).translate(TYPED)
    assert said.startswith(
        "Stocks annoncés au dossier pharmaceutique : officines (2 départements transmis) : 150 boîtes, au "
    )
    assert "110 boîtes" not in said
    assert "100 boîtes, 10 vendues par jour" in hints.stocks([line]).translate(TYPED)
