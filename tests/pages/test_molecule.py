"""Molécule: the answer, the chain, the linked declarations, the public lines; nothing of a laboratory when shared."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from connectors.language.typography import ordinary
from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.review import queries as review
from pages.components import declaration_rows, tipping
from pages.components import format as fr
from pages.molecules import answer, entry, view
from tests.conftest import Home
from tests.pages.conftest import DAY, Opener, serve, texts
from tests.typography import TYPED

PAGE = "pages/molecules/molecule.py"


def worst(home: Home) -> dict[str, object]:
    """A followed group with an insufficient link, the story every demo tells."""
    followed = review.followed(home.reader())
    return followed[followed["weakest_status"] == "insatisfaisante"].iloc[0].to_dict()


def declared(home: Home) -> str:
    """DCI with the most open declarations."""
    return str(declarations.summary(home.reader()).iloc[0]["dci_key"])


def test_the_sentence_names_the_weakest_link_its_days_and_the_tension(demo_home: Home, open_page: Opener) -> None:
    group = worst(demo_home)
    written = texts(open_page(PAGE, sujet=str(group["group_id"])))
    assert (
        f"les {str(group['weakest_label']).lower()}, compte {fr.days(group['weakest_days'])} de couverture" in written
    )
    assert f"au {fr.day(group['weakest_on'])} (insatisfaisante" in written
    assert f"tension {group['tension']}" in written
    assert f"{group['label']} : disponible, et jusqu" in written


def test_a_group_leads_up_to_its_plan_and_dci_and_down_to_its_departments(demo_home: Home, open_page: Opener) -> None:
    group = worst(demo_home)
    written = texts(open_page(PAGE, sujet=str(group["group_id"])))
    assert f"sujet=dci%3A{group['dci_key']}" in written
    assert f"plan={group['plan']}&sujet={group['group_id']}" in written
    assert str(group["title"]) in written


def test_a_dci_has_no_link_to_the_departments(demo_home: Home, open_page: Opener) -> None:
    written = texts(open_page(PAGE, sujet=f"dci:{worst(demo_home)['dci_key']}"))
    assert "Voir les départements" not in written


def test_every_open_declaration_of_the_dci_is_a_link(demo_home: Home, open_page: Opener) -> None:
    key = declared(demo_home)
    linked = declarations.of_dci(demo_home.reader(), key)
    opened = linked[linked["status"] == "ouverte"]
    written = texts(open_page(PAGE, sujet=f"dci:{key}"))
    assert len(opened) > 0
    for number in opened["declaration_no"]:
        assert f"numero={number}" in written
    assert f"{fr.plural(len(opened), 'déclaration ouverte', 'déclarations ouvertes')} sur la DCI" in written


def test_the_shared_screen_counts_and_names_no_laboratory(demo_home: Home, open_page: Opener) -> None:
    key = declared(demo_home)
    count = int(declarations.summary(demo_home.reader()).iloc[0]["open_declarations"])
    at = open_page(PAGE, sujet=f"dci:{key}", projection="1")
    written = texts(at) + "".join(str(chart.proto) for chart in at.get("plotly_chart"))
    assert "LABORATOIRE" not in written
    assert declaration_rows.MASKED in written
    assert f"<b>{fr.plural(count, 'déclaration ouverte', 'déclarations ouvertes')}</b>" in written


def test_the_search_ignores_accents_and_case_and_puts_groups_first(demo_home: Home, open_page: Opener) -> None:
    name = str(worst(demo_home)["dci_key"])
    typed = "É".join(name.upper().split("E", 1)) if "-" not in name else name
    at = open_page(PAGE, q=typed)
    found = [str(link.proto.query_string).replace("%3A", ":") for link in at.get("page_link")]
    subjects = referential.subjects(demo_home.reader())
    wanted = subjects[subjects["search_text"].str.contains(name)]
    first = [link.removeprefix("sujet=") for link in found if "sujet=" in link][: len(wanted)]
    assert set(first) == set(wanted["subject_id"])
    kinds = [subject.startswith("dci:") for subject in first]
    assert True in kinds
    assert kinds == sorted(kinds)


def test_a_search_that_finds_nothing_says_so(demo_home: Home, open_page: Opener) -> None:
    assert "Aucune molécule ne répond à « zzzz »" in texts(open_page(PAGE, q="zzzz"))


def test_the_entry_lists_every_followed_group_with_its_weakest_link(demo_home: Home, open_page: Opener) -> None:
    written = texts(open_page(PAGE))
    followed = review.followed(demo_home.reader())
    for group in followed.to_dict("records"):
        assert f"sujet={group['group_id']}" in written
    assert "DCI les plus déclarées" in written


def test_the_entry_names_a_link_without_a_figure_beside_a_green_one() -> None:
    row = {"weakest_status": "satisfaisante", "weakest_state": "a_jour", "weakest_days": 9.0, "weakest_label": "Officines",
           "weakest_on": date(2026, 11, 15), "unknown_links": "Exploitants"}  # fmt: skip
    assert "Officines, sans chiffre : exploitants" in entry._weakest(row)[1].translate(TYPED)
    assert "sans chiffre" not in entry._weakest({**row, "unknown_links": None})[1]


def test_an_unknown_subject_is_said_and_the_search_stays(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="dci:inconnue")
    assert "Aucun sujet « dci:inconnue »" in texts(at)
    assert "Chercher une molécule" in [field.label for field in at.text_input]


def test_an_empty_home_says_what_to_do(empty_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    assert "inbox/bdpm" in texts(at)


@pytest.fixture
def only_public(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home that received nothing but the referential and one photograph of the public list."""
    for name in ("CIS_bdpm.txt", "CIS_CIP_bdpm.txt", "CIS_COMPO_bdpm.txt", "CIS_MITM.txt", "CIS_CIP_Dispo_Spec.txt"):
        found = sorted((Path(__file__).parents[1] / "samples" / "bdpm").rglob(name))
        home.drop_text("bdpm", name, found[0].read_bytes().decode("latin-1"), "latin-1")
    assert home.refresh().published
    return serve(home.path, monkeypatch)


