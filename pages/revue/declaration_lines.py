"""Lines of the review at the grain of a file: declarations, promised dates, DCI that tip over, public list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
from markupsafe import Markup

from pages.components import badges, templating, tokens
from pages.components import format as fr
from pages.components import tipping as tipping_words
from pages.components.links import href
from pages.revue import sentence
from pages.revue.movement_lines import LINES, MASKED, Link, Row, Section, beside, muted, strong

_MOVEMENTS = (
    ("passée en rupture", "passée en rupture", "passées en rupture"),
    ("nouvelle", "nouvelle", "nouvelles"),
    ("mise à jour", "mise à jour", "mises à jour"),
    ("close", "close", "closes"),
)
_RUPTURE = "1"
PUBLIC_LIST = "Liste publique"


def capital(text: object) -> str:
    written = str(text)
    return written[:1].upper() + written[1:]


def dci_link(row: Row) -> Link:
    return Link(capital(row["dci"]), href("molecules/molecule", sujet=f"dci:{row['dci_key']}"))


def declaration_link(row: Row) -> Link:
    return Link(str(row["denomination"] or row["dci"]), href("declarations/declaration", numero=row["declaration_no"]))


# Declarations


def declarations(table: pd.DataFrame, summary: pd.DataFrame, *, visible: bool) -> Section:
    if not visible:
        return _summary(summary)
    counts = table["movement"].value_counts() if not table.empty else pd.Series(dtype=int)
    note = ", ".join(fr.plural(counts[key], one, many) for key, one, many in _MOVEMENTS if counts.get(key))
    columns = {"declaration_no": "Déclaration", "movement": "Mouvement", "kind": "Type", "kind_before": "Type avant",
               "dci": "DCI", "denomination": "Présentation", "laboratory": "Laboratoire", "updated_on": "Mise à jour le",
               "expected_return_on": "Retour prévu le", "share_town_pct": "Part de marché ville (%)",
               "share_hospital_pct": "Part de marché hôpital (%)", "versions": "Versions"}  # fmt: skip
    return Section(
        "declarations", "Déclarations", len(table), "Aucune déclaration nouvelle, mise à jour ou close.",
        note=note, table=table, rows=table, columns=columns, line=_declaration_line,
    )  # fmt: skip


def _declaration_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    back = row["expected_return_on"]
    closed = row["movement"] == "close"
    when = "" if fr.missing(back) or closed else f"retour prévu le {fr.day(back)}"
    return declaration_link(row), (
        strong(capital(row["movement"])),
        badges.chip(tokens.KIND_LABEL.get(str(row["kind"]), ""), strong=row["kind"] == "rupture" and not closed),
        muted(_shares(row)),
        muted(when),
    )


def _shares(row: Row) -> str:
    shares = (("ville", row["share_town_pct"]), ("hôpital", row["share_hospital_pct"]))
    return ", ".join(f"{name} {fr.share(value)}" for name, value in shares if not fr.missing(value))


def _summary(summary: pd.DataFrame) -> Section:
    columns = {"dci": "DCI", "open_before": "Déclarations ouvertes avant", "open_declarations": "Déclarations ouvertes",
               "change": "Écart", "open_ruptures": "dont ruptures", "last_updated_on": "Dernière mise à jour"}  # fmt: skip
    return Section(
        "declarations", "Déclarations", len(summary), f"Aucune DCI n'a gagné ni perdu de déclaration ouverte. {MASKED}",
        note="déclarations ouvertes par DCI", table=summary, rows=summary, columns=columns, line=_summary_line,
    )  # fmt: skip


def _summary_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    now = fr.plural(row["open_declarations"], "déclaration ouverte", "déclarations ouvertes")
    ruptures = fr.plural(row["open_ruptures"], "rupture", "ruptures")
    return dci_link(row), (strong(f"{fr.number(row['open_before'])} → {now}"), muted(f"dont {ruptures}"))


# Promised dates


def promises(table: pd.DataFrame, *, visible: bool) -> Section:
    if not visible:
        return Section("promesses", "Dates promises", 0, f"Dates promises : {MASKED}")
    late = int((table["slip_days"] > 0).sum()) if not table.empty else 0
    gone = int(table["slip_days"].isna().sum()) if not table.empty else 0
    note = f"{fr.plural(late, 'date repoussée', 'dates repoussées')}, {fr.plural(len(table) - late - gone, 'avancée', 'avancées')}"
    note += f", {fr.plural(gone, 'retirée', 'retirées')}" if gone else ""
    columns = {"declaration_no": "Déclaration", "dci": "DCI", "denomination": "Présentation", "laboratory": "Laboratoire",
               "promise": "Promesse", "planned_before": "Date avant", "planned_on": "Date promise",
               "slip_days": "Écart (jours)", "boxes": "Boîtes", "stated_on": "Dit le"}  # fmt: skip
    return Section(
        "promesses", "Dates promises", len(table), "Aucune date promise n'a bougé.", note=note,
        table=table, rows=table, columns=columns, line=_promise_line,
    )  # fmt: skip


def _promise_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    boxes = "" if fr.missing(row["boxes"]) else fr.boxes(row["boxes"])
    is_gone = fr.missing(row["slip_days"])
    after = "date retirée" if is_gone else fr.day(row["planned_on"])
    return declaration_link(row), (
        strong(capital(row["promise"])),
        templating.macro(LINES, "figure", f"{fr.day(row['planned_before'])} → {after}"),
        strong("" if is_gone else fr.change(row["slip_days"], digits=0)),
        muted(boxes),
    )


# DCI that tip over


def tipping(table: pd.DataFrame, bound_pct: float, *, compared: bool, visible: bool) -> Section:
    title, quiet = "Basculements", "Aucune DCI ne bascule par addition de petites déclarations."
    if not visible:
        return Section("basculements", title, 0, f"DCI qui basculent : {MASKED}")
    new = int(table["is_new"].sum()) if compared and not table.empty else 0
    rows = _by_dci(table)
    note = fr.plural(len(rows), "DCI", "DCI") + (
        f", dont {fr.plural(new, 'nouveau cas', 'nouveaux cas')}" if new else ""
    )
    columns = {"dci": "DCI", "circuit": "Circuit", "declarations": "Déclarations ouvertes",
               "declared_share_pct": "Parts écrites sous déclaration (% du circuit)",
               "others_absorb_pct": "Part absorbable par les autres présentations (%)",
               "uncovered_pct": "Besoin non couvert (%)", "is_new": "Nouveau"}  # fmt: skip
    return Section(
        "basculements", title, new if compared else len(rows), quiet, note=f"{note} ; petites déclarations qui s'additionnent",
        table=table, rows=rows, columns=columns, line=partial(_tipping_line, bound_pct),
    )  # fmt: skip


def _by_dci(table: pd.DataFrame) -> pd.DataFrame:
    """The worst circuit of each DCI; ``circuits``: all those that tip."""
    if table.empty:
        return table
    tipped = table.groupby("dci_key")["circuit"].agg(list)
    rows = table.drop_duplicates("dci_key")
    return rows.assign(circuits=rows["dci_key"].map(tipped))


def _tipping_line(bound_pct: float, row: Row) -> tuple[Link, Sequence[Markup | str]]:
    count = fr.plural(row["declarations"], "déclaration", "déclarations")
    share = f"{fr.percent(row['declared_share_pct'])} du marché {tipping_words.MARKET[str(row['circuit'])]} sous déclaration"
    new = badges.chip("Nouveau", strong=True) if row.get("is_new") is True else ""
    left = strong(fr.percent(row["uncovered_pct"], bounds=[bound_pct]))
    place = tipping_words.places(row["circuits"])
    return dci_link(row), (
        beside(left, f"non couvert {tipping_words.where(row['circuit'])}", new),
        muted(f"bascule {place} ; {count}, {share}"),
    )


# ANSM's public list


def public(table: pd.DataFrame, last: pd.DataFrame, *, visible: bool) -> Section:
    """Events since the reference; the last known ones, labelled as such, when nothing newer was published."""
    shown = table if not table.empty else last
    if shown.empty:
        return Section("liste", PUBLIC_LIST, 0, "Liste publique de l'ANSM : pas de photographie à comparer.")
    rows = _ranked(shown)
    columns = {"event": "Événement", "cis": "CIS", "cip13": "CIP13", "denomination": "Spécialité", "dci": "DCI",
               "previous_label": "Situation avant", "status_label": "Situation", "updated_on": "Mise à jour le",
               "previous_at": "Photographie avant", "photograph_at": "Photographie", "url": "Fiche ANSM"}  # fmt: skip
    if not visible:
        columns = {name: title for name, title in columns.items() if name not in {"denomination", "url"}}
    stale = "" if not table.empty else "dernières différences connues, rien de plus récent : "
    updates = int((shown["event"] == "mise à jour").sum())
    return Section(
        "liste", PUBLIC_LIST, len(table), "",
        note=f"{stale}{sentence.public_words(shown)} ; {fr.plural(updates, 'mise à jour', 'mises à jour')} de date",
        table=rows, rows=rows, columns=columns, line=_public_line if visible else _public_line_shared,
    )  # fmt: skip


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """New declarations and changes to rupture first, mere updates last."""
    kinds = {"entrée": 1, "changement": 2, "sortie": 3, "mise à jour": 4}
    rank = (
        table["event"]
        .map(kinds)
        .where(~((table["code"] == _RUPTURE) & table["event"].isin(["entrée", "changement"])), 0)
    )
    return table.assign(rank=rank).sort_values(["rank", "updated_on", "denomination"], ascending=[True, False, True])


def _public_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    name = f"CIS {row['cis']}" if fr.missing(row["denomination"]) else str(row["denomination"])
    return _public_target(row, name), _public_cells(row)


def _public_line_shared(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    """A speciality's name often reveals its laboratory: the shared screen shows the DCI."""
    name = f"CIS {row['cis']}" if fr.missing(row["dci"]) else capital(row["dci"])
    return _public_target(row, name), _public_cells(row)


def _public_target(row: Row, name: str) -> Link:
    if fr.missing(row["dci_key"]):
        return Link(name, href("sources/sources", source="bdpm"))
    return Link(name, href("molecules/molecule", sujet=f"dci:{row['dci_key']}"))


def _public_cells(row: Row) -> Sequence[Markup | str]:
    labels = [str(row[name]) for name in ("previous_label", "status_label") if not fr.missing(row[name])]
    words = labels[-1] if len(set(labels)) == 1 else " → ".join(labels)
    when = "" if fr.missing(row["updated_on"]) else f"mise à jour du {fr.day(row['updated_on'])}"
    return strong(capital(row["event"])), words, muted(when)
