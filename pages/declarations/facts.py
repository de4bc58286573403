"""Facts and measures of one declaration, as HTML; every word a partner typed is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from pages.components import badges, declaration_rows, tokens
from pages.components import format as fr

_STYLE = f"""<style>
dl.vs-facts {{ display: grid; grid-template-columns: minmax(7.5rem,auto) 1fr; margin: 0 !important; padding: 0; font-size: .9375rem;
  border-top: 1px solid {tokens.LINES}; }}
dl.vs-facts dt, dl.vs-facts dd {{ margin: 0 !important; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid {tokens.LINES}; }}
.vs-facts dt {{ color: {tokens.SECONDARY}; }} .vs-facts dd {{ overflow-wrap: anywhere; }}
.vs-facts a {{ color: {tokens.ACCENT} !important; font-weight: 600; }}
</style>"""


def html(row: Mapping[str, Any], alternatives: Sequence[Mapping[str, Any]] = ()) -> str:
    """What the last version says, in two columns; ``alternatives``: the items of that cell, as recognised."""
    when = declaration_rows.note(f"du {fr.day(row['updated_on'])}")
    return f'{_STYLE}<h2 class="vs-section">Dernière version {when}</h2>' + _pairs(
        [
            ("Type", declaration_rows.kind_chip(row)),
            ("Spécialité", escape(_text(row["denomination"]))),
            ("Présentation", _presentation(row)),
            ("Laboratoire", escape(_text(row["laboratory"]))),
            ("Causes", escape(fr.listing(row["causes"]))),
            ("Circuits", escape(fr.listing(row["circuits"]).capitalize())),
            ("Début", _start(row)),
            ("Première déclaration", fr.day(row["declared_on"])),
            ("Parts de marché", declaration_rows.shares(row)),
            ("Ventes par mois", _sales(row)),
            ("Stock disponible", fr.boxes(row["stock_boxes"])),
            ("Prochain apport", _next(row)),
            ("Sites", escape(_text(row["sites"]))),
            ("Alternatives", alternatives_html(row["alternatives"], alternatives)),
            ("Commentaire", escape(_text(row["comment"]))),
            ("Statut légal", "MITM" if row["is_mitm"] else "Hors liste MITM"),
            (
                "Liste publique",
                declaration_rows.sheet_link(row["public_url"])
                or declaration_rows.note("pas de fiche connue ; seuls les MITM sans alternative y sont publiés"),
            ),
        ]
    )


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """Definition list; the second of each pair is HTML already escaped."""
    return f'<dl class="vs-facts">{"".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in pairs)}</dl>'


def _text(value: object) -> str:
    return fr.UNKNOWN if fr.missing(value) or not str(value).strip() else str(value)


def alternatives_html(written: object, items: Sequence[Mapping[str, Any]]) -> str:
    """One item a line, as typed, with the speciality or the DCI of the referential that it names."""
    if not items:
        return escape(_text(written))
    return "<br>".join(escape(declaration_rows.alternative(item)) for item in items)


def _presentation(row: Mapping[str, Any]) -> str:
    code = declaration_rows.note(f"CIP13 {row['cip13']}")
    return f"{escape(_text(row['presentation_label']))}<br>{code}"


def _start(row: Mapping[str, Any]) -> str:
    length = row["duration_days"]
    planned = "" if fr.missing(length) else declaration_rows.note(f"durée prévue {fr.number(length)} j")
    return f"{fr.day(row['start_on'])} {planned}"


def _sales(row: Mapping[str, Any]) -> str:
    known = [
        (name, row[column]) for name, column in (("ville", "sales_town_boxes"), ("hôpital", "sales_hospital_boxes"))
    ]
    return "<br>".join(f"{name} {fr.boxes(value)}" for name, value in known if not fr.missing(value)) or fr.UNKNOWN


def _next(row: Mapping[str, Any]) -> str:
    return (
        declaration_rows.note("aucun annoncé")
        if fr.missing(row["next_supply_on"])
        else f"le {fr.day(row['next_supply_on'])}"
    )


def measures_html(measures: Sequence[Mapping[str, Any]]) -> str:
    """Measures of the last version that states any: what, where it stands, dates, volumes served."""
    if not measures:
        return '<p class="vs-empty-line">Aucune mesure indiquée.</p>'
    return "".join(f'<p style="margin:.35rem 0">{_measure(row)}</p>' for row in measures)


def _measure(row: Mapping[str, Any]) -> str:
    served = [(name, row[column]) for name, column in (("ville", "town_pct"), ("hôpital", "hospital_pct"))]
    parts = [f"du {fr.day(row['start_on'])}" if not fr.missing(row["start_on"]) else ""]
    parts += [f"au {fr.day(row['end_on'])}" if not fr.missing(row["end_on"]) else ""]
    parts += [
        f"{name} servie à {fr.percent(v)}" if name == "ville" else f"{name} servi à {fr.percent(v)}"
        for name, v in served
        if not fr.missing(v)
    ]
    parts += [] if fr.missing(row["detail"]) else [str(row["detail"])]
    name = str(row["measure"])
    chip = badges.chip(str(row["state"]).capitalize(), strong=row["state"] == "en place")
    return f"<b>{escape(name[:1].upper() + name[1:])}</b> {chip}<br>{declaration_rows.note(', '.join(p for p in parts if p))}"
