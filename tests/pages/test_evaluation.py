"""Évaluation: the queue, its filters, each score explained line by line, the two typed criteria."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.journal import Journal
from data.journal.entries import Evaluation
from data.settings import PARIS
from metrics.evaluation import queries as evaluation
from pages.components import lists, risk, tokens
from pages.components.charts import figures
from pages.evaluation import words
from tests.conftest import Home
from tests.journal.conftest import EVALUATOR
from tests.pages.conftest import DAY, Opener, sentence, serve, texts
from tests.pages.test_declarations import MOST_BYTES, MOST_ELEMENTS, elements, weight

FIRST = 15
QUEUE, DECLARATION = "pages/evaluation/evaluation.py", "pages/declarations/declaration.py"


def listed(at: AppTest) -> list[str]:
    """Numbers of the declarations of the queue, in order."""
    rows = texts(at).partition("vs-queue")[2].partition("</table>")[0]
    return re.findall(r'href="/declaration\?numero=([^"]+)"', rows)


def readable(text: str) -> str:
    """Without marks, spaces made plain."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def test_open_declarations_highest_score_first(demo_home: Home, open_page: Opener) -> None:
    at = open_page(QUEUE)
    table = evaluation.queue(demo_home.reader())
    assert listed(at) == table["declaration_no"].head(FIRST).tolist()
    assert listed(open_page(QUEUE, lignes="60")) == table["declaration_no"].head(60).tolist()
    assert table["points"].is_monotonic_decreasing
    assert f"{len(table)} déclarations ouvertes : {(table['level'] == 'haut').sum()} à haut risque" in sentence(at)
    first = table.iloc[0]
    name = str(first["dci"])
    assert sentence(at).startswith(f"D'abord {name[:1].upper()}{name[1:]}, {first['laboratory']} : ")
    assert f"{first['points']:.0f} / {first['most_points']:.0f}" in readable(texts(at))


def test_the_reasons_are_the_heaviest_criteria(demo_home: Home) -> None:
    reader = demo_home.reader()
    for row in evaluation.queue(reader).head(20).to_dict("records"):
        heavy = evaluation.criteria(reader, str(row["declaration_no"])).query("points >= 2")
        heavy = heavy.sort_values(["points", "order_no"], ascending=[False, True])
        expected = [f"{line['title']} : {line['band_label']}" for line in heavy.to_dict("records")]
        assert (row["why"] or "").split(" ; ")[: len(expected)] == expected[:3] or not expected
        assert row["more_reasons"] == max(len(expected) - 3, 0)


@pytest.mark.parametrize("view", sorted(words.VIEWS))
def test_views_of_the_queue(demo_home: Home, open_page: Opener, view: str) -> None:
    at = open_page(QUEUE, vue=view)
    assert not at.exception
    table = evaluation.queue(demo_home.reader())
    if view == "bougees":
        expected = set(evaluation.changes(demo_home.reader())["declaration_no"])
        assert set(listed(at)) <= set(table["declaration_no"]) or expected
        return
    rows = {
        "toutes": table,
        "dormants": table[table["is_dormant"]].sort_values("ask_again_on", kind="stable"),
        "a-evaluer": table[table["to_evaluate"] > 0],
        "incoherentes": table[table["inconsistencies"].fillna(0) > 0],
    }[view]
    assert listed(at) == rows["declaration_no"].head(FIRST).tolist()
    assert f" {words.VIEWS[view]} {len(rows)} " in readable(texts(at))


def test_one_level_and_the_answer_follows(demo_home: Home, open_page: Opener) -> None:
    table = evaluation.queue(demo_home.reader())
    level = table["level"].iloc[0]
    mine = table[table["level"] == level]
    at = open_page(QUEUE, niveau=level)
    assert 0 < len(mine) < len(table)
    assert listed(at) == mine["declaration_no"].head(FIRST).tolist()
    assert re.search(rf"\b{len(mine)} déclarations? ouvertes? sur {len(table)} : ", sentence(at))


def test_words_keep_their_rows_and_an_empty_answer_says_so(demo_home: Home, open_page: Opener) -> None:
    table = evaluation.queue(demo_home.reader())
    one = str(table["declaration_no"].iloc[-1])
    assert listed(open_page(QUEUE, q=one.lower())) == [one]
    at = open_page(QUEUE, q="zzzz")
    assert sentence(at).startswith(f"Aucune des {len(table)} déclarations ouvertes ne passe ces filtres.")
    assert "Aucune déclaration ne passe ces filtres." in texts(at)


def test_heads_sort_the_queue(demo_home: Home, open_page: Opener) -> None:
    table = evaluation.queue(demo_home.reader()).sort_values("ask_again_on", kind="stable", ascending=False)
    days = dict(zip(table["declaration_no"], table["ask_again_on"], strict=True))
    at = open_page(QUEUE, tri="-redemander")
    assert [days[number] for number in listed(at)] == table["ask_again_on"].head(FIRST).tolist()


