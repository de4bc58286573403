"""Molécule: the answer, the chain, the linked declarations, the public lines; nothing of a laboratory when shared."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from connectors.language.typography import ordinary
from metrics.coverage import queries as coverage
from metrics.declarations import queries as declarations
from metrics.referential import queries as referential
from metrics.review import answers as reading
from metrics.review import queries as review
from metrics.review.answers import Answers, Declared
from pages.components import answers, lists, tipping
from pages.components import format as fr
from pages.components.charts import figures
from pages.molecules import answer, entry, linked, view
from tests.conftest import Home
from tests.pages.conftest import DAY, Opener, bodies, links, sentence, serve, texts, words
from tests.typography import TYPED

PAGE = "pages/molecules/molecule.py"


def worst(home: Home) -> dict[str, Any]:
    """A followed group with an insufficient link, the story every demo tells."""
    followed = review.followed(home.reader())
    return figures.records(followed[followed["weakest_status"] == "insatisfaisante"])[0]


def declared(home: Home) -> str:
    """DCI with the most open declarations."""
    return str(declarations.summary(home.reader()).iloc[0]["dci_key"])


def test_the_verdict_names_the_weakest_link_its_days_and_how_far(demo_home: Home, open_page: Opener) -> None:
    group = worst(demo_home)
    at = open_page(PAGE, sujet=str(group["group_id"]))
    answered, written = sentence(at), words(at)
    place = answer.PLACES[str(group["weakest_link"])]
    assert answered.startswith(f"Difficilement : {fr.days(group['weakest_days']).translate(TYPED)} {place}")
    assert f"Mesure du {fr.day(group['weakest_on'])}" in answered
    low, measured = int(group["departments_insufficient"]), int(group["departments_measured"])
    assert f"{low} insatisfaisant{'s' if low > 1 else ''} sur {measured}" in written
    assert f"{group['label']} : disponible, et jusqu" in written


def test_no_verdict_of_the_demo_is_longer_than_twenty_words(demo_home: Home, open_page: Opener) -> None:
    followed = [str(name) for name in review.followed(demo_home.reader())["group_id"]]
    tipping_ = [f"dci:{key}" for key in declarations.tipping_all(demo_home.reader())["dci_key"]]
    for subject in [*followed, *tipping_, f"dci:{declared(demo_home)}"]:
        answered = sentence(open_page(PAGE, sujet=subject))
        assert len(re.findall(r"[\w'’,%-]+", answered.replace(" %", "%").replace(" j ", "j "))) <= 20, answered


def test_links_are_cards_that_choose_the_chart(demo_home: Home, open_page: Opener) -> None:
    group = worst(demo_home)
    at = open_page(PAGE, sujet=str(group["group_id"]))
    offered = {parse_qs(urlsplit(target).query).get("maillon", [""])[0] for _, target in links(at)}
    chain_ = coverage.links(demo_home.reader(), str(group["group_id"]))
    assert {*chain_["link"], "ventes", "tout"} <= offered
    # Without a choice, the chart is that of the weakest link, the one marked.
    assert heading(at).startswith(f"{group['weakest_label']} : ")
    marked = [card for card in cards(at) if "maillon le plus faible" in card]
    assert len(marked) == 1
    assert str(group["weakest_label"]) in marked[0]
    assert 'aria-current="true"' in marked[0]


def test_the_address_chooses_link_and_period_and_an_unknown_one_is_ignored(demo_home: Home, open_page: Opener) -> None:
    group = worst(demo_home)
    at = open_page(PAGE, sujet=str(group["group_id"]), maillon="officines", periode="6m")
    assert heading(at).startswith("Officines : ")
    start, end = (pd.Timestamp(day) for day in spec(at)["layout"]["xaxis"]["range"])
    assert start.date() == figures.before(end.date() - timedelta(weeks=26), end.date())
    at = open_page(PAGE, sujet=str(group["group_id"]), maillon="inconnu", periode="9m")
    assert heading(at).startswith(f"{group['weakest_label']} : ")
    start, end = (pd.Timestamp(day) for day in spec(at)["layout"]["xaxis"]["range"])
    assert start.date() == figures.before(end.date() - timedelta(weeks=52), end.date())


def test_everything_on_one_axis_shows_the_declarations_of_who_may_see_them(demo_home: Home, open_page: Opener) -> None:
    key = declared(demo_home)
    subject = str(worst(demo_home)["group_id"])
    whole = open_page(PAGE, sujet=subject, maillon="tout")
    notes = [note["text"] for note in spec(whole)["layout"]["annotations"]]
    chain_ = coverage.links(demo_home.reader(), subject)
    assert all(any(f"<b>{label}</b>" in note for note in notes) for label in chain_["label"])
    assert any("LABORATOIRE" in note for note in notes)
    shared = open_page(PAGE, sujet=f"dci:{key}", maillon="tout", projection="1")
    assert "LABORATOIRE" not in str(spec(shared))


def test_an_agency_reads_its_region_first(demo_home: Home, open_page: Opener) -> None:
    group = str(worst(demo_home)["group_id"])
    local = reading.answers_in(demo_home.reader(), group, "region", "53")
    assert local is not None
    text = words(open_page(PAGE, sujet=group, role="ars-53"))
    assert answers.headline(local).translate(TYPED) in text
    assert "<dt>Ici</dt>" in text
    assert "<dt>Ici</dt>" not in words(open_page(PAGE, sujet=group))


def test_measures_are_on_the_page(demo_home: Home, open_page: Opener) -> None:
    rows = demo_home.reader().rows("SELECT * FROM subject_measure ORDER BY subject_id, phase, measure")
    text = words(open_page(PAGE, sujet=str(rows[0]["subject_id"])))
    for row in [row for row in rows if row["subject_id"] == rows[0]["subject_id"]]:
        assert f'<th scope="row">{row["measure"]}</th>' in text
        assert str(row["phase"]) in text


def heading(at: AppTest) -> str:
    """What the chart says first."""
    body = next(str(e.proto.body) for e in at.get("html") if "vs-chart-head" in str(e.proto.body))
    return body.split("vs-chart-head")[1].split(">", 2)[2].split("<")[0].translate(TYPED)


def cards(at: AppTest) -> list[str]:
    body = next(str(e.proto.body) for e in at.get("html") if "vs-chain" in str(e.proto.body))
    return [card.split("</a>")[0] for card in body.split('<a class="vs-step')[1:]]


def spec(at: AppTest) -> dict[str, Any]:
    chart, *_ = at.get("plotly_chart")
    found: dict[str, Any] = json.loads(chart.proto.spec)
    return found


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
    assert f"<b>{fr.plural(len(opened), 'déclaration ouverte', 'déclarations ouvertes')} sur la DCI</b>" in written


def test_the_shared_screen_counts_and_names_no_laboratory(demo_home: Home, open_page: Opener) -> None:
    key = declared(demo_home)
    count = int(declarations.summary(demo_home.reader()).iloc[0]["open_declarations"])
    at = open_page(PAGE, sujet=f"dci:{key}", projection="1")
    written = texts(at) + "".join(str(chart.proto) for chart in at.get("plotly_chart"))
    assert "LABORATOIRE" not in written
    assert written.count("masqué") == written.count(linked.MASKED) == 1
    assert "Parts de marché" not in written, "a heading over nothing"
    assert f"<b>{fr.plural(count, 'déclaration ouverte', 'déclarations ouvertes')}</b>" in written


def test_a_search_of_the_address_ignores_accents_and_case_and_puts_groups_first(
    demo_home: Home, open_page: Opener
) -> None:
    name = str(worst(demo_home)["dci_key"])
    typed = "É".join(name.upper().split("E", 1)) if "-" not in name else name
    html = next(body for body in bodies(open_page(PAGE, q=typed)) if "Résultats" in body)
    first = re.findall(r'href="/molecule\?sujet=([^"]+)"', html.partition("Quelle molécule")[0])
    subjects = referential.subjects(demo_home.reader())
    wanted = set(subjects[subjects["search_text"].str.contains(name)]["subject_id"])
    assert {unquote(subject) for subject in first} == wanted
    kinds = [subject.startswith("dci") for subject in first]
    assert True in kinds
    assert kinds == sorted(kinds)


def test_a_search_of_the_address_that_finds_nothing_says_so(demo_home: Home, open_page: Opener) -> None:
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
    assert entry.displayed(row)["names"].translate(TYPED) == "Officines, sans chiffre : exploitants"
    assert entry.displayed({**row, "unknown_links": None})["names"] == "Officines"


def test_the_entry_lists_the_first_declared_dci_and_the_others_when_asked(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a first page of five: the small demo has fewer than fifteen."""
    monkeypatch.setattr(lists, "FIRST", 5)
    monkeypatch.setattr(lists, "STEPS", (5, 60, 200))
    counted = declarations.summary(demo_home.reader())
    opened = counted[counted["open_declarations"] > 0]
    assert len(opened) > 5

    def shown(at: AppTest) -> list[str]:
        return [target for _, target in links(at) if "sujet=dci%3A" in target]

    first = open_page(PAGE)
    assert len(shown(first)) == 5
    assert f"5 sur {len(opened)} DCI" in words(first)
    assert len(shown(open_page(PAGE, lignes="60"))) == len(opened)


