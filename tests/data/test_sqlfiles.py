"""SQL files: what their header says, in which order they run."""

from __future__ import annotations

from functools import cache
from graphlib import CycleError
from pathlib import Path

import pytest

from data import sqlfiles
from data.building import snapshot
from data.reference.thresholds import plausibility, thresholds

TEXT = """-- Combien de boîtes reste-t-il ?
-- grain : sujet × semaine
-- formule : stock ÷ demande ;
--   la demande est une moyenne : quatre semaines
-- seuils : un, deux
-- Not a key because of its length, so it goes on with the last one: really.
SELECT 1 AS un -- FROM nowhere
FROM autre;
"""


def _write(folder: Path, name: str, text: str) -> sqlfiles.SqlFile:
    path = folder / f"{name}.sql"
    path.write_text(text, encoding="utf-8")
    return sqlfiles.load(path)


def test_the_header_is_a_question_then_keys(tmp_path: Path) -> None:
    file = _write(tmp_path, "reste", TEXT)
    assert (file.name, file.question) == ("reste", "Combien de boîtes reste-t-il ?")
    assert file.method["grain"] == "sujet × semaine"
    assert file.method["formule"] == "stock ÷ demande ; la demande est une moyenne : quatre semaines"
    assert file.method["seuils"].startswith("un, deux")
    assert list(file.method) == ["grain", "formule", "seuils"]
    assert file.sql.endswith("FROM autre")


def test_a_file_without_header_has_no_question(tmp_path: Path) -> None:
    file = _write(tmp_path, "nu", "SELECT 1 AS un\n-- plus bas : ceci n'est pas un en-tête\n")
    assert (file.question, file.method) == ("", {})


def test_a_query_runs_after_those_it_reads(tmp_path: Path) -> None:
    _write(tmp_path, "a", "-- ?\nSELECT * FROM b JOIN c ON true")
    _write(tmp_path, "b", "-- ?\nSELECT * FROM d")
    _write(tmp_path, "c", "-- ?\nWITH x AS (SELECT * FROM b)\nSELECT * FROM x")
    _write(tmp_path, "d", "-- ?\nSELECT 1 AS un FROM elsewhere -- JOIN a")
    order = [file.name for file in sqlfiles.in_order(sqlfiles.folder(tmp_path))]
    assert sorted(order) == ["a", "b", "c", "d"]
    assert order.index("d") < order.index("b") < order.index("c") < order.index("a")


def test_two_queries_that_need_each_other_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, "a", "SELECT * FROM b")
    _write(tmp_path, "b", "SELECT * FROM a")
    with pytest.raises(CycleError):
        sqlfiles.in_order(sqlfiles.folder(tmp_path))


@pytest.mark.parametrize("folder", [snapshot.CORE, snapshot.CHECKS, snapshot.SHARED])
def test_every_query_of_the_project_asks_something(folder: Path) -> None:
    files = sqlfiles.folder(folder)
    assert files
    for file in files:
        assert file.question.endswith(("?", ".")), file.name


def test_only_queries_that_compare_with_a_choice_of_the_reader_fill_no_table() -> None:
    """Another snapshot, or a photograph of the public list."""
    compares = ("ref.", "JOIN chosen")
    on_read = {file.name for file in sqlfiles.families(snapshot.METRICS) if not file.is_published}
    found = sqlfiles.families(snapshot.METRICS)
    assert on_read == {file.name for file in found if any(sign in file.sql for sign in compares)}


def test_a_threshold_named_by_a_method_exists() -> None:
    """The page that explains an indicator shows each of its thresholds with its origin."""
    parameters = thresholds() | plausibility()
    for file in sqlfiles.families(snapshot.METRICS):
        named = [name.strip() for name in file.method.get("seuils", "").split(",") if name.strip()]
        assert set(named) <= parameters.keys(), file.name
        assert all(name in file.sql or name in _core() for name in named), file.name


@cache
def _core() -> str:
    return "\n".join(file.sql for file in sqlfiles.folder(snapshot.CORE))
