"""The list of declarations: its sentence, its filters kept in the URL, its counts, its table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from connectors.language.folding import fold_words
from connectors.language.rounding import downward
from metrics.declarations import queries as declarations
from pages.components import atc, declaration_rows, filters, markup, tables, tokens
from pages.components import format as fr
from pages.components.shell import frame, session

RECENT_DAYS = 7
_STATUS = {"ouverte": "Ouvertes", "close": "Closes", "toutes": "Toutes"}
_TABLE = {
    "declaration_no": "Déclaration",
    "dci_label": "DCI",
    "denomination": "Spécialité",
    "laboratory": "Laboratoire",
    "kind_label": "Type",
    "cause": "Cause",
    "updated_on": "Mise à jour",
    "expected_return_on": "Retour promis",
    "return_slip_days": "Report (j)",
    "share_town_pct": "Part ville (%)",
    "share_hospital_pct": "Part hôpital (%)",
}
# Pixels: eleven columns within the narrowest screen.
_WIDTHS = {"declaration_no": 108, "dci_label": 116, "denomination": 184, "laboratory": 116, "kind_label": 74,
           "cause": 136, "updated_on": 96, "expected_return_on": 106, "return_slip_days": 80, "share_town_pct": 88,
           "share_hospital_pct": 102}  # fmt: skip
_WRITERS: dict[Any, Any] = {
    "Report (j)": lambda v: fr.number(v) if v <= 0 else f"+{fr.number(v)}",
    "Part ville (%)": lambda v: fr.number(downward(v, 1), 1),
    "Part hôpital (%)": lambda v: fr.number(downward(v, 1), 1),
}
_SHORT_KIND = {"rupture": "Rupture", "risque": "Risque"}
_CARDS = "<style>.vs-counts .vs-card{flex:1 1 10rem;padding:.6rem 1rem}</style>"
_DAYS = ("updated_on", "expected_return_on")


def sentence(opened: pd.DataFrame, as_of: date | None) -> str:
    """How many are open, of which kind, on how many DCI, how many moved this week."""
    if opened.empty:
        return f"Aucune déclaration n'est ouverte au {fr.day(as_of)}."
    kinds = opened["kind"].value_counts()
    return (
        f"Au {fr.day(as_of)}, {fr.plural(len(opened), 'déclaration est ouverte', 'déclarations sont ouvertes')} : "
        f"{fr.plural(int(kinds.get('rupture', 0)), 'rupture', 'ruptures')} et "
        f"{fr.plural(int(kinds.get('risque', 0)), 'risque de rupture', 'risques de rupture')}, sur "
        f"{fr.number(opened['dci_key'].nunique())} DCI ; {_moved(opened, as_of)}."
    )


def _moved(table: pd.DataFrame, as_of: date | None) -> str:
    return fr.plural(recent(table, as_of), "a été mise à jour", "ont été mises à jour") + f" en {RECENT_DAYS} jours"


def recent(table: pd.DataFrame, as_of: date | None) -> int:
    """Declarations updated within the last seven days, today included."""
    since = pd.Timestamp(as_of or date.today()) - timedelta(days=RECENT_DAYS - 1)  # noqa: DTZ011
    return int((pd.to_datetime(table["updated_on"]) >= since).sum())


def choose(opened: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Filters, then the declarations that pass them all and what was chosen, in words."""
    line = st.columns([3, 2, 2, 1.4], vertical_alignment="bottom")
    with line[0]:
        typed = filters.search("Rechercher", placeholder="DCI, spécialité, laboratoire, numéro, CIP13")
    with line[1]:
        status = filters.segmented("Statut", _STATUS, "statut")
    table = (
        opened if status == "ouverte" else session.load(declarations.listing, None if status == "toutes" else status)
    )
    with line[2]:
        kind = _pick("Type", tokens.KIND_LABEL, "type", "Tous")
    with line[3]:
        mitm = _pick("Liste", {"mitm": "MITM", "hors": "Hors MITM"}, "liste", "Toutes")
    picked = {"type": kind, "liste": mitm, **_second_line(table)}
    kept = _passing(table, picked, typed)
    words = {"Statut": _STATUS[status], **_words(picked)} | ({"Recherche": typed} if typed else {})
    return kept, words


def _second_line(table: pd.DataFrame) -> dict[str, str | None]:
    line = st.columns(5)
    names = dict(zip(table["dci_key"], table["dci"], strict=True))
    choices: list[tuple[str, str, dict[str, str]]] = [
        ("DCI", "dci", {str(k): _capital(v) for k, v in sorted(names.items(), key=_by_name) if not fr.missing(k)}),
        ("Classe ATC", "atc", {g: atc.label(g) for g in _sorted(table["atc_group"])}),
        ("Cause", "cause", {c: c for c in _sorted(c for causes in table["causes"] for c in causes)}),
        ("Laboratoire", "laboratoire", {name: name for name in _sorted(table["laboratory"])}),
        ("Déclarée en", "mois", _periods(table)),
    ]
    picked = {}
    for column, (label, parameter, options) in zip(line, choices, strict=True):
        with column:
            everything = {"laboratoire": "Tous", "mois": "Tous les mois"}.get(parameter, "Toutes")
            picked[parameter] = _pick(label, options, parameter, everything)
    return picked


