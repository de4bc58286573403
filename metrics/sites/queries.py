"""Sites of annual statements: all of them, what depends on one, those of a speciality or of a DCI."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.warehouse import Reader

Rows = list[dict[str, Any]]
# In the order in which a medicine is made.
STEPS = ("substance active", "fabrication", "conditionnement", "importation", "contrôle", "libération")


def is_visible(reader: Reader) -> bool:
    """A statement is a laboratory's secret: none of it is in the shared artefact."""
    return reader.has("production_site")


def sites(reader: Reader) -> pd.DataFrame:
    """Every site, the one on which the most DCI depend first; ``search_text``: what a search may find."""
    return reader.frame(
        """
        SELECT
            s.*, LOWER(strip_accents(
                s.site_name || ' ' || COALESCE(s.written, '') || ' ' || COALESCE(s.country, '') || ' ' || d.words
            )) AS search_text
        FROM production_site AS s
        INNER JOIN (
            SELECT
                site_key, STRING_AGG(DISTINCT COALESCE(dci, denomination, cis), ' ') || ' '
                    || STRING_AGG(DISTINCT laboratory, ' ') || ' ' || STRING_AGG(DISTINCT cis, ' ') AS words
            FROM site_step
            GROUP BY site_key
        ) AS d ON d.site_key = s.site_key
        ORDER BY s.dcis DESC, s.specialities DESC, s.site_name, s.site_key
        """
    )


def steps(reader: Reader) -> pd.DataFrame:
    """Counts of each site by step: specialities, DCI, those without another site."""
    return reader.frame(
        """
        SELECT
            site_key, step, COUNT(DISTINCT cis) AS specialities, COUNT(DISTINCT dci_key) AS dcis,
            COUNT(DISTINCT CASE WHEN is_mitm THEN cis END) AS mitm_specialities,
            COUNT(DISTINCT CASE WHEN is_only_site THEN cis END) AS only_specialities
        FROM site_step
        GROUP BY site_key, step
        ORDER BY site_key, step
        """
    )


def depending(reader: Reader, site_key: str) -> pd.DataFrame:
    """Specialities that depend on a site: its steps there, those without another site, declarations and lists beside.

    MITM without another site first, then by DCI.
    """
    return reader.frame(
        """
        SELECT
            s.cis, s.denomination, s.dci, s.dci_key, s.laboratory, s.year, p.steps, p.only_steps, p.is_subcontractor,
            s.is_mitm, s.said_mitm, s.mitm_gap, s.is_marketed, s.lists, s.open_declarations, s.declaration_nos
        FROM (
            SELECT
                cis, STRING_AGG(step, ', ' ORDER BY step) AS steps,
                STRING_AGG(CASE WHEN is_only_site THEN step END, ', ' ORDER BY step) AS only_steps,
                BOOL_OR(is_subcontractor) AS is_subcontractor
            FROM site_step
            WHERE site_key = $site_key
            GROUP BY cis
        ) AS p
        INNER JOIN site_speciality AS s ON s.cis = p.cis
        ORDER BY
            CASE WHEN p.only_steps IS NULL THEN 2 WHEN s.is_mitm THEN 0 ELSE 1 END, s.dci, s.denomination, s.cis
        """,
        site_key=site_key,
    )


def mitm_gaps(reader: Reader) -> pd.DataFrame:
    """Specialities whose laboratory says otherwise than the public list, said and absent first."""
    return reader.frame(
        """
        SELECT * FROM site_speciality
        WHERE mitm_gap IS NOT NULL
        ORDER BY mitm_gap, is_marketed DESC, denomination, cis
        """
    )


def counts(reader: Reader) -> dict[str, Any]:
    """Of the statements in force: DCI, specialities, those of a single making site, outside the Union; last year."""
    found = reader.row(
        """
        SELECT
            COUNT(DISTINCT dci_key) AS dcis, COUNT(*) AS specialities, MAX(year) AS year, MIN(year) AS first_year,
            COUNT(DISTINCT laboratory) AS laboratories,
            COUNT(CASE WHEN single_making_steps > 0 THEN 1 END) AS single_specialities,
            COUNT(CASE WHEN outside_steps IS NOT NULL THEN 1 END) AS outside_specialities,
            COUNT(CASE WHEN mitm_gap = 'dit_absent' THEN 1 END) AS unlisted_mitm,
            COUNT(CASE WHEN mitm_gap = 'non_dit' THEN 1 END) AS unsaid_mitm
        FROM site_speciality
        """
    )
    return found or {}


def of_dci(reader: Reader, dci_key: str) -> Rows:
    """Sites of a DCI, step by step, with how many of its specialities each makes; none in the shared artefact."""
    if not is_visible(reader):
        return []
    return reader.rows(
        """
        SELECT
            step, site_key, MIN(site_name) AS site_name, MIN(country) AS country, MIN(place) AS place,
            COUNT(DISTINCT cis) AS specialities, COUNT(DISTINCT CASE WHEN is_only_site THEN cis END) AS only_specialities,
            COUNT(*) OVER (PARTITION BY step) AS sites_of_step, MIN(year) AS first_year, MAX(year) AS year
        FROM site_step
        WHERE dci_key = $dci_key
        GROUP BY step, site_key
        ORDER BY step, specialities DESC, site_name, site_key
        """,
        dci_key=dci_key,
    )


def stated(reader: Reader, dci_key: str) -> dict[str, Any]:
    """How many marketed specialities of a DCI a statement describes, of how many."""
    found = reader.row(
        """
        SELECT COUNT(*) AS specialities, COUNT(p.cis) AS stated
        FROM speciality AS s
        LEFT JOIN site_speciality AS p ON p.cis = s.cis
        WHERE s.dci_key = $dci_key AND s.marketing_state = 'Commercialisée'
        """,
        dci_key=dci_key,
    )
    return found or {"specialities": 0, "stated": 0}


def of_speciality(reader: Reader, cis: str | None) -> Rows:
    """Sites of a speciality, step by step; none in the shared artefact."""
    if not is_visible(reader):
        return []
    return reader.rows(
        "SELECT * FROM site_step WHERE cis = $cis ORDER BY step, site_name, site_key",
        cis=cis,
    )
