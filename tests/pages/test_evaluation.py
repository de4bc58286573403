"""Évaluation: the queue, its filters, each score explained line by line, the two typed criteria."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from data.journal import Journal
from metrics.evaluation import queries as evaluation
from pages.components.charts import figures
from pages.evaluation import queue, words
from tests.conftest import Home
from tests.pages.conftest import DAY, Opener, links, sentence, serve, texts

QUEUE, DECLARATION = "pages/evaluation/evaluation.py", "pages/declarations/declaration.py"


def listed(at: object) -> list[str]:
    return [label for label, target in links(at) if target.startswith("declaration?numero=")]  # type: ignore[arg-type]


def told(text: str) -> str:
    """Without marks, spaces made plain."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def test_open_declarations_highest_score_first(demo_home: Home, open_page: Opener) -> None:
    at = open_page(QUEUE)
    table = evaluation.queue(demo_home.reader())
    assert listed(at) == table["declaration_no"].head(60).tolist()
    assert table["points"].is_monotonic_decreasing
    assert sentence(at).startswith(
        f"{len(table)} déclarations ouvertes : {(table['level'] == 'haut').sum()} à haut risque"
    )
    first = table.iloc[0]
    assert f"{first['points']:.0f} / {first['most_points']:.0f}" in told(texts(at))


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
    else:
        assert listed(at) == words.viewed(table, view)["declaration_no"].head(60).tolist()


def test_one_level(demo_home: Home, open_page: Opener) -> None:
    table = evaluation.queue(demo_home.reader())
    level = table["level"].iloc[0]
    assert listed(open_page(QUEUE, niveau=level)) == table[table["level"] == level]["declaration_no"].head(60).tolist()


def test_a_dormant_file_says_when_to_ask_again(demo_home: Home) -> None:
    table = evaluation.queue(demo_home.reader())
    assert (table["is_dormant"] == (table["ask_again_on"].dt.date <= DAY)).all()
    assert (table["quiet_days"] == [(DAY - day.date()).days for day in table["updated_on"]]).all()
    row = table.iloc[[0]].assign(is_dormant=True, ask_again_on=date(2026, 11, 2), change=None)
    assert told(queue.cells(figures.records(row)[0], DAY)[-1]) == " 02/11/2026 dormant, en retard de 20 j "
    assert (
        told(queue.cells(figures.records(row)[0], date(2026, 11, 2))[-1])
        == " 02/11/2026 dormant, à redemander aujourd'hui "
    )


def test_every_score_is_explained_line_by_line(demo_home: Home, open_page: Opener) -> None:
    reader = demo_home.reader()
    number = str(evaluation.queue(reader)["declaration_no"].iloc[0])
    said = told(texts(open_page(DECLARATION, numero=number)))
    lines = evaluation.criteria(reader, number)
    assert lines["criterion"].tolist() == list("ABCDEFGHIJKLM")
    for line in lines.to_dict("records"):
        assert f"{line['criterion']} {line['title']}" in said
        assert line["band_label"] in said
    score = evaluation.score(reader, number)
    assert score is not None
    assert lines["points"].sum() == score["points"]
    assert f"{score['points']} / {score['most_points']}" in said
    assert "à valider par l'ANSM" in said


def test_a_typed_criterion_needs_a_reason_and_is_kept(
    built_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    monkeypatch.setenv("VIGISTOCK_JOURNAL_URL", f"sqlite:///{tmp_path / 'journal.db'}")
    home = serve(built_demo, monkeypatch, without_sign_in=False)
    number = str(evaluation.queue(home.reader())["declaration_no"].iloc[0])
    at = open_page(DECLARATION, numero=number)
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


def test_the_queue_is_closed_to_other_roles(demo_home: Home, open_page: Opener) -> None:
    for role in ("ars-52", "cap", "dgs"):
        said = told(texts(open_page(QUEUE, role=role)))
        assert "Cette page n'est pas ouverte à votre rôle." in said
        assert "LABORATOIRE " not in said