def test_what_contradicts_itself_opens_under_its_row(demo_home: Home, open_page: Opener) -> None:
    found = evaluation.inconsistencies(demo_home.reader())
    number = str(found["declaration_no"].iloc[0])
    mine = found[found["declaration_no"] == number]
    text = readable(texts(open_page(QUEUE, q=number)))
    assert ("1 incohérence" if len(mine) == 1 else f"{len(mine)} incohérences") in text
    for line in mine.to_dict("records"):
        assert f"version {line['version_no']} du {line['version_on']:%d/%m/%Y} : {line['field']}, " in text


def test_five_thousand_files_stay_a_light_page(
    demo_home: Home, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = evaluation.queue(demo_home.reader())
    many = pd.concat([few] * (5_000 // len(few) + 1), ignore_index=True).head(5_000)
    many["declaration_no"] = [f"D-2026-{place:05d}" for place in range(len(many))]
    monkeypatch.setattr(evaluation, "queue", lambda _reader: many)
    for asked, lines in ((15, 15), (60, 60), (200, lists.HEAVY)):
        at = open_page(QUEUE, lignes=str(asked))
        assert len(listed(at)) == lines
        assert "5 000 déclarations ouvertes" in sentence(at)
        assert weight(at) < MOST_BYTES
        assert elements(at) <= MOST_ELEMENTS


def test_a_dormant_file_says_when_to_ask_again(demo_home: Home) -> None:
    table = evaluation.queue(demo_home.reader())
    assert (table["is_dormant"] == (table["ask_again_on"].dt.date <= DAY)).all()
    assert (table["quiet_days"] == [(DAY - day.date()).days for day in table["updated_on"]]).all()
    row = {"is_dormant": True, "ask_again_on": date(2026, 11, 2)}
    assert words.again(row, DAY) == "dormant, en retard de 20 j"
    assert words.again(row, date(2026, 11, 2)) == "dormant, à redemander aujourd'hui"
    assert words.again(row | {"is_dormant": False}, DAY) == ""


def test_every_score_is_explained_line_by_line(demo_home: Home, open_page: Opener) -> None:
    reader = demo_home.reader()
    number = str(evaluation.queue(reader)["declaration_no"].iloc[0])
    text = readable(texts(open_page(DECLARATION, numero=number)))
    lines = evaluation.criteria(reader, number)
    assert lines["criterion"].tolist() == list("ABCDEFGHIJKLM")
    for line in lines.to_dict("records"):
        assert f"{line['criterion']} {line['title']}" in text
        assert line["band_label"] in text
    score = evaluation.score(reader, number)
    assert score is not None
    assert lines["points"].sum() == score["points"]
    assert f"{score['points']} / {score['most_points']}" in text
    assert "à valider par l'ANSM" in text


def test_a_typed_criterion_needs_a_reason_and_is_kept(
    built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", f"sqlite:///{tmp_path / 'journal.db'}")
    home = serve(built_demo, monkeypatch, without_sign_in=False)
    number = str(evaluation.queue(home.reader())["declaration_no"].iloc[0])
    at = opened_forms(open_page(DECLARATION, numero=number), number)
    at.button(key=f"FormSubmitter:coter-{number}-L-Enregistrer L").click()
    at.run()
    journal = Journal(f"sqlite:///{tmp_path / 'journal.db'}")
    assert at.warning
    assert journal.evaluation_history(number) == []
    reason = next(box for box in at.text_input if box.label == "Motif (obligatoire)")
    reason.input("Nourrissons, pas d'autre forme.")
    at.button(key=f"FormSubmitter:coter-{number}-L-Enregistrer L").click()
    at.run()
    (kept,) = journal.evaluation_history(number)
    assert (kept.criterion, kept.reason) == ("L", "Nourrissons, pas d'autre forme.")
    assert "Cotation enregistrée" in " ".join(str(item.value) for item in at.success)
    assert "en attente du prochain rafraîchissement" in readable(texts(at))


def opened_forms(at: AppTest, number: str) -> AppTest:
    at.session_state[f"coter-{number}"] = True
    return at.run()


def noted(
    points: int, built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, Any], Journal]:
    """The first declaration of the queue, whose criterion L an evaluator has just typed."""
    address = f"sqlite:///{tmp_path / 'journal.db'}"
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", address)
    home = serve(built_demo, monkeypatch, without_sign_in=False)
    row = figures.records(evaluation.queue(home.reader()))[0]
    journal = Journal(address)
    journal.migrate()
    journal.evaluate(EVALUATOR, str(row["declaration_no"]), "L", points, "Nourrissons.")
    return row, journal


def test_a_saved_score_shows_at_once_on_its_page_and_in_the_queue(
    built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    """Nobody had typed L: it counted for no point, so three points more."""
    row, _ = noted(3, built_demo, tmp_path, monkeypatch)
    expected = f"{int(row['points'])} → {int(row['points']) + 3} / {int(row['most_points'])}"
    for at in (open_page(DECLARATION, numero=str(row["declaration_no"])), open_page(QUEUE)):
        text = readable(texts(at))
        assert expected in text
        assert text.count("en attente du prochain rafraîchissement") == 1


def test_what_was_typed_is_dated_in_the_time_of_paris(
    built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    """Never the time of Greenwich, an hour or two earlier."""
    row, journal = noted(1, built_demo, tmp_path, monkeypatch)
    at = journal.evaluation_history(str(row["declaration_no"]))[0].at
    number = str(row["declaration_no"])
    text = readable(texts(opened_forms(open_page(DECLARATION, numero=number), number)))
    assert f"L : 1 point, Nourrissons. ({EVALUATOR.login}, {at.astimezone(PARIS):%d/%m/%Y %H:%M})" in text


def test_a_score_typed_is_in_the_access_log(
    built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    row, journal = noted(2, built_demo, tmp_path, monkeypatch)
    (line,) = journal.accesses(action="cotation")
    assert (line.login, line.target, line.detail) == (
        EVALUATOR.login,
        "Déclaration",
        f"{row['declaration_no']}, critère L",
    )
    assert "Critère coté" in texts(open_page("pages/acces/acces.py", role="ansm_steward"))


LEVELS = [{"level": "faible", "at_least": 0}, {"level": "moyen", "at_least": 13}, {"level": "important", "at_least": 16},
          {"level": "haut", "at_least": 20}]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "counted", "expected"),
    [
        ([("L", 3)], {("D-1", "L"): (0, False)}, (21, "haut")),  # 18 + 3
        ([("L", 3), ("M", 2)], {("D-1", "L"): (0, False), ("D-1", "M"): (0, False)}, (23, "haut")),  # 18 + 3 + 2
        ([("L", 1)], {("D-1", "L"): (3, True)}, (16, "important")),  # 18 − 3 + 1
        ([("L", 0)], {("D-1", "L"): (3, True)}, (15, "moyen")),  # 18 − 3
        ([("L", 0)], {("D-1", "L"): (0, False)}, (18, "important")),  # typed, worth nothing, still to be counted
        ([("L", 3)], {("D-1", "L"): (3, True)}, None),  # the snapshot counts it already
        ([], {}, None),
    ],
)
def test_the_score_to_come_is_worked_from_what_the_snapshot_counts(
    typed: list[tuple[str, int]], counted: dict[tuple[str, str], tuple[int, bool]], expected: tuple[int, str] | None
) -> None:
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    items = [Evaluation(n, now, "x", "D-1", code, points, "motif") for n, (code, points) in enumerate(typed)]
    elsewhere = Evaluation(9, now, "x", "D-2", "L", 3, "motif")
    found = risk.awaited({"D-1": {"points": 18}}, [*items, elsewhere], counted, LEVELS)
    assert found.get("D-1") == expected
    assert "D-2" not in found


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_levels_of_risk_have_a_ramp_of_their_own() -> None:
    """Text reads on its ground (4.5 to 1); a grey copy keeps the order; no colour of a status is borrowed."""
    looks = [tokens.RISK[str(row["level"])] for row in LEVELS]
    assert all(contrast(look.ink, look.colour) >= 4.5 for look in looks)
    assert [contrast(a.colour, b.colour) >= 1.4 for a, b in pairwise(looks)] == [True] * 3
    assert [luminance(look.colour) for look in looks] == sorted((luminance(k.colour) for k in looks), reverse=True)
    assert not {look.colour for look in looks} & {look.colour for look in tokens.STATUS.values()}


@pytest.mark.parametrize("level", sorted(tokens.RISK))
def test_a_level_is_always_a_word(level: str) -> None:
    drawn = risk.level({"level": level, "points": 7, "most_points": 38})
    assert readable(drawn).strip() == f"{tokens.RISK[level].word} 7 / 38"


def test_pages_whose_blocks_bear_the_same_name_keep_their_own(empty_home: Home, open_page: Opener) -> None:
    """Both scripts have a block « nothing », and both are the module __main__ when they run."""
    at = open_page("pages/declarations/declarations.py")
    assert "Aucune déclaration de rupture ou de risque de rupture." in texts(at)
    at = open_page(QUEUE)
    assert "Aucune déclaration ouverte." in texts(at)
    assert "Aucune déclaration de rupture" not in texts(at)


def test_the_queue_is_closed_to_other_roles(demo_home: Home, open_page: Opener) -> None:
    for role in ("ars-52", "cap", "dgs"):
        text = readable(texts(open_page(QUEUE, role=role)))
        assert "Cette page n'est pas ouverte à votre rôle." in text
        assert "LABORATOIRE " not in text