def test_an_unknown_subject_has_a_sentence_and_the_entry_stays(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, sujet="dci:inconnue")
    assert "Aucun sujet « dci:inconnue »" in texts(at)
    assert "Quelle molécule ouvrir ?" in texts(at)


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
    # Public data alone: the page is that of an open snapshot.
    assert "Ce que les données ouvertes ne disent pas ici" in words(at)
    assert str(line["status_label"]) in written
    assert fr.day(line["last_seen_on"]) in written
    marketed = reader.row(f"SELECT marketed FROM public_subject WHERE subject_id = 'dci:{line['dci_key']}'")
    assert marketed is not None
    assert fr.plural(marketed["marketed"], "présentation commercialisée", "présentations commercialisées") in written


def test_the_market_under_declaration_is_the_sum_of_its_laboratories(demo_home: Home, open_page: Opener) -> None:
    group = worst(demo_home)
    shares = coverage.market_shares(demo_home.reader(), str(group["group_id"]))
    total = float(shares["declared_share_pct"].sum())
    text = words(open_page(PAGE, sujet=str(group["group_id"])))
    assert total > 0
    assert f"<b>{fr.percent(total)} des ventes du groupe sous déclaration</b>".translate(TYPED) in text
    assert "Part des ventes du groupe" in text
    for row in shares.to_dict("records"):
        assert f'<th scope="row">{row["laboratory"]}</th>' in text
        assert f">{fr.percent(row['share_pct'])}</b>".translate(TYPED) in text


