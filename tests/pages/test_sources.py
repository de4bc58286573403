"""Sources: the sentence and the rows are the account of reading; what must be corrected can be sent back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from connectors.base import discover
from data import build, warehouse
from data.partners.corrections import by_file
from data.strict import reading
from metrics.sources import queries as sources
from pages.components import format as fr
from pages.components import tables
from pages.components.charts import figures, maps
from pages.components.lists import FIRST
from pages.sources import account, board, corrections, source_detail
from tests.conftest import Home
from tests.pages.conftest import Opener, links, sentence, serve, texts, twins
from tests.typography import TYPED

PAGE = "pages/sources/sources.py"
BROKEN_PLAN = (("plans/hivernal.toml", "title =", "titel ="),)
SAMPLES = Path(__file__).parents[1] / "samples" / "bdpm"


def state(key: str, kind: str, order: int, **values: Any) -> dict[str, Any]:
    counts = {
        "files": 1,
        "rows_in": 10,
        "rows_quarantined": 0,
        "rows_waiting": 0,
        "rows_to_confirm": 0,
        "refused_files": 0,
        "title": f"{key} : suite",
    }
    return {"source_key": key, "state": kind, "order_no": order, **counts, **values}


def test_lines_to_confirm_are_counted_beside_those_to_correct() -> None:
    text = account.answer([state("a", "a_jour", 0, rows_waiting=3, rows_to_confirm=2)], 0)[1].translate(TYPED)
    assert text == ("3 lignes sur 10 attendent une correction ; 2 lignes attendent d'être confirmées.")


STATES = [
    state("a", "a_jour", 0),
    state("b", "a_jour", 1, rows_quarantined=5, rows_waiting=3),
    state("c", "absent", 2, files=0, rows_in=0),
    state("d", "en_retard", 3),
    state("e", "a_jour", 4, refused_files=1),
]


def test_gravest_first() -> None:
    assert [row["source_key"] for row in account.gravest_first(STATES, {})] == ["d", "c", "e", "b", "a"]


def test_a_source_in_error_goes_before_those_that_are_fine() -> None:
    assert [row["source_key"] for row in account.gravest_first(STATES, {"a": "injoignable"})] == [
        "d",
        "c",
        "a",
        "e",
        "b",
    ]


def test_the_sentence_counts_and_names() -> None:
    answer = [part.translate(TYPED) for part in account.answer(STATES, 1)]
    assert answer == [
        "3 sources sur 5 sont à jour ; 1 en retard (d) ; 1 jamais reçue.",
        "1 source en erreur au dernier rafraîchissement ; 3 lignes sur 40 attendent une correction.",
    ]


def test_many_late_sources_are_not_all_named_in_the_answer() -> None:
    late = [state(name, "en_retard", rank) for rank, name in enumerate("abcde")]
    text = account.answer([state("z", "a_jour", 9), *late], 0)[0].translate(TYPED)
    assert text == "1 source sur 6 est à jour ; 5 en retard (a, b, c et 2 autres)."


def test_nothing_received_is_one_sentence() -> None:
    assert account.answer([state("a", "absent", 0, files=0)], 0) == ("", "Aucune source n'est encore arrivée.")


def test_a_name_before_its_colon_is_short_however_it_is_spaced() -> None:
    assert account.short({"title": "OpenHealth\N{NO-BREAK SPACE}: dispensations"}) == "OpenHealth"
    assert account.short({"title": "Santé publique France – Odissé"}) == "Santé publique France"


def tab(at: AppTest, words: str) -> str:
    """Count written beside the words of a tab."""
    (found,) = [label for label, _ in links(at) if label.rpartition(" ")[0] == words]
    return found.rpartition(" ")[2]


def test_every_source_is_a_row_that_opens(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    known = sources.states(demo_home.reader())
    assert {f"sources?source={key}" for key in known["source_key"]} <= {address for _, address in links(at)}
    assert sentence(at).startswith(" ".join(account.answer(figures.records(known), 0)).translate(TYPED))


def test_tabs_count_what_is_late_failed_or_waits_and_show_it_alone(demo_home: Home, open_page: Opener) -> None:
    known = sources.states(demo_home.reader())
    late = list(known.loc[known["state"] == "en_retard", "source_key"])
    correct = known[known["rows_waiting"] > 0]
    at = open_page(PAGE)
    assert tab(at, "Toutes") == str(len(known))
    assert tab(at, "En retard") == str(len(late))
    assert tab(at, "Lignes à corriger") == str(correct["rows_waiting"].sum())
    shown = [address for _, address in links(open_page(PAGE, vue="corriger")) if "source=" in address]
    assert {address.partition("source=")[2] for address in shown} == {f"{k}&onglet=cote" for k in correct["source_key"]}
    shown = [address for _, address in links(open_page(PAGE, vue="retard")) if "source=" in address]
    assert [address.partition("source=")[2] for address in shown] == late


def test_a_source_that_failed_is_in_its_tab() -> None:
    rows = [state("a", "a_jour", 0), state("b", "a_jour", 1, refused_files=2), state("c", "a_jour", 2)]
    marked = [{**row, "has_failed": account.has_failed(row, ("c",))} for row in rows]
    assert board.counted(marked, "echec") == 2


def test_sources_are_sorted_as_asked(demo_home: Home, open_page: Opener) -> None:
    known = sources.states(demo_home.reader())
    read = known.sort_values("rows_in", ascending=False, kind="stable")["source_key"]
    shown = [address for _, address in links(open_page(PAGE, tri="-lues")) if "source=" in address]
    assert shown[0] == f"sources?source={read.iloc[0]}"


def test_a_source_opened_shows_its_way_back_limits_files_and_quarantined_rows(
    demo_home: Home, open_page: Opener
) -> None:
    at = open_page(PAGE, source="trustmed")
    quarantined = sources.quarantine(demo_home.reader(), "trustmed")
    assert len(quarantined) > 0
    text = texts(at)
    assert ("Sources", "sources") in links(at)
    assert f"Lignes mises de côté : {len(quarantined)}" in text, "what is to be corrected is opened first"
    assert "Ne porte que sur les médicaments d&#x27;intérêt thérapeutique majeur" in text
    (shown,) = twins(at)
    assert shown.column("Motif") == [reason.translate(TYPED) for reason in quarantined["reason"]][:FIRST]
    names = [button.proto.label for button in at.get("download_button")]
    assert names.count("Télécharger (XLSX)") == 1
    assert tab(at, "De côté") == str(len(quarantined))


def test_the_files_of_a_source_are_counted_sheet_by_sheet(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, source="trustmed", onglet="fichiers")
    known = sources.sheets(demo_home.reader(), "trustmed")
    (shown,) = twins(at)
    assert shown.column("Fichier") == list(known["file_name"])[:FIRST]
    assert shown.column("Feuille") == list(known["sheet"])[:FIRST]
    assert shown.total == len(known)
    text = texts(at)
    assert f"{known['file_name'].nunique()}\N{NO-BREAK SPACE}fichiers, {len(known)}\N{NO-BREAK SPACE}feuilles" in text


def test_each_tab_of_a_source_shows_its_rows_with_their_files(demo_home: Home, open_page: Opener) -> None:
    reader = demo_home.reader()
    counts = {
        ("tracstocks", "emetteurs", "Émetteurs"): len(sources.senders(reader, "tracstocks")),
        ("trustmed", "sans-effet", "Sans effet"): int(sources.unmatched(reader, "trustmed")["rows"].sum()),
    }
    for (key, name, words), count in counts.items():
        at = open_page(PAGE, source=key, onglet=name)
        assert count > 0
        assert tab(at, words) == str(count)
        assert len(twins(at)) == 1
        assert [b.proto.label for b in at.get("download_button")] == ["Télécharger (CSV)", "Télécharger (XLSX)"]


def test_rows_that_wait_can_be_sent_back_file_by_file(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, source="trustmed")
    waiting = sources.waiting(demo_home.reader(), "trustmed")
    (choice,) = [box for box in at.selectbox if box.label == "Fichier à renvoyer"]
    assert choice.options == [corrections.label(file) for file in by_file(waiting)]
    assert "Lignes à corriger (XLSX)" in [button.proto.label for button in at.get("download_button")]
    text = corrections.sentence(sources.quarantine(demo_home.reader(), "trustmed")).translate(TYPED)
    assert text == ("3 attendent une correction, 3 renvoyées encore fautives ; elles n'entrent dans aucun chiffre"), (
        "an extract of all declarations repeats its bad lines: they wait once"
    )
    assert {file["file_name"] for file in waiting} == {"trustmed_2026-11-22.xlsx"}


def test_open_data_has_nobody_to_send_rows_back_to(demo_home: Home, open_page: Opener) -> None:
    assert "Fichier à renvoyer" not in [box.label for box in open_page(PAGE, source="bdpm").selectbox]


def test_rows_to_send_back_carry_their_place_in_french(demo_home: Home) -> None:
    quarantined = sources.quarantine(demo_home.reader(), "trustmed")
    written = tables.to_csv(tables.select(quarantined, corrections.COLUMNS), {"Source": "TrustMed"}).decode("utf-8-sig")
    assert "Fichier;Feuille;Ligne;Colonne;Valeur lue;Motif;Reçu le;Correction" in written
    assert "clé de contrôle fausse" in written


def test_the_shared_screen_has_counts_but_neither_files_nor_rows(demo_home: Home, open_page: Opener) -> None:
    at = open_page(PAGE, source="trustmed", projection="1")
    assert not at.exception
    text = texts(at)
    assert "masqués (secret des affaires)" in text
    assert "trustmed_" not in text
    assert not twins(at)


def test_sheets_are_accounted_for_one_by_one_and_make_their_file(demo_home: Home) -> None:
    for key in ("trustmed", "tracstocks", "bdpm"):
        sheets, files = sources.sheets(demo_home.reader(), key), sources.files(demo_home.reader(), key)
        read = sheets["rows_loaded"] + sheets["rows_quarantined"] + sheets["rows_ignored"]
        assert list(sheets["rows_in"]) == list(read)
        assert (
            sheets.groupby("file_name")["rows_in"].sum().to_dict() == files.set_index("file_name")["rows_in"].to_dict()
        )
    assert set(sources.sheets(demo_home.reader(), "tracstocks")["sheet"]) == {"Stocks", "Approvisionnements"}


def test_a_refused_file_is_explained_in_full_above_the_table(tmp_path: Path, monkeypatch, open_page: Opener) -> None:
    monkeypatch.setenv("VIGISTOCK_READERS", "1")
    home = Home(tmp_path / "home")
    home.drop_text("pointstock", "page.xlsx", "<html>session expirée</html>")
    home.refresh()
    serve(home.path, monkeypatch)
    at = open_page(PAGE, source="pointstock")
    (shown,) = twins(at)
    assert "Message" not in shown.columns, "said above, whole: a table as wide as its sentence would be cut"
    assert shown.column("État") == ["refusé"]
    text = texts(at).translate(TYPED)
    assert "<b>page.xlsx, reçu le 22/11/2026 : fichier refusé, aucune ligne chargée</b>" in text
    (refused,) = sources.files(home.reader(), "pointstock")["message"]
    assert f"<p>{refused}</p>".translate(TYPED) in text
    assert "<b>À faire :</b> renvoyer cette phrase à l'émetteur" in text.replace("&#x27;", "'")
    assert "« inbox/pointstock »" in text


def test_the_table_of_files_keeps_the_columns_that_say_something() -> None:
    """One sheet with a row set aside, none to confirm; six refusals are more than those told above the table."""
    found = pd.DataFrame({name: [0, 0] for name in source_detail._FILES}).assign(rows_quarantined=[0, 1])
    assert set(source_detail._FILES) - set(source_detail.on_screen(found, 0)) == {
        "rows_without_effect", "rows_to_confirm", "rows_ignored", "message",
    }  # fmt: skip
    assert "message" in source_detail.on_screen(found, source_detail.MOST_REFUSED + 1)


def test_a_source_that_failed_says_which_data_stay(demo_home: Home) -> None:
    states = figures.records(sources.states(demo_home.reader()))
    spf = next(row for row in states if row["source_key"] == "spf")
    run = {"finished_at": "2026-11-22T06:10:00+01:00", "sources": [{"key": "spf", "error": "hôte est injoignable"}]}
    text = account.last_run_html(run, states, details=True).unescape().translate(TYPED)
    kept = f"Dernières données gardées : reçues le {fr.day(spf['last_received_at'])} ({fr.age(spf['age_days'])})."
    assert f"hôte est injoignable. {kept.translate(TYPED)}" in text
    assert "lecture en échec" in account.state_sign(spf, account.errors(run))
    assert "lecture en échec" not in account.state_sign(spf, {})


def test_errors_of_the_last_refresh_show_even_without_publication(
    demo_home: Home, tmp_path: Path, monkeypatch, open_page
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(demo_home.path / "snapshots", copy / "snapshots")
    run = json.loads((copy / "snapshots" / "last_run.json").read_text(encoding="utf-8"))
    run["published"] = False
    run["sources"][0]["error"] = "Service injoignable."
    (copy / "snapshots" / "last_run.json").write_text(json.dumps(run), encoding="utf-8")
    serve(copy, monkeypatch)
    text = texts(open_page(PAGE))
    assert "Service injoignable." in text
    assert "aucun nouvel instantané" in text
    assert "1\N{NO-BREAK SPACE}source en erreur" in text
    assert "Service injoignable." not in texts(open_page(PAGE, projection="1"))


@pytest.fixture
def broken_grid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reference files as they are from now on: a key of the grid and one of a plan are misspelt."""
    folder = shutil.copytree(reading.REFERENCE, tmp_path / "reference")
    for name, before, after in (("risk_grid.toml", "\nunknown_points", "\nunknwn_points"), *BROKEN_PLAN):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    return folder