def test_a_subject_without_stock_shows_its_public_lines_and_presentations(only_public: Home, open_page: Opener) -> None:
    reader = only_public.reader()
    listed = reader.frame("SELECT * FROM public_shortage_history WHERE dci_key IS NOT NULL AND is_current")
    line = listed.iloc[0]
    at = open_page(PAGE, sujet=f"dci:{line['dci_key']}")
    written = unescape(texts(at))
    assert not at.exception
    assert "Aucun stock reçu pour cette DCI" in written
    assert str(line["status_label"]) in written
    assert fr.day(line["last_seen_on"]) in written
    count = len(referential.presentations(reader, f"dci:{line['dci_key']}"))
    assert fr.plural(count, "présentation", "présentations") in written


def test_the_market_under_declaration_is_the_sum_of_its_laboratories(demo_home: Home, open_page: Opener) -> None:
    group = worst(demo_home)
    shares = coverage.market_shares(demo_home.reader(), str(group["group_id"]))
    total = float(shares["declared_share_pct"].sum())
    at = open_page(PAGE, sujet=str(group["group_id"]))
    drawn = "".join(chart.proto.spec for chart in at.get("plotly_chart"))
    titles = [json.loads(chart.proto.spec)["layout"]["title"]["text"] for chart in at.get("plotly_chart")]
    assert total > 0
    assert f"<b>{fr.percent(total)} des ventes du groupe sous déclaration</b>" in titles
    assert str(shares.iloc[0]["laboratory"]) in drawn


def test_tipping_is_told_with_its_arithmetic() -> None:
    row = {"circuit": "ville", "declarations": 8, "declared_share_pct": 53.5, "others_absorb_pct": 5.7,
           "uncovered_pct": 47.8, "largest_share_pct": 14.5, "others_coverage_days": 33.7, "is_tipping": True,
           "may_tip": False, "unknown_presentations": 0, "late_names": None, "others_stock_boxes": 1200,
           "declarants_stock_boxes": 0}  # fmt: skip
    limits = {"tipping_horizon_days": 30, "tipping_uncovered_pct": 20, "tipping_small_share_pct": 30}
    words = tipping.words(row, limits)
    assert "53,5 % − 5,7 % = <b>47,8 %</b>" in words.translate(TYPED)
    assert "au-delà de 30 j" in words
    assert "bascule" not in tipping.words({**row, "is_tipping": False}, limits).replace("pas de basculement", "")


def test_the_weakest_link_is_the_gravest_then_the_furthest_under_its_bound() -> None:
    """As *link_status* ranks them: the page has no ranking of its own (tests/metrics/test_weakest.py)."""
    seen = viewed(weakness_rank=[3, 2, 1, None])
    weakest = seen.weakest()
    assert weakest is not None
    assert weakest["link"] == "officines"
    assert seen.unknown() == ["Pui"]
    assert viewed(weakness_rank=[None] * 4).weakest() is None