def test_two_kinds_of_shares_say_what_they_are_shares_of(demo_home: Home, open_page: Opener) -> None:
    """« Parts écrites » in declarations and shares of sales stand near each other and are not the same."""
    text = words(open_page(PAGE, sujet=f"dci:{declared(demo_home)}"))
    assert "boîtes vendues par les exploitants, ville et hôpital, 12 mois" in text
    assert text.count("une boîte vaut une boîte, quelle que soit sa taille") == 2  # of the chain, of the shares
    assert "parts écrites dans les déclarations (et non parts des ventes)" in text


def test_tipping_is_shown_with_its_arithmetic() -> None:
    row = {"circuit": "ville", "declarations": 8, "declared_share_pct": 53.5, "others_absorb_pct": 5.7,
           "uncovered_pct": 47.8, "largest_share_pct": 14.5, "others_coverage_days": 33.7, "is_tipping": True,
           "may_tip": False, "unknown_presentations": 0, "late_names": None, "others_stock_boxes": 1200,
           "declarants_stock_boxes": 0}  # fmt: skip
    limits = {"tipping_horizon_days": 30, "tipping_uncovered_pct": 20, "tipping_small_share_pct": 30}
    text = tipping.words(row, limits)
    assert "53,5 % − 5,7 % = <b>47,8 %</b>" in text.translate(TYPED)
    assert "au-delà de 30 j" in text
    assert "bascule" not in tipping.words({**row, "is_tipping": False}, limits).replace("pas de basculement", "")


