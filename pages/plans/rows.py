"""Rows of a plan: one followed medicine, its links side by side, the weakest one marked, where to go next."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from pages.components import badges, denominators, tables, tension, tokens
from pages.components import format as fr
from pages.components.charts import figures
from pages.components.grid import Grid

MOLECULE, TERRITORY = "pages/molecules/molecule.py", "pages/territoires/territoires.py"
DECLARATIONS = "pages/declarations/declarations.py"
PRESSURE_SOURCES = {"epidemic": ["spf"], "vigilance": ["vigilance"]}
_STYLE = f"""<style>
.vs-weakest {{ flex: 1; border-left: 4px solid {tokens.INK}; padding-left: .6rem; margin-left: -.2rem; }}
.vs-weak-name {{ display: flex; flex-direction: column; }}
</style>"""

_CANDIDATES = {"group_label": "Groupe", "outcome": "Règle", "reason": "Ce qui écarte", "denomination": "Spécialité",
               "cis": "CIS", "strengths": "Dosages lus", "form": "Forme", "dci": "DCI", "presentations": "Présentations",
               "marketing_state": "Commercialisation"}  # fmt: skip

Row = dict[str, Any]


def answer(groups: pd.DataFrame) -> str:
    """How many are insatisfaisants and acceptables, and the most fragile one with its link, days and date."""
    measured = groups[groups["weakest_status"].notna()]
    if measured.empty:
        return f"Aucun des {len(groups)} médicaments suivis n'est encore mesuré."
    counts = measured["weakest_status"].value_counts()
    low, middle = int(counts.get("insatisfaisante", 0)), int(counts.get("acceptable", 0))
    first = _fragile(measured)
    fragile = f"{first['label']} ({_lower(first['weakest_label'])}, {fr.days(first['weakest_days'])}, mesure du {fr.day(first['weakest_on'])})"
    if not low and not middle:
        return f"{_all_good(len(measured))} ; le plus juste : {fragile}{_unknown(groups)}."
    words = " et ".join(part for part in (_counted(low, "insatisfaisant"), _counted(middle, "acceptable")) if part)
    return f"Sur {fr.plural(len(measured), 'médicament mesuré', 'médicaments mesurés')}, {words} ; le plus fragile : {fragile}{_unknown(groups)}."


def _all_good(measured: int) -> str:
    if measured == 1:
        return "Le seul médicament mesuré est satisfaisant"
    return f"Les {measured} médicaments mesurés sont tous satisfaisants"


def _unknown(groups: pd.DataFrame) -> str:
    """A green headline does not stand for the links nobody measured."""
    count, silent = tension.with_unknown(groups), int(groups["weakest_status"].isna().sum())
    parts = [f"{count} {'a' if count == 1 else 'ont'} un maillon sans chiffre" if count else ""]
    parts.append(f"{silent} sans aucune mesure" if silent else "")
    return "".join(f" ; {part}" for part in parts if part)


def _counted(count: int, word: str) -> str:
    return "" if not count else f"{count} est {word}" if count == 1 else f"{count} sont {word}s"


def _fragile(measured: pd.DataFrame) -> Row:
    """In the gravest status, the smallest share of its own bound: days of two links do not compare."""
    gravest = measured[measured["weakest_status"] == measured["weakest_status"].iloc[0]]
    return figures.records(gravest.sort_values("weakest_bound_pct", kind="stable").head(1))[0]


def _lower(label: object) -> str:
    return str(label)[:1].lower() + str(label)[1:]


def head(plan: Mapping[str, Any], links: pd.DataFrame) -> str:
    """Season, level, week and origin of the plan; « à valider » where the configuration says so."""
    week = links["week"].max() if links["week"].notna().any() else None
    season = "en saison" if plan["in_season"] else "hors saison"
    parts = [
        badges.chip(f"{plan['title']} {plan['season']}, {season}", strong=True),
        badges.chip(str(plan["level_label"]), strong=True),
        "" if week is None else badges.chip(f"Dernière semaine mesurée : {fr.week(week, year=True)}"),
        badges.chip("Plan à valider") if plan["to_validate"] else "",
        f'<span class="vs-note">{escape(str(plan["origin"]))}.</span>',
    ]
    return f'{_STYLE}<div class="vs-legend">{"".join(parts)}</div>'


def draw(plan: Mapping[str, Any], groups: pd.DataFrame, links: pd.DataFrame, bands: pd.DataFrame) -> None:
    """The grid: gravest medicines first, one column a link of the plan."""
    order = list(bands["link"])
    widths = f"minmax(9rem,1.5fr) repeat({len(order)},minmax(11.6rem,2fr)) minmax(6.5rem,1.1fr) 6.6rem 6.2rem"
    head = [
        "Médicament suivi",
        *bands["label"],
        "Maillon le plus faible",
        "Départements insatisfaisants",
        "Déclarations",
    ]
    grid = Grid("plan", widths, head)
    cells = {(row["subject_id"], row["link"]): row for row in figures.records(links)}
    for row in figures.records(groups):
        _row(grid, plan, row, [cells.get((row["group_id"], link), {}) for link in order])


def _row(grid: Grid, plan: Mapping[str, Any], row: Row, cells: list[Row]) -> None:
    """Name, links and weakest link; then the departments and the declarations, links too when there is something."""
    grid.link(str(row["label"]), MOLECULE, {"sujet": str(row["group_id"])})
    shown = [*(_cell(cell, row["weakest_link"]) for cell in cells), _weakest(row)]
    territory, files = _territory(row), int(row["open_declarations"] or 0)
    if not territory:
        shown.append(muted(_territory_words(row)))
    grid.cells(*shown)
    if territory:
        grid.link(territory, TERRITORY, {"plan": str(plan["plan"]), "sujet": str(row["group_id"])})
    if files:
        grid.link(fr.plural(files, "ouverte", "ouvertes"), DECLARATIONS, {"dci": str(row["dci_key"])})
    else:
        grid.cells(muted("aucune"))


def muted(text: str) -> str:
    return f'<span class="vs-note">{escape(text)}</span>'


def _cell(cell: Row, weakest: object) -> str:
    if not cell:
        return muted("—")
    drawn = badges.link_cell(cell)
    return f'<div class="vs-weakest">{drawn}</div>' if cell["link"] == weakest else drawn


def _weakest(row: Row) -> str:
    if fr.missing(row["weakest_label"]):
        return muted("aucun mesuré")
    notes = "".join(muted(words) for words in (tension.label(row), tension.unknown(row)) if words)
    return f'<span class="vs-weak-name"><b>{escape(str(row["weakest_label"]))}</b>{notes}</span>'


def _territory(row: Row) -> str:
    """« 94 sur 97, 95 % des ventes, 2 sans réponse », measured departments; empty when none is insatisfaisant."""
    low, measured = int(row["departments_insufficient"] or 0), int(row["departments_measured"] or 0)
    share = tension.share(low, measured, row["insufficient_sales_pct"])
    sold = f", {share} des ventes" if share else ""
    return f"{fr.number(low)} sur {fr.number(measured)}{sold}{_unanswered(row)}" if low else ""


def _unanswered(row: Row) -> str:
    silent = int(row["departments_silent"] or 0)
    return f", {silent} sans réponse" if silent else ""


def _territory_words(row: Row) -> str:
    counted = f"0 sur {fr.number(row['departments_measured'])}" if row["departments_measured"] else "non mesuré"
    return f"{counted}{_unanswered(row)}"


def names(groups: pd.DataFrame) -> None:
    """Without any measure, the medicines followed and the presentations they cover."""
    grid = Grid("plan-noms", "minmax(14rem,1fr) minmax(0,3fr)")
    for row in figures.records(groups):
        grid.link(str(row["label"]), MOLECULE, {"sujet": str(row["group_id"])})
        grid.cells(muted(fr.plural(row["presentations"], "présentation suivie", "présentations suivies")))


def legend(bands: pd.DataFrame) -> str:
    """Bands of each link in days with their origin, and what the days are counted against."""
    lines = "".join(_band(row) for row in figures.records(bands))
    titles = "".join(f"<th>{escape(title)}</th>" for title in ("Bornes", *_BAND_WORDS, "Origine"))
    denominator_of = {
        str(row["label"]): str(row["denominator"]) for row in figures.records(bands) if row["link"] != "officines"
    }
    counted = f"Jours de couverture = stock ÷ {denominators.of_links(denominator_of)} ; pour les officines, {denominators.PANEL}."
    weak = "Trait vertical : maillon le plus faible. Départements : insatisfaisants en officine, sur ceux qui sont mesurés, avec leur poids dans les ventes du panel ; sans réponse : ceux qui répondaient et n'ont pas répondu cette semaine. Déclarations : toutes celles de la DCI."
    return (
        f'<details class="vs-note" open><summary>Lire ce tableau : bornes, origine, dénominateur</summary>'
        f'<p style="margin:.4rem 0">{escape(counted)} {escape(weak)}</p>'
        f'<table class="vs-table"><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table></details>'
    )


_BAND_WORDS = ("Satisfaisante", "Acceptable", "Insatisfaisante")


def _band(row: Row) -> str:
    high, low = fr.number(row["satisfactory_days"]), fr.number(row["acceptable_days"])
    mark = f" {badges.chip('à valider', strong=True)}" if row["to_validate"] else ""
    cells = (escape(str(row["label"])), f"{high} j et plus", f"de {low} à moins de {high} j",
             f"moins de {low} j", f"{escape(str(row['origin']))}{mark}")  # fmt: skip
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def twin(plan: Mapping[str, Any], groups: pd.DataFrame, links: pd.DataFrame, context: Mapping[str, str]) -> None:
    """One line a medicine and link, with what the rows show."""
    kept = [
        "group_id",
        "label",
        "weakest_label",
        "tension",
        "departments_insufficient",
        "departments_measured",
        "departments_silent",
        "insufficient_sales_pct",
        "departments_mean_days",
        "unknown_links",
        "open_declarations",
    ]
    named = links.assign(denominator_label=[denominators.used(row) for row in figures.records(links)])
    table = named.merge(groups[kept].rename(columns={"label": "medicine"}), left_on="subject_id", right_on="group_id")
    columns = {"medicine": "Médicament suivi", "label": "Maillon", "status": "Statut", "coverage_days": "Couverture (jours)",
               "measured_on": "Mesure du", "figure_state": "État", "state_reason": "Raison", "delta_4w_days": "Écart en 4 semaines (jours)",
               "coverage_legal_days": "Couverture, référence légale (jours)", "coverage_current_days": "Couverture, demande courante (jours)",
               "coverage_members_days": "Couverture, ventes de tous les adhérents (jours)", "denominator_label": "Dénominateur", "rhythm": "Rythme constaté",
               "weakest_label": "Maillon le plus faible", "tension": "Tension",
               "unknown_links": "Maillons sans chiffre",
               "departments_insufficient": "Départements insatisfaisants", "departments_measured": "Départements mesurés",
               "departments_silent": "Départements sans réponse", "insufficient_sales_pct": "Leur part des ventes (%)",
               "departments_mean_days": "Couverture moyenne pondérée par les ventes (jours)",
               "open_declarations": "Déclarations ouvertes (DCI)"}  # fmt: skip
    tables.table_twin(table, columns, f"plan-{plan['plan']}", context, source="plan_status")


def taken(plan: Mapping[str, Any], candidates: pd.DataFrame, as_of: object) -> None:
    """Specialities that each group takes or leaves, to read after a change of rule; nothing in the shared artefact."""
    if candidates.empty:
        return
    label = f"Ce que chaque groupe prend au référentiel ({fr.number(candidates['is_taken'].sum())}) et laisse de peu"
    context = {"Plan": str(plan["title"]), "Données au": fr.day(as_of)}
    tables.table_twin(
        candidates, _CANDIDATES, f"groupes-{plan['plan']}", context, source="group_candidate", label=label
    )


def sources_of(plan: Mapping[str, Any], links: pd.DataFrame) -> list[str]:
    """Sources behind the page: those of the links, the declarations, the pressure outside."""
    return [*dict.fromkeys(links["source_key"]), "trustmed", *PRESSURE_SOURCES.get(str(plan["pressure"]), [])]