def _periods(table: pd.DataFrame) -> dict[str, str]:
    """Years and months of first declaration, the latest first: what the monthly dashboard opens."""
    days = pd.to_datetime(table["declared_on"])
    months = {f"{day:%Y-%m}": fr.long_month(day) for day in days.dropna()}
    years = {f"{day:%Y}": f"{day:%Y}, toute l'année" for day in days.dropna()}
    return dict(sorted({**months, **years}.items(), reverse=True))


def _by_name(item: tuple[Any, Any]) -> str:
    return fold_words(str(item[1]))


def _sorted(values: Iterable[Any]) -> list[str]:
    return sorted({str(v) for v in values if not fr.missing(v)}, key=fold_words)


def _pick(label: str, options: dict[str, str], parameter: str, everything: str) -> str | None:
    return filters.choose(label, options, parameter, optional=True, placeholder=everything)


def _capital(text: object) -> str:
    """First letter as a capital: the name of a substance at the head of a line."""
    written = "" if fr.missing(text) else str(text)
    return written[:1].upper() + written[1:]


def _passing(table: pd.DataFrame, picked: dict[str, str | None], typed: str) -> pd.DataFrame:
    columns = {"type": "kind", "dci": "dci_key", "atc": "atc_group", "laboratoire": "laboratory"}
    kept = pd.Series(data=True, index=table.index)
    for parameter, column in columns.items():
        if picked[parameter]:
            kept &= table[column] == picked[parameter]
    if picked["liste"]:
        kept &= table["is_mitm"] == (picked["liste"] == "mitm")
    if picked["mois"]:
        kept &= pd.to_datetime(table["declared_on"]).dt.strftime("%Y-%m").str.startswith(picked["mois"])
    if picked["cause"]:
        kept &= table["causes"].map(lambda causes: picked["cause"] in causes)
    if typed:
        kept &= table["search_text"].map(lambda text: filters.matching(typed, text))
    return table[kept]


def _words(picked: dict[str, str | None]) -> dict[str, str]:
    names = {"type": "Type", "liste": "Liste", "dci": "DCI", "atc": "Classe ATC", "cause": "Cause",
             "laboratoire": "Laboratoire", "mois": "Déclarée en"}  # fmt: skip
    written = {"mitm": "MITM", "hors": "Hors MITM", **tokens.KIND_LABEL}
    return {names[key]: written.get(value, atc.label(value)) for key, value in picked.items() if value}


def draw(chosen: pd.DataFrame, words: dict[str, str], as_of: date | None) -> None:
    """Counts of what was chosen, the table, its files."""
    cards(chosen, as_of)
    if chosen.empty:
        frame.empty_state("Aucune déclaration ne passe ces filtres.", "Retirer un filtre ou raccourcir la recherche.")
        return
    frame.section("Liste", "la plus récemment mise à jour d'abord ; cliquer sur une ligne ouvre la déclaration")
    table = declaration_rows.named(chosen).assign(
        dci_label=chosen["dci"].map(_capital), cause=chosen["causes"].map(fr.listing)
    )
    _open_clicked(table)
    context = {**words, "Données au": fr.day(as_of)}
    tables.downloads(
        table, declaration_rows.TWIN | {"atc": "ATC", "is_mitm": "MITM"}, "declarations", context, source="declaration"
    )


def cards(chosen: pd.DataFrame, as_of: date | None) -> None:
    """Five counts of the selection."""
    kinds = chosen["kind"].value_counts()
    figures_shown: list[tuple[str, int, str]] = [
        ("Sélection", len(chosen), "déclarations"),
        ("Ruptures", int(kinds.get("rupture", 0)), "de stock"),
        ("Risques", int(kinds.get("risque", 0)), "de rupture"),
        ("DCI touchées", chosen["dci_key"].nunique(), "toutes présentations"),
        ("Mises à jour", recent(chosen, as_of), f"en {RECENT_DAYS} jours, au {fr.day(as_of)}"),
    ]
    shown = "".join(frame.figure_card(label, fr.number(count), unit) for label, count, unit in figures_shown)
    markup.show(f'{_CARDS}<div class="vs-cards vs-counts">{shown}</div>')


def _open_clicked(table: pd.DataFrame) -> None:
    shown = tables.select(table.assign(kind_label=table["kind"].map(_SHORT_KIND)), _TABLE)
    event = st.dataframe(
        shown.style.format(_WRITERS, na_rep=fr.UNKNOWN),
        hide_index=True,
        height=min(36 + 35 * len(shown), 640),
        on_select="rerun",
        selection_mode="single-cell",
        column_config=_columns(),
        placeholder=fr.UNKNOWN,
        key="declarations-liste",
    )
    place = clicked(event)
    if place is not None and place < len(table):
        st.switch_page(declaration_rows.PAGE, query_params={"numero": str(table.iloc[place]["declaration_no"])})


def clicked(event: Any) -> int | None:
    """Place of the row one of whose cells was clicked."""
    cells = event.get("selection", {}).get("cells", [])
    return int(cells[0][0]) if cells else None


def _columns() -> dict[str, Any]:
    """Dates in French order, widths in pixels."""
    day, plain = st.column_config.DateColumn, st.column_config.Column
    return {
        heading: day(heading, format="DD/MM/YYYY", width=_WIDTHS[name])
        if name in _DAYS
        else plain(heading, width=_WIDTHS[name])
        for name, heading in _TABLE.items()
    }