def test_the_weakest_link_is_the_gravest_then_the_furthest_under_its_bound() -> None:
    """As *link_status* ranks them: the page has no ranking of its own (tests/metrics/test_weakest.py)."""
    seen = viewed(weakness_rank=[3, 2, 1, None])
    weakest = seen.weakest()
    assert weakest is not None
    assert weakest["link"] == "officines"
    assert seen.unknown() == ["Pui"]
    assert viewed(weakness_rank=[None] * 4).weakest() is None


def viewed(**columns: Sequence[object]) -> view.View:
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
    facts = {"kind": "groupe", "open_declarations": 0, "subject_id": "groupe"}
    return view.View(facts, None, None, pd.DataFrame(), links, date(2026, 11, 22), may_see=True)


def verdict(
    tipping_rows: tuple[dict[str, Any], ...] = (), reader: dict[str, Any] | None = None, **columns: Sequence[object]
) -> str:
    """Verdict of ``viewed``; tipping_rows: of its DCI; reader: what else changes in the view."""
    seen = replace(viewed(**columns), **(reader or {}))
    declared_ = Declared(0, None, (), None, None, None, is_detailed=True, as_of=seen.as_of)
    found = Answers(seen.facts, (), seen.weakest(), None, (), None, declared_, tipping_rows)
    return answer.verdict(seen, found)[0].translate(TYPED)


def test_a_green_link_does_not_speak_for_one_without_a_figure() -> None:
    text = verdict(weakness_rank=[3, 2, 1, None])
    assert text == "Oui, aux maillons mesurés : 8,0 j en officine ; sans chiffre : pui."
    assert verdict(weakness_rank=[3, 2, 1, 4]) == "Oui : 8,0 j en officine."


TIPS = {"circuit": "ville", "is_tipping": True, "may_tip": False, "uncovered_pct": 47.8, "upper_uncovered_pct": 47.8}


def test_a_dci_that_tips_over_is_not_available_whatever_its_links_say() -> None:
    """The alert says 48 % of the need is not covered: « Oui, mais de justesse » would deny it."""
    acceptable = ["acceptable"] * 3 + ["non_pertinente"]
    assert verdict(status=acceptable, weakness_rank=[3, 2, 1, 4]) == "Oui, mais de justesse : 8,0 j en officine."
    text = verdict((TIPS,), status=acceptable, weakness_rank=[3, 2, 1, 4])
    assert text == "Difficilement : la DCI bascule en ville, 48 % de la demande non couverts."
    low = ["insatisfaisante"] * 3 + ["non_pertinente"]
    assert (
        verdict((TIPS,), status=low, weakness_rank=[3, 2, 1, 4])
        == "Difficilement : 8,0 j en officine, et la DCI bascule en ville."
    )


def test_whoever_is_not_given_tipping_is_given_no_verdict_that_needs_it() -> None:
    """The others read that the DCI tips over: « Oui » would deny it. Without an open declaration nothing can tip."""
    for status, word in (("acceptable", "Oui, mais de justesse"), ("satisfaisante", "Oui")):
        columns: dict[str, Any] = {"status": [status] * 3 + ["non_pertinente"], "weakness_rank": [3, 2, 1, 4]}
        shared = {"may_see": False, "facts": {"kind": "groupe", "open_declarations": 4, "subject_id": "groupe"}}
        assert verdict((), shared, **columns) == (
            f"Couverture {status} : 8,0 j en officine ; 4 déclarations ouvertes sur la DCI."
        )
        assert verdict((), {"may_see": False}, **columns) == f"{word} : 8,0 j en officine."


