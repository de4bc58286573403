"""Build one snapshot folder from the lake: core tables, metrics, checks, then the shared artefact."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from connectors.base import discover, tables
from data import sqlfiles
from data.building import (
    alternatives,
    confirmation,
    declared,
    empty_stocks,
    firms,
    identity,
    names,
    previously_shared,
    quarantine_views,
    together,
    unmatched,
)
from data.building.box_size import box_size
from data.building.substances import dci_key, dci_name, names_a_dci
from data.files import sync, write_json
from data.journal.decisions import NO_DECISION, Decisions
from data.loading.load import Load
from data.loading.parquet import schema
from data.reference import alert_rules, columns, countries, dci_synonyms, ranking, stops
from data.reference import firms as reference_firms
from data.reference import tables as reference_tables
from data.reference.grid import band_table, criterion_table, grid, level_table
from data.reference.plans import plans
from data.reference.strengths import strengths
from data.settings import PROJECT
from data.strict import reference_file
from data.warehouse import SCHEMA_VERSION, Writer, seal

CORE = PROJECT / "data" / "core"
METRICS = PROJECT / "metrics"
MACROS = CORE / "00_macros.sql"
CHECKS = PROJECT / "data" / "checks"
SHARED = PROJECT / "data" / "shared"
COUNTS = ("rows_in", "rows_loaded", "rows_quarantined", "rows_ignored", "layout")
LOAD_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("load_id", "source_key", "file_name", "raw_path")),
        ("received_at", pa.timestamp("us", tz="UTC")),
        ("size_bytes", pa.int64()),
        ("demo", pa.bool_()),
        *((name, pa.int64()) for name in ("sheets", *COUNTS)),
        ("error", pa.string()),
    ]
)
SHEET_SCHEMA = pa.schema(
    [*((name, pa.string()) for name in ("load_id", "sheet", "table_name")), *((name, pa.int64()) for name in COUNTS)]
)

ACCEPTANCES = pa.schema([(name, pa.string()) for name in ("row_ref", "login", "accepted_at", "reason")])
LABEL_SIZES = pa.schema(
    [
        ("label", pa.string()),
        ("units", pa.float64()),
        ("unit_word", pa.string()),
        ("containers", pa.float64()),
        ("container_word", pa.string()),
        ("content", pa.float64()),
    ]
)
EVALUATIONS = pa.schema(
    [
        ("declaration_no", pa.string()),
        ("criterion", pa.string()),
        ("points", pa.int64()),
        *((name, pa.string()) for name in ("reason", "login", "evaluated_at")),
    ]
)
PREPARATIONS = pa.schema(
    [
        *((name, pa.string()) for name in ("subject_id", "week")),
        *((name, pa.int64()) for name in ("preparations", "pharmacies")),
        *((name, pa.string()) for name in ("recommendation_on", "reason", "login", "counted_at")),
    ]
)
NAME_ANSWERS = pa.schema(
    [
        *((name, pa.string()) for name in ("kind", "key", "other_key", "name", "other_name")),
        ("is_same", pa.bool_()),
        *((name, pa.string()) for name in ("login", "answered_at", "reason")),
    ]
)


DENOMINATIONS = (
    "SELECT denomination FROM bdpm_speciality",
    *(
        f"SELECT {column} AS denomination FROM {table} WHERE {column} IS NOT NULL"
        for table, column in (
            ("dispostock_stock_received", "form"),
            ("gers_sales_received", "label"),
            ("retrocedam_units", "label"),
        )
    ),
)
STRENGTHS = pa.schema(
    [
        ("denomination", pa.string()),
        ("is_association", pa.bool_()),
        *((name, pa.string()) for name in ("strength_key", "written_key", "label")),
    ]
)


COUNTRIES = pa.schema([*((name, pa.string()) for name in ("spelling", "code", "country")), ("is_in_union", pa.bool_())])


# A day on which a download was the one received before: source, name, day.
Look = tuple[str, str, date]
LOOKS = pa.schema([("source_key", pa.string()), ("name", pa.string()), ("seen_on", pa.date32())])


class CheckFailed(Exception):
    """A check found rows that must not be published. The message names the check and the first rows."""


@dataclass(frozen=True)
class Recipe:
    """What a snapshot is made of: nothing else may change its content."""

    snapshot_id: str
    as_of: date
    built_at: datetime
    is_demo: bool
    inputs: str
    loads: tuple[Load, ...]
    journal: Decisions = NO_DECISION
    is_open: bool = False
    looks: tuple[Look, ...] = ()


def fingerprint(
    loads: Iterable[Load],
    as_of: date,
    journal: Decisions = NO_DECISION,
    *,
    is_open: bool = False,
    looks: Iterable[Look] = (),
) -> str:
    """Changes when a file in force, a decision, the day, a query, a reference table or who may read it changes."""
    digest = hashlib.sha256(f"{SCHEMA_VERSION} {as_of} {journal.digest} {is_open} {sorted(looks)}".encode())
    for load in sorted(loads, key=lambda item: item.load_id):
        digest.update(f"{load.load_id} {load.error}".encode())
    for folder in (CORE, METRICS, CHECKS, SHARED, reference_file("")):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".sql", ".toml", ".csv"}:
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def build(
    recipe: Recipe,
    modules: dict[str, ModuleType],
    lake: Path,
    snapshots: Path,
    tick: Callable[[str], None] = lambda _: None,
) -> Path:
    """Build, check and name the snapshot folder. Raises CheckFailed and leaves nothing behind."""
    work = snapshots / f".building-{recipe.snapshot_id}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        _write_restricted(work / "restricted.duckdb", recipe, modules, lake, tick)
        tick("Version partageable")
        if recipe.is_open:
            shutil.copyfile(work / "restricted.duckdb", work / "shared.duckdb")  # nothing in it is reserved
        else:
            _write_shared(work)
        write_json(work / "manifest.json", {**_manifest(recipe), "artefacts": seal(work)})
        return _named(work, snapshots / recipe.snapshot_id)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _named(work: Path, final: Path) -> Path:
    """The folder under its own name; a damaged one of that name is moved away first."""
    if final.exists():
        final.rename(work.with_name(f"{work.name}-replaced"))
    work.rename(final)
    sync(final.parent)
    shutil.rmtree(work.with_name(f"{work.name}-replaced"), ignore_errors=True)
    return final


def _write_restricted(
    path: Path, recipe: Recipe, modules: dict[str, ModuleType], lake: Path, tick: Callable[[str], None]
) -> None:
    writer = Writer(path)
    try:
        _reference(writer, recipe, modules)
        views = _lake(writer, recipe.loads, lake)
        _substances(writer)
        _names(writer, views, recipe)
        _strengths(writer)
        _box_sizes(writer)
        _countries(writer)
        previously_shared.remember(writer, path.parent.parent, is_demo=recipe.is_demo)
        for file in sqlfiles.folder(CORE):
            tick(file.name)
            writer.run(file.sql)
            if file.name == confirmation.STEP:
                confirmation.judge(writer)
        unmatched.find(writer)
        alternatives.write(writer)
        declared.write_periods(writer, (module.SOURCE for module in modules.values()))
        metrics = sqlfiles.families(METRICS)
        declared.write_indicators(writer, metrics, modules)
        for file in sqlfiles.in_order(metrics):
            if file.is_published:
                tick(file.name)
                writer.run(f"CREATE TABLE {file.name} AS {file.sql}")
        _decimals_end_here(writer)
        _describe(writer)
        _check(writer, CHECKS)
        writer.settle()
    finally:
        writer.close()


def _reference(writer: Writer, recipe: Recipe, modules: dict[str, ModuleType]) -> None:
    info = {
        "snapshot_id": recipe.snapshot_id,
        "as_of": recipe.as_of,
        "built_at": recipe.built_at,
        "is_demo": recipe.is_demo,
        "is_open": recipe.is_open,
    }
    writer.table("snapshot_info", pa.Table.from_pylist([info]))
    writer.table("department", reference_tables.department_table())
    writer.table("threshold", reference_tables.threshold_table())
    writer.table("parameter", reference_tables.parameters(recipe.as_of), temporary=True)
    for name, schema_, entries in (
        ("journal_acceptance", ACCEPTANCES, recipe.journal.acceptances),
        ("journal_evaluation", EVALUATIONS, recipe.journal.evaluations),
        ("journal_preparation", PREPARATIONS, recipe.journal.preparations),
    ):
        rows = [asdict(entry) for entry in entries]
        writer.table(name, pa.Table.from_pylist(rows, schema=schema_), temporary=True)
    for name, content in (("criterion", criterion_table), ("band", band_table), ("level", level_table)):
        writer.table(f"risk_{name}", content(grid()))
    writer.table("alert_rule", alert_rules.rule_table(alert_rules.rules()))
    writer.table("alert_level", alert_rules.level_table(alert_rules.rules()))
    writer.table("stop_rule", stops.rule_table(stops.stop_rules()))
    for family, in_force in (("anticipation", ranking.ranking()), ("open_rank", ranking.open_ranking())):
        writer.table(f"{family}_component", ranking.component_table(in_force))
        writer.table(f"{family}_indicator", ranking.indicator_table(in_force))
        writer.table(f"{family}_band", ranking.band_table(in_force))
    writer.table("plan", reference_tables.plan_table(plans(), recipe.as_of))
    writer.table("plan_season", reference_tables.plan_season_table(plans(), recipe.as_of))
    writer.table("plan_change", reference_tables.plan_change_table(plans(), recipe.as_of))
    writer.table("plan_link", reference_tables.plan_link_table(plans()))
    writer.table("group_rule", reference_tables.group_rule_table(plans()), temporary=True)
    writer.table("group_strength", reference_tables.group_strength_table(plans()), temporary=True)
    looked = [dict(zip(LOOKS.names, look, strict=True)) for look in recipe.looks]
    writer.table("look", pa.Table.from_pylist(looked, schema=LOOKS), temporary=True)
    writer.table("source", reference_tables.source_table(m.SOURCE for m in modules.values()), temporary=True)


def _lake(writer: Writer, loads: tuple[Load, ...], lake: Path) -> dict[str, str]:
    """One view per lake table over the Parquet files of the loads in force, and the accounts of the loads.

    Their names by table; those of tables with names are created by ``identity``, over what was typed.
    """
    rows = [_load_row(load) for load in loads]
    writer.table("load", pa.Table.from_pylist(rows, schema=LOAD_SCHEMA), temporary=True)
    accounts = [{"load_id": load.load_id, **account} for load in loads for account in load.accounts]
    writer.table("load_sheet", pa.Table.from_pylist(accounts, schema=SHEET_SCHEMA), temporary=True)
    files: dict[str, list[Path]] = {}
    for load in loads:
        for name, parts in load.files.items():
            files.setdefault(name, []).extend(lake / part for part in parts)
    views, kept = {}, {}
    for source in discover():  # those turned off too: their tables are empty
        for name, table in tables(source).items():
            kept[name] = f"{name}_received" if name in confirmation.HOLDABLE else name
            view = f"{kept[name]}{identity.TYPED}" if name in identity.named_tables() else kept[name]
            writer.view(view, files.get(name, []), schema(table))
            views[view] = table
    quarantine_views.create(writer, files, views)
    return kept


def _names(writer: Writer, views: dict[str, str], recipe: Recipe) -> None:
    """Views with the names in force; the rows that wait with a name, or with a file received together."""
    answers = recipe.journal.names
    rows = [asdict(answer) for answer in answers]
    writer.table("journal_name", pa.Table.from_pylist(rows, schema=NAME_ANSWERS), temporary=True)
    named = {table: view for table, view in views.items() if table in identity.named_tables()}
    identities = identity.unify(writer, named, plans(), answers)
    found = firms.firms_of(identities, answers, reference_firms.firms().groups)
    waiting = names.ask(writer, views, identities, answers, found)
    firms.write(writer, found, waiting)
    empty_stocks.decide(writer, recipe.journal.acceptances, identities, answers)
    together.hold(writer, recipe.loads, views)


def _load_row(load: Load) -> dict[str, Any]:
    row = asdict(load)
    row["source_key"] = row.pop("source")
    row["received_at"] = datetime.fromisoformat(load.received_at)
    return row


def _substances(writer: Writer) -> None:
    """Substance names of the referential with the DCI they stand for (salts and hydrates dropped)."""
    names = [row["substance"] for row in writer.rows("SELECT DISTINCT substance FROM bdpm_composition ORDER BY 1")]
    dcis = [dci_name(name) for name in names]
    content = {
        "substance": names,
        "dci": dcis,
        "dci_key": [dci_key(dci) for dci in dcis],
        "names_a_dci": [names_a_dci(name) for name in names],
    }
    kinds = pa.schema([*((name, pa.string()) for name in ("substance", "dci", "dci_key")), ("names_a_dci", pa.bool_())])
    writer.table("substance_name", pa.table(content, schema=kinds), temporary=True)
    # Files that name a DCI may still write one of its other names.
    renamed = [
        {"name_key": dci_key(line.name), "dci_key": dci_key(line.dci)}
        for line in dci_synonyms.synonyms()
        if line.match == "exact"
    ]
    writer.table("dci_synonym", pa.Table.from_pylist(renamed), temporary=True)


def _strengths(writer: Writer) -> None:
    """Strengths stated by each denomination of the referential, read as those of one substance and of an association.

    And by what hospitals write beside a DCI or a UCD.
    """
    found = writer.rows(f"SELECT DISTINCT denomination FROM ({' UNION ALL '.join(DENOMINATIONS)}) AS named ORDER BY 1")
    rows = [
        {
            "denomination": row["denomination"],
            "is_association": is_association,
            "strength_key": key,
            "written_key": amount.written_key,
            "label": amount.label,
        }
        for row in found
        for is_association in (False, True)
        for amount in strengths(row["denomination"], is_association=is_association)
        for key in sorted(amount.keys)
    ]
    writer.table("denomination_strength", pa.Table.from_pylist(rows, schema=STRENGTHS), temporary=True)


def _box_sizes(writer: Writer) -> None:
    """``label_size``: what each label of a presentation states about its box; no row for a label without a quantity."""
    labels = [row["label"] for row in writer.rows("SELECT DISTINCT label FROM bdpm_presentation ORDER BY 1")]
    sizes = [{"label": label, **asdict(size)} for label in labels if label and (size := box_size(label))]
    writer.table("label_size", pa.Table.from_pylist(sizes, schema=LABEL_SIZES), temporary=True)


def _countries(writer: Writer) -> None:
    """``written_country``: what is recognised of the countries that statements of sites write."""
    typed = [
        row["c"]
        for row in writer.rows("SELECT DISTINCT site_country AS c FROM edl_site_received ORDER BY 1")
        if row["c"]
    ]
    rows = [
        {
            "spelling": text,
            "code": code,
            "country": countries.french_name(code),
            "is_in_union": countries.is_in_union(code),
        }
        for text in typed
        if (code := countries.code_of(text))
    ]
    writer.table("written_country", pa.Table.from_pylist(rows, schema=COUNTRIES), temporary=True)


def _decimals_end_here(writer: Writer) -> None:
    """Boxes are decimals while they are added; readers of a snapshot get ordinary numbers."""
    for row in writer.rows(
        "SELECT table_name, column_name FROM duckdb_columns()"
        " WHERE database_name = current_database() AND data_type LIKE 'DECIMAL%' AND NOT internal"
        " AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE NOT temporary)"
    ):
        writer.run(f"ALTER TABLE {row['table_name']} ALTER COLUMN {row['column_name']} TYPE DOUBLE")


def _describe(writer: Writer) -> None:
    """``column_description``: what each column of the tables written so far is."""
    found = writer.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database()"
        " ORDER BY table_name, column_index"
    )
    published = [(row["table_name"], row["column_name"]) for row in found]
    writer.table("column_description", columns.column_table(published))


def _check(writer: Writer, folder: Path) -> None:
    for file in sqlfiles.folder(folder):
        offending = writer.rows(f"SELECT * FROM ({file.sql}) LIMIT 5")
        if offending:
            raise CheckFailed(f"Contrôle « {file.name} » : {file.question} Premières lignes : {offending}")


def _write_shared(work: Path) -> None:
    """The artefact without laboratories: it holds only what ``data/shared`` lists."""
    writer = Writer(work / "shared.duckdb")
    try:
        writer.attach(work / "restricted.duckdb", "restricted")
        writer.run(sqlfiles.load(MACROS).sql)
        # Alerts and spells of the shared artefact are computed from what it holds, by the same queries.
        alerts = alert_rules.shared_queries(alert_rules.rules().rule)
        again = [file for file in sqlfiles.families(METRICS) if file.name in alerts or file.is_shared_again]
        for file in sqlfiles.in_order([*sqlfiles.folder(SHARED), *again]):
            writer.run(f"CREATE TABLE {file.name} AS {file.sql}")
        _decimals_end_here(writer)
        _describe(writer)
        _check(writer, CHECKS / "shared")
        writer.settle()
    finally:
        writer.close()


def _manifest(recipe: Recipe) -> dict[str, Any]:
    return {
        "snapshot_id": recipe.snapshot_id,
        "schema_version": SCHEMA_VERSION,
        "as_of": recipe.as_of,
        "built_at": recipe.built_at.isoformat(),
        "is_demo": recipe.is_demo,
        "is_open": recipe.is_open,
        "inputs": recipe.inputs,
        "loads": [load.load_id for load in recipe.loads],
    }
