"""Weak signals, the European platform and Codex on the pages: the demo's stories, shared screens, empty homes."""

from __future__ import annotations

import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from data.demo import stories
from pages.components import signal_words
from pages.mensuel import words as monthly
from pages.molecules import hints
from tests.conftest import Home
from tests.pages.conftest import Opener, links, words
from tests.typography import TYPED

MOLECULE, REVIEW = "pages/molecules/molecule.py", "pages/revue/revue_du_jour.py"
DECLARATIONS, STOPS = "pages/declarations/declarations.py", "pages/anticiper/arrets.py"
SHARED = {"projection": "1"}


def read(at: AppTest) -> str:
    """What the reader sees, without marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", words(at)).split())


def test_a_molecule_of_no_plan_shows_its_hints_with_day_source_and_reserve(demo_home: Home, open_page: Opener) -> None:
    presence, tension = demo_home.reader().rows(
        "SELECT * FROM weak_signal WHERE subject_id = 'dci:metformine' ORDER BY source_key"
    )
    at = open_page(MOLECULE, sujet="dci:metformine")
    assert not at.exception
    text = read(at)
    assert "Signaux faibles indices non validés, jamais un statut" in text
    assert f"Au moins {presence['presence_pct']:.0f} % des agences tiennent une boîte" in text
    assert "Observatoire de la CSRP" in text
    assert f"{presence['read_on']:%d/%m/%Y}" in text
    assert "Indicateur non validé, aveugle aux volumes" in text
    assert "Représentativité et méthode inconnues" in text
    assert tension["tension_rank"] in (2, 3)
    assert ("tension moyenne" if tension["tension_rank"] == 2 else "tension forte") in text.lower()


def test_a_hint_is_in_no_verdict_and_has_no_status(demo_home: Home, open_page: Opener) -> None:
    text = read(open_page(MOLECULE, sujet="dci:metformine"))
    before = text[: text.index("Signaux faibles")]
    assert "agences" not in before
    block = text[text.index("Signaux faibles indices") : text.index("Liste publique de l'ANSM")]
    assert not [status for status in ("atisfaisante", "cceptable") if status in block]


def test_the_shared_screen_has_the_hint_and_no_presentation(demo_home: Home, open_page: Opener) -> None:
    at = open_page(MOLECULE, sujet="dci:metformine", **SHARED)
    assert "Au moins" in read(at)
    assert "LABORATOIRE" not in read(at)
    assert not any("Signaux faibles, par présentation" in box.label for box in at.expander)


def test_the_review_names_the_molecule_outside_the_plans_that_worsened(demo_home: Home, open_page: Opener) -> None:
    for role in ({}, SHARED):
        at = open_page(REVIEW, onglet="signaux", **role)
        assert not at.exception
        assert ("Metformine", f"molecule?sujet=dci%3A{stories.SIGNAL_DCI}") in [
            (label, target) for label, target in links(at) if "metformine" in target
        ]
        assert "aucun verdict ne les lit" in read(at)
    # Followed by a plan, amoxicilline fell as much and is not in this list.
    listed = read(at).split("DCI hors plans dont")[1].split("Table et téléchargement")[0].split("Sources")[0]
    assert "Metformine" in listed
    assert "Amoxicilline" not in listed


def test_declared_to_europe_and_not_to_trustmed(demo_home: Home, open_page: Opener) -> None:
    reader = demo_home.reader()
    lacking = reader.rows(
        "SELECT * FROM european_declaration WHERE status = 'ouverte' AND trustmed_presence = 'absente'"
    )
    assert lacking
    text = read(open_page(DECLARATIONS))
    for row in lacking:
        assert row["esmp_no"] in text
    assert "la France sans déclaration TrustMed" in text
    elsewhere = reader.row("SELECT * FROM european_declaration WHERE trustmed_presence = 'ailleurs'")
    assert elsewhere is not None
    assert elsewhere["esmp_no"] not in text
    page = read(open_page(MOLECULE, sujet=f"dci:{elsewhere['dci_key']}"))
    assert elsewhere["esmp_no"] in page
    assert "France non citée" in page
    assert "autres États touchés : Belgique, Espagne" in page


def test_a_declaration_names_the_states_that_the_platform_names(demo_home: Home, open_page: Opener) -> None:
    row = demo_home.reader().row(
        """
        SELECT d.declaration_no, e.esmp_no, array_to_string(e.member_states, ', ') AS states
        FROM european_declaration AS e INNER JOIN declaration AS d ON d.cis = e.cis
        WHERE e.status = 'ouverte' AND e.is_here ORDER BY e.esmp_no, d.declaration_no LIMIT 1
        """
    )
    assert row is not None
    text = read(open_page("pages/declarations/declaration.py", numero=row["declaration_no"]))
    assert f"Plateforme européenne {row['esmp_no']} États touchés : {row['states']}" in text


def test_the_shared_screens_count_european_declarations_by_dci(demo_home: Home, open_page: Opener) -> None:
    (row,) = demo_home.reader("shared").rows("SELECT * FROM european_dci ORDER BY absent_here DESC, dci_key LIMIT 1")
    text = read(open_page(DECLARATIONS, **SHARED))
    assert "ESMP-" not in text
    assert row["dci"].capitalize() in text
    assert "LABORATOIRE" not in text
    molecule = read(open_page(MOLECULE, sujet=f"dci:{row['dci_key']}", **SHARED))
    assert "Plateforme européenne (ESMP)" in molecule
    assert "ESMP-" not in molecule


def test_silent_stops_and_denominators(demo_home: Home, open_page: Opener) -> None:
    reader = demo_home.reader()
    silent = reader.rows("SELECT * FROM codex_speciality WHERE is_silent_stop")
    check = reader.row("SELECT * FROM codex_check")
    assert silent
    assert check is not None
    at = open_page(STOPS)
    assert not at.exception
    text = read(at)
    for row in silent:
        assert f"CIS {row['cis']}" in text
    assert f"{len(silent)} arrêts écrits au Codex n'ont pas de dossier" in text
    assert f"{check['bdpm_mitm_marketed']} selon la BDPM, {check['codex_mitm_marketed']} selon le Codex" in text
    assert "Les indicateurs comptent ceux de la BDPM." in text
    shared = read(open_page(STOPS, **SHARED))
    assert f"{len(silent)} arrêts écrits au Codex" in shared
    assert "CIS 9" not in shared
    assert "LABORATOIRE" not in shared


def test_the_exploitants_of_codex_are_stated_beside_the_holders_of_the_same_year() -> None:
    check = {"extracted_on": date(2026, 11, 3), "codex_mitm_exploitants": 19}
    stated = monthly.exploitants(check, {"month": date(2026, 10, 1)}).translate(TYPED)
    assert stated == " ; le Codex du 03/11/2026 en nomme 19 exploitants, non repris ici"
    assert monthly.exploitants(check, {"month": date(2025, 10, 1)}) == ""
    assert monthly.exploitants(None, {"month": date(2026, 10, 1)}) == ""


@pytest.mark.parametrize("page", [REVIEW, DECLARATIONS, STOPS])
def test_nothing_is_drawn_where_no_file_came(empty_home: Home, open_page: Opener, page: str) -> None:
    at = open_page(page)
    assert not at.exception
    text = read(at)
    assert not [
        name for name in ("Signaux faibles 0", "Déclarées à l'ESMP", "Arrêts silencieux écrits") if name in text
    ]


PRESENCE = {
    "presence_pct": 35.3, "lowest_presence_pct": 2.0, "presence_change_points": -59.6, "presentations": 8, "strong": 0,
    "tension_rank": None, "coverage_days": None, "days_change_pct": None, "tension_change": None,
    "before_on": date(2026, 10, 18),
}  # fmt: skip
TENSION = {
    **PRESENCE, "presence_pct": None, "presence_change_points": None, "tension_rank": 3, "coverage_days": 2.05,
    "lowest_days": 1.0, "highest_days": 3.4, "days_change_pct": -60.2, "strong": 3, "presentations": 4,
}  # fmt: skip


def test_a_hint_in_words() -> None:
    def plain(text: str) -> str:
        return text.translate(TYPED).replace("\u2212", "-")

    assert plain(signal_words.value(PRESENCE)) == "au moins 35 % des agences tiennent une boîte"
    assert plain(signal_words.spread(PRESENCE)) == "la mieux servie de 8 présentations ; la moins bien : 2 %"
    assert plain(signal_words.movement(PRESENCE)) == "-60 points depuis le 18/10/2026"
    assert plain(signal_words.value({**PRESENCE, "presentations": 1})) == "35 % des agences tiennent une boîte"
    assert plain(signal_words.value(TENSION)) == "tension forte, 2,0 j de couverture"
    assert plain(signal_words.spread(TENSION)) == "médiane de 4 présentations ; tension forte pour 3 ; de 1,0 j à 3,4 j"
    assert plain(signal_words.movement(TENSION)) == "-60 % de jours depuis le 18/10/2026"
    level = {**TENSION, "coverage_days": None, "days_change_pct": None, "tension_change": 2}
    assert plain(signal_words.value(level)) == "tension forte"
    assert plain(signal_words.movement(level)) == "2 niveaux de plus depuis le 18/10/2026"
    assert signal_words.movement({**level, "tension_change": None}) == ""


def test_the_territories_worst_served_are_named() -> None:
    rows = [{"territory_name": name, "presence_pct": pct} for name, pct in (("Ain", 4.0), ("Lot", 9.0), ("Var", None))]
    assert (
        hints.places(rows).translate(TYPED)
        == "Par territoire (2 territoires transmis), les moins bien servis : Ain 4 %, Lot 9 %."
    )
    assert hints.places([]) == ""