def test_no_dci_that_tips_over_is_called_available_to_anybody(demo_home: Home, open_page: Opener) -> None:
    tips = {str(key) for key in declarations.tipping_all(demo_home.reader()).query("is_tipping")["dci_key"]}
    assert tips
    for dci in sorted(tips):
        for reader in ({}, {"projection": "1"}):
            assert not sentence(open_page(PAGE, sujet=f"dci:{dci}", **reader)).startswith("Oui"), dci


def test_a_dci_that_may_tip_over_says_so_beside_its_links() -> None:
    may = {**TIPS, "is_tipping": False, "may_tip": True}
    text = verdict((may,), weakness_rank=[3, 2, 1, 4])
    assert text == "Oui : 8,0 j en officine ; basculement possible en ville."


def test_two_circuits_that_tip_show_the_largest_need() -> None:
    hospital = {**TIPS, "circuit": "hôpital", "uncovered_pct": 62.7, "upper_uncovered_pct": 62.7}
    text = verdict((TIPS, hospital), weakness_rank=[3, 2, 1, 4])
    assert text == "Difficilement : la DCI bascule en ville et à l'hôpital, jusqu'à 63 % de la demande non couverts."


def test_without_supply_the_makers_stock_has_a_last_day() -> None:
    """31 days from the 15/11/2026: the 16/12/2026."""
    seen = viewed(weakness_rank=[3, 2, 1, 4])
    fact = answer.without_supply(seen, date(2026, 12, 1))
    assert fact is not None
    assert fact.value == "16/12/2026"
    assert fact.words == "fin du stock des exploitants ; prochain apport annoncé le 01/12/2026"
    old = viewed(weakness_rank=[3, 2, 1, 4], measured_on=[date(2026, 10, 1)] * 4)
    past = answer.without_supply(old, None)
    assert past is not None
    assert past.words == "fin, déjà passée, du stock des exploitants"


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
    text = answer.public_words(nothing, date(2026, 5, 26))
    assert "n'en dit rien (photographie du 26/05/2026)" in text.replace("\u00a0", " ")
    assert "ce qui ne veut pas dire disponible : seuls les MITM sans alternative y sont publiés" in ordinary(text)


def test_hospital_pharmacies_have_their_chart_and_their_departments(demo_home: Home, open_page: Opener) -> None:
    group = "dantrolene-inj"
    for projection in ("", "1"):
        at = open_page(PAGE, sujet=group, maillon="pui", **({"projection": projection} if projection else {}))
        assert not at.exception
        written = words(at)
        assert "Pharmacies hospitalières" in written
        assert "consommation donnée par les PUI" in written
    # Two departments of three hospitals, six of one; some are silent. Shared: days of three hospitals at least, no unit.
    shown = coverage.hospital_departments(demo_home.reader(), group)
    assert len(shown) > 3
    assert str(shown.iloc[0]["name"]) in words(open_page(PAGE, sujet=group))
    shared = coverage.hospital_departments(demo_home.reader("shared"), group)
    assert set(shared["department"]) == set(shown[shown["establishments"] >= 3]["department"])
    assert shared[["stock_units", "daily_use_units"]].isna().all(axis=None)


def test_shares_by_circuit_name_their_source_and_period_and_are_not_shared(demo_home: Home, open_page: Opener) -> None:
    group = "dantrolene-inj"
    found = coverage.circuit_shares(demo_home.reader(), group)
    # Octave of 2025 is exhaustive: 96 % of dantrolène goes to hospitals, and the rest to town.
    assert set(found["source_key"]) == {"octave"}
    assert set(found["circuit"]) == {"ville", "hôpital"}
    assert found.groupby("circuit")["share_pct"].sum().round(6).tolist() == [100, 100]
    written = words(open_page(PAGE, sujet=group))
    heading = 'class="vs-section">Parts par circuit'
    assert heading in written
    assert "Octave, 2025" in written
    assert heading not in words(open_page(PAGE, sujet=group, projection="1"))
    assert coverage.circuit_shares(demo_home.reader("shared"), group).empty