def test_a_refresh_on_broken_reference_files_leaves_the_last_figures_and_says_why(
    demo_home: Home, broken_grid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    copy = tmp_path / "copy"
    for name in ("snapshots", "raw", "lake"):
        shutil.copytree(demo_home.path / name, copy / name)
    serve(copy, monkeypatch, without_sign_in=False)
    before = warehouse.current(copy / "snapshots")
    monkeypatch.setattr(reading, "REFERENCE", broken_grid)
    monkeypatch.setenv("VIGISTOCK_NOW", "2026-11-23T06:10")
    assert build.main(["--offline"]) == 1
    assert warehouse.current(copy / "snapshots") == before
    at = open_page(PAGE)
    text = texts(at).translate(TYPED)
    assert not at.exception
    assert "Données du 22/11/2026 06:10" in text
    assert "Plan (hivernal.toml) : clé « titel » (ligne 3) : clé inconnue, sans doute « title »" in text
    assert "Grille de risque (risk_grid.toml) : criteria n° 1 « A », clé « unknwn_points » (ligne 38)" in text
    plans = {path.stem for path in (broken_grid / "plans").glob("*.toml")}
    assert set(at.session_state["vigistock-plans"]) == plans, "as the snapshot names them"
    assert not open_page("pages/plans/plan.py").exception


def test_before_any_snapshot_a_broken_file_is_named_on_every_page(
    broken_grid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    home = serve(tmp_path / "first", monkeypatch)
    monkeypatch.setattr(reading, "REFERENCE", broken_grid)
    assert build.main(["--demo"]) == 1
    assert warehouse.current(home.path / "snapshots") is None
    at = open_page()
    assert not at.exception
    written = texts(at).translate(TYPED)
    assert "Le dernier rafraîchissement n'a rien publié." in written.replace("&#x27;", "'")
    assert "Plan (hivernal.toml) : clé « titel »" in written


def test_a_page_that_needs_a_broken_file_names_it(
    demo_home: Home, broken_grid: Path, monkeypatch: pytest.MonkeyPatch, open_page: Opener
) -> None:
    (broken_grid / "carte_departements.geojson").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(reading, "REFERENCE", broken_grid)
    maps.shapes.cache_clear()
    at = open_page("pages/territoires/territoires.py")
    assert not at.exception
    assert "Carte des départements (carte_departements.geojson) : clé « type »" in texts(at).translate(TYPED)
    assert not open_page(PAGE).exception


def test_the_public_list_shows_its_photographs_and_anomalies(tmp_path: Path, monkeypatch, open_page: Opener) -> None:
    """On the samples alone: two photographs counted by code, and the page of a warehouse with one source."""
    # A reading process would start the main script again, which a page opened by an earlier test has replaced.
    monkeypatch.setenv("VIGISTOCK_READERS", "1")
    home = Home(tmp_path / "home")
    shutil.copytree(SAMPLES, home.path / "inbox" / "bdpm")
    home.receive_reserved()
    assert home.refresh().published
    serve(home.path, monkeypatch)
    at = open_page(PAGE, source="bdpm", onglet="liste")
    assert not at.exception
    photographs = sources.photographs(home.reader())
    shown = next(table for table in twins(at) if "Photographie du" in table.columns)
    assert [int(text.replace(" ", "")) for text in shown.column("Lignes")] == list(photographs["rows"])
    assert len(photographs) == 2
    anomalies = sources.anomalies(home.reader())
    assert f"Anomalies de la liste publique : {len(anomalies)}" in texts(
        open_page(PAGE, source="bdpm", onglet="anomalies")
    )
    assert f"{len(discover()) - 2} jamais reçues" in sentence(open_page(PAGE))


def test_an_empty_warehouse_lists_every_source(empty_home: Home, open_page: Opener) -> None:
    assert sentence(open_page(PAGE)).startswith("Aucune source n'est encore arrivée.")
    at = open_page(PAGE, source="iqvia")
    assert not at.exception
    assert "inbox/iqvia" in texts(at)


def test_a_refresh_without_anything_new_does_not_announce_a_snapshot(home: Home) -> None:
    for words in ("nouvel instantané publié", "aucun nouvel instantané"):
        home.refresh()
        run = json.loads((home.path / "snapshots" / "last_run.json").read_text(encoding="utf-8"))
        assert f": {words}." in account.last_run_html(run, [], details=True).translate(TYPED)


def test_a_refused_public_file_that_nobody_fetches_is_asked_of_who_dropped_it() -> None:
    assert source_detail.to_do("historique", "O").startswith("redéposer le fichier tel qu'il est publié")
    assert "en ligne redemande ce fichier" in source_detail.to_do("bdpm", "O")
    assert "renvoyer cette phrase à l'émetteur" in source_detail.to_do("trustmed", "R")
