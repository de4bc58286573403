"""Declarations: open ones, those linked to a DCI, one declaration and its versions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader


def is_visible(reader: Reader) -> bool:
    """Declarations are per laboratory: the shared artefact only counts them."""
    return reader.has("declaration")


def everything(reader: Reader) -> pd.DataFrame:
    """Declarations, open ones first, then the most recently updated."""
    return reader.frame("SELECT * FROM declaration ORDER BY status DESC, updated_on DESC, declaration_no")


def listing(reader: Reader, status: str | None = None) -> pd.DataFrame:
    """Declarations as rows of a list (no long text), the most recently updated first; all statuses when None."""
    return reader.frame(
        """
        SELECT
            declaration_no, dci, dci_key, denomination, presentation_label, laboratory, kind, status, causes, circuits,
            start_on, declared_on, updated_on, expected_return_on, first_expected_return_on,
            return_slip_days, return_moves, share_town_pct,
            share_hospital_pct, versions, SUBSTR(atc, 1, 1) AS atc_group, atc, is_mitm, search_text
        FROM declaration
        WHERE $status IS NULL OR status = $status
        ORDER BY updated_on DESC, declaration_no DESC
        """,
        status=status,
    )


def of_dci(reader: Reader, dci_key: str) -> pd.DataFrame:
    """Every declaration linked to a DCI, all laboratories and presentations, open ones first."""
    return reader.frame(
        """
        SELECT * FROM declaration
        WHERE dci_key = $dci_key
        ORDER BY status DESC, CASE kind WHEN 'rupture' THEN 0 ELSE 1 END, updated_on DESC
        """,
        dci_key=dci_key,
    )


def summary(reader: Reader) -> pd.DataFrame:
    """Open declarations by DCI, without laboratories."""
    return reader.frame("SELECT * FROM declaration_summary ORDER BY open_declarations DESC, dci_key")


def one(reader: Reader, declaration_no: str) -> dict[str, Any] | None:
    """One declaration in its last version, or None."""
    return reader.row("SELECT * FROM declaration WHERE declaration_no = $number", number=declaration_no)


def versions(reader: Reader, declaration_no: str) -> list[dict[str, Any]]:
    """Versions of a declaration, the first one first."""
    return reader.rows(
        "SELECT * FROM declaration_version WHERE declaration_no = $number ORDER BY version_no", number=declaration_no
    )


def alternatives(reader: Reader, written: str | None) -> list[dict[str, Any]]:
    """Items of a cell of alternatives, in order, with the speciality or the DCI that each names, when it names one."""
    if not reader.has("alternative_item"):
        return []
    return reader.rows(
        """
        SELECT a.item, a.cis, s.denomination, d.dci
        FROM alternative_item AS a
        LEFT JOIN speciality AS s ON s.cis = a.cis
        LEFT JOIN (SELECT dci_key, MIN(dci) AS dci FROM speciality GROUP BY dci_key) AS d ON d.dci_key = a.dci_key
        WHERE a.alternatives = $written
        ORDER BY a.item_no
        """,
        written=written,
    )


def measures(reader: Reader, declaration_no: str) -> pd.DataFrame:
    """Measures as the last version that states each of them says; none once a version states that there is none."""
    return reader.frame(
        """
        SELECT * FROM measure
        WHERE declaration_no = $number AND NOT is_replaced
        ORDER BY start_on NULLS LAST, measure
        """,
        number=declaration_no,
    )


def measures_by_version(reader: Reader, declaration_no: str) -> list[dict[str, Any]]:
    """Measures as each version states them, the first version first."""
    return reader.rows(
        "SELECT * FROM declaration_measure WHERE declaration_no = $number ORDER BY version_no, measure",
        number=declaration_no,
    )


def promises(reader: Reader, declaration_no: str) -> pd.DataFrame:
    """Every date promised by a declaration, as stated, with its slip in days."""
    return reader.frame(
        """
        SELECT * FROM promise WHERE declaration_no = $number
        ORDER BY promise DESC, promise_no, version_no, CASE state WHEN 'annulé' THEN 0 ELSE 1 END, supply_no
        """,
        number=declaration_no,
    )


def promises_of_dci(reader: Reader, dci_key: str) -> pd.DataFrame:
    """Promised dates of the declarations of a DCI; empty in the shared artefact."""
    if not reader.has("promise"):
        return pd.DataFrame(columns=["declaration_no", "promise", "planned_on", "is_latest", "slip_days"])
    return reader.frame(
        """
        SELECT p.*, d.laboratory, d.status AS declaration_status
        FROM promise AS p
        INNER JOIN declaration AS d ON d.declaration_no = p.declaration_no
        WHERE d.dci_key = $dci_key
        ORDER BY p.declaration_no, p.promise, p.supply_no, p.version_no
        """,
        dci_key=dci_key,
    )


def tipping(reader: Reader, dci_key: str) -> list[dict[str, Any]]:
    """Share of the DCI under open declaration by circuit, what the others absorb, what is left, in %."""
    if not reader.has("tipping"):
        return []
    return reader.rows("SELECT * FROM tipping WHERE dci_key = $dci_key ORDER BY circuit DESC", dci_key=dci_key)


def tipping_all(reader: Reader) -> pd.DataFrame:
    """DCI that small declarations tip over, the largest uncovered need first."""
    if not reader.has("tipping"):
        return pd.DataFrame(columns=["dci_key", "dci", "circuit", "uncovered_pct"])
    return reader.frame("SELECT * FROM tipping WHERE is_tipping ORDER BY uncovered_pct DESC")


def public_lines(reader: Reader, dci_key: str) -> pd.DataFrame:
    """ANSM's public list for a DCI, now and in every photograph received."""
    return reader.frame(
        """
        SELECT * FROM public_shortage_history
        WHERE dci_key = $dci_key
        ORDER BY is_current DESC, updated_on DESC, cis
        """,
        dci_key=dci_key,
    )


def past_years(reader: Reader, dci_key: str) -> pd.DataFrame:
    """Closed declarations of a DCI that ANSM made public, by year, the last one first; without laboratories."""
    return reader.frame("SELECT * FROM past_dci WHERE dci_key = $dci_key ORDER BY year DESC", dci_key=dci_key)


def past_span(reader: Reader) -> dict[str, Any]:
    """First and last year of the release, whatever the DCI; both None when it was not received."""
    found = reader.row("SELECT MIN(year) AS first_year, MAX(year) AS last_year FROM past_dci")
    return found or {"first_year": None, "last_year": None}


def past_lines(reader: Reader, dci_key: str) -> pd.DataFrame:
    """The same, line by line, with their laboratories; restricted artefact only."""
    return reader.frame(
        "SELECT * FROM past_declaration WHERE dci_key = $dci_key ORDER BY event_on DESC, cis", dci_key=dci_key
    )


def public_records(reader: Reader) -> pd.DataFrame:
    """Lines of the public list and closed declarations made public, the latest first."""
    return reader.frame("SELECT * FROM public_record")