def viewed(**columns: list[object]) -> view.View:
    """A followed group with four links of the chain."""
    links = pd.DataFrame(
        {
            "label": ["Exploitants", "Grossistes-répartiteurs", "Officines", "Pui"],
            "status": ["satisfaisante"] * 3 + ["non_pertinente"],
            "coverage_days": [31.0, 11.0, 8.0, None],
            "figure_state": ["a_jour"] * 4,
            "measured_on": [date(2026, 11, 15)] * 4,
            "link": ["exploitants", "grossistes", "officines", "pui"],
            **columns,
        }
    )
    facts = {"kind": "groupe", "open_declarations": 0}
    return view.View(facts, None, None, pd.DataFrame(), links, date(2026, 11, 22), may_see=True)


def test_a_green_link_does_not_speak_for_one_without_a_figure() -> None:
    nothing = pd.DataFrame({"planned_on": []})
    told = answer.sentence(viewed(weakness_rank=[3, 2, 1, None]), nothing, pd.DataFrame()).translate(TYPED)
    assert told.startswith("Oui, aux maillons mesurés : le maillon le plus faible, les officines, compte 8,0 j")
    assert "(satisfaisante, sans chiffre : pui)" in told
    whole = answer.sentence(viewed(weakness_rank=[3, 2, 1, 4]), nothing, pd.DataFrame()).translate(TYPED)
    assert whole.startswith("Oui : le maillon le plus faible, les officines")
    assert "sans chiffre" not in whole


def test_a_reference_decided_by_hand_is_never_silent(demo_home: Home, open_page: Opener) -> None:
    decided = demo_home.reader().frame("SELECT * FROM manual_reference")
    if decided.empty:
        pytest.skip("aucune référence manuelle dans la petite démonstration")
    written = texts(open_page(PAGE, sujet=str(decided.iloc[0]["subject_id"])))
    assert str(decided.iloc[0]["reason"]) in written


def test_the_day_of_the_data_is_the_day_of_the_snapshot(demo_home: Home) -> None:
    assert fr.as_date(referential.snapshot(demo_home.reader())["as_of"]) == DAY


def recorded(home: Home) -> str:
    """DCI with the most closed declarations made public."""
    rows = home.reader().rows("SELECT dci_key, SUM(lines) AS n FROM past_dci GROUP BY dci_key ORDER BY n DESC, dci_key")
    return str(rows[0]["dci_key"])


def test_closed_declarations_made_public_are_shown_by_year(demo_home: Home, open_page: Opener) -> None:
    key = recorded(demo_home)
    years = declarations.past_years(demo_home.reader(), key)
    written = texts(open_page(PAGE, sujet=f"dci:{key}"))
    assert "Déclarations closes rendues publiques" in written
    for row in years.to_dict("records"):
        assert f"<td>{row['year']}</td><td>{row['lines']} " in written
    shared = texts(open_page(PAGE, sujet=f"dci:{key}", projection="1"))
    assert f"<td>{years.iloc[0]['year']}</td>" in shared
    assert "LABORATOIRE" not in shared


def test_a_dci_without_closed_declarations_says_so(demo_home: Home, open_page: Opener) -> None:
    known = {row["dci_key"] for row in demo_home.reader().rows("SELECT DISTINCT dci_key FROM past_dci")}
    every = [row["dci_key"] for row in demo_home.reader().rows("SELECT dci_key FROM dci ORDER BY dci_key")]
    quiet = next(key for key in every if key not in known)
    assert "Aucune ligne sur cette DCI dans la diffusion reçue." in texts(open_page(PAGE, sujet=f"dci:{quiet}"))


def test_generic_groups_and_conditions_are_shown(demo_home: Home, open_page: Opener) -> None:
    groups = len(referential.generic_groups(demo_home.reader(), "amoxicilline"))
    assert groups > 0
    written = ordinary(texts(open_page(PAGE, sujet="dci:amoxicilline")))
    assert f"{groups} groupe{'s' if groups > 1 else ''} générique" in written
    assert "Prescription et délivrance : liste I" in written
    shared = ordinary(texts(open_page(PAGE, sujet="dci:amoxicilline", projection="1")))
    assert f"{groups} groupe{'s' if groups > 1 else ''} générique" in shared
    assert "LABORATOIRE" not in shared


def test_silence_of_the_public_list_is_not_availability() -> None:
    """Seuls les MITM sans alternative y sont publiés : the sentence says it."""
    nothing = pd.DataFrame(
        {"is_current": pd.Series(dtype=bool), "code": pd.Series(dtype=str), "cis": pd.Series(dtype=str)}
    )
    told = answer.public_words(nothing, date(2026, 5, 26))
    assert "n'en dit rien (photographie du 26/05/2026)" in told.replace("\u00a0", " ")
    assert "ce qui ne veut pas dire disponible : seuls les MITM sans alternative y sont publiés" in ordinary(told)
