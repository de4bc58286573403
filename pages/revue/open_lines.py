"""Lines of the open review: movements of the public list by DCI, what is in it and for how long, returns put off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from markupsafe import Markup

from connectors.language.typography import tied
from metrics.public_list import queries as public_list
from pages.components import format as fr
from pages.components import open_data
from pages.components.blocks import kept
from pages.components.charts import figures
from pages.components.links import href
from pages.components.shell import session
from pages.revue.movement_lines import Link, Row, Section, beside, muted, strong

NAMED = 2
UNKNOWN = "cis:"  # begins the key of a line whose speciality has no DCI in the referential
UNLISTED = "spécialité absente du référentiel"
_COLUMNS = {"movement": "Mouvement", "dci": "DCI", "denomination": "Spécialité", "cis": "CIS", "cip13": "CIP13",
            "previous_label": "Situation avant", "label": "Situation", "started_on": "Début publié",
            "first_seen_on": "Vue depuis le", "left_on": "Sortie vue le", "duration_days": "Durée (jours)",
            "duration_is_minimum": "Durée minimale"}  # fmt: skip
_PRESENT = {"dci": "DCI", "denomination": "Spécialité", "cis": "CIS", "cip13": "CIP13", "label": "Situation",
            "started_on": "Début publié", "first_seen_on": "Vue depuis le", "updated_on": "Mise à jour",
            "duration_days": "Durée (jours)", "times_put_off": "Reports", "days_put_off": "Report (jours)"}  # fmt: skip
_RETURNS = {"dci": "DCI", "denomination": "Spécialité", "cis": "CIS", "cip13": "CIP13", "previous_on": "Photographie avant",
            "photograph_on": "Photographie", "previous_returned_on": "Retour annoncé avant",
            "returned_on": "Retour annoncé", "moved_days": "Écart (jours)"}  # fmt: skip
NO_DATE = (
    "Aucune date de retour n'a été déplacée. Dans les fichiers publiés, une ligne en rupture ou en tension porte rarement "
    "une date de retour : elle est écrite le jour de la remise à disposition."
)


@kept
def sections(since: date | None) -> list[Section]:
    """Kinds of movement, in the order in which they call for attention; the list itself last."""
    if since is None:
        return [present()]
    moved = session.load(public_list.movements, since)
    kinds = [
        _moved("entrees", "Entrées", moved, ("entrée",), "Aucune ligne n'est entrée dans la liste."),
        _moved("aggravations", "Rechutes et aggravations", moved, ("rechute", "aggravation"),
               "Aucune ligne n'est retombée ni ne s'est aggravée."),
        _moved("remises", "Remises et améliorations", moved, ("remise", "amélioration"),
               "Aucune remise à disposition ni amélioration."),
        _moved("sorties", "Sorties", moved, ("sortie", "passage"), "Aucune ligne n'a quitté la liste."),
    ]  # fmt: skip
    return [*kinds, put_off(since), present()]


def _moved(key: str, title: str, moved: pd.DataFrame, wanted: Sequence[str], quiet: str) -> Section:
    lines = moved[moved["movement"].isin(wanted)]
    rows = _by_dci(figures.records(lines), "last_code" if key == "sorties" else "code", known_before(moved, lines))
    return Section(
        key, title, len(lines), quiet, note=_note(lines, rows), table=labelled(lines), columns=_COLUMNS, rows=rows,
        line=_left_line if key == "sorties" else _line,
    )  # fmt: skip


def known_before(moved: pd.DataFrame, lines: pd.DataFrame) -> set[str]:
    """DCI that the photograph compared with already had: what enters of another one is new to the list."""
    before = {str(key) for key in moved.loc[moved["previous_code"].notna(), "dci_key"].dropna()}
    now = session.load(public_list.present)
    unmoved = set(zip(now["cis"], now["cip13"].fillna(""), strict=True)) - set(
        zip(moved["cis"], moved["cip13"].fillna(""), strict=True)
    )
    same = {cis for cis, _ in unmoved}
    return before | {str(key) for key in now.loc[now["cis"].isin(same), "dci_key"].dropna()} if len(lines) else before


def _note(lines: pd.DataFrame, rows: pd.DataFrame) -> str:
    if lines.empty:
        return ""
    words = ", ".join(
        fr.plural(count, *_MOVEMENTS[str(kind)]) for kind, count in lines["movement"].value_counts().items()
    )
    gone = lines[lines["movement"] == "sortie"]
    if unseen := int((gone["last_code"] != open_data.RETURN).sum()):
        words += f", dont {fr.number(unseen)} sans remise à disposition vue"
    return f"{words}, sur {_counted(rows)}"


_MOVEMENTS = {
    "entrée": ("entrée", "entrées"),
    "rechute": ("rechute", "rechutes"),
    "aggravation": ("aggravation", "aggravations"),
    "amélioration": ("amélioration", "améliorations"),
    "remise": ("remise à disposition", "remises à disposition"),
    "sortie": ("sortie", "sorties"),
    "passage": ("entrée puis sortie", "entrées puis sorties"),
}


def _counted(rows: pd.DataFrame) -> str:
    """« 137 DCI et 11 spécialités absentes du référentiel »."""
    unknown = int(rows["key"].str.startswith(UNKNOWN).sum()) if not rows.empty else 0
    words = fr.plural(unknown, "spécialité absente du référentiel", "spécialités absentes du référentiel")
    return f"{fr.number(len(rows) - unknown)} DCI" + (f" et {words}" if unknown else "")


def _by_dci(lines: Sequence[Row], code: str, known: Iterable[str] = ()) -> pd.DataFrame:
    """One row a DCI, the gravest first, then the most lines, then the longest; a line without DCI stands alone."""
    groups: dict[str, list[Row]] = {}
    for line in lines:
        key = f"{UNKNOWN}{line['cis']}" if fr.missing(line["dci_key"]) else str(line["dci_key"])
        groups.setdefault(key, []).append(line)
    rows = [_group(key, found, code, is_new=key not in known) for key, found in groups.items()]
    rows.sort(
        key=lambda row: (open_data.gravity(row["code"]), -row["size"], -(row["duration_days"] or 0), row["label"])
    )
    return pd.DataFrame(rows)


def _group(key: str, lines: Sequence[Row], code: str, *, is_new: bool) -> Row:
    first = min(lines, key=lambda line: open_data.gravity(line[code]))
    lasting = [line for line in lines if not fr.missing(line["duration_days"])]
    longest = max(lasting, key=lambda line: line["duration_days"], default=None)
    named = list(dict.fromkeys(str(line["denomination"]) for line in lines if not fr.missing(line["denomination"])))
    label = (
        f"CIS {lines[0]['cis']}" if fr.missing(lines[0]["dci"]) else fr.capital(open_data.substances(lines[0]["dci"]))
    )
    return {
        "key": key,
        "label": label,
        "size": len(lines),
        "names": named,
        "code": first[code],
        "previous_code": first.get("previous_code"),
        "movement": first.get("movement"),
        "started_on": longest["started_on"] if longest else None,
        "duration_days": int(longest["duration_days"]) if longest else None,
        "duration_is_minimum": bool(longest["duration_is_minimum"]) if longest else None,
        "times_put_off": sum(int(line.get("times_put_off") or 0) for line in lines),
        "is_new": is_new,
    }


def link(row: Row) -> Link:
    """A DCI opens its molecule; a speciality that the referential does not have opens its lines among the declarations."""
    key = str(row["key"])
    if key.startswith(UNKNOWN):
        return Link(str(row["label"]), href("declarations/declarations", statut="toutes", q=key.removeprefix(UNKNOWN)))
    return Link(str(row["label"]), href("molecules/molecule", sujet=f"dci:{key}"))


def _line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    is_dci = not str(row["key"]).startswith(UNKNOWN)  # of a speciality that the referential does not have, nobody knows
    new = muted("DCI nouvelle") if is_dci and row["is_new"] and row["movement"] == "entrée" else ""
    change = open_data.change(row["previous_code"], row["code"])
    return link(row), (beside(change, new), strong(_size(row)), muted(open_data.lasting(row)), muted(_names(row)))


def _left_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    how = "après remise à disposition" if row["code"] == open_data.RETURN else "sans remise à disposition vue"
    lasted = ""
    if not fr.missing(row["duration_days"]):
        least = " au moins" if row["duration_is_minimum"] else ""
        lasted = f"a duré {tied(fr.number(row['duration_days']), 'j')}{least}"
    was = open_data.change(None, row["code"])
    return link(row), (beside(was, muted(how)), strong(_size(row)), muted(lasted), muted(_names(row)))


def _size(row: Row) -> str:
    return fr.plural(row["size"], "ligne", "lignes")


def _names(row: Row) -> str:
    names = list(row["names"]) or [UNLISTED]
    more = len(names) - NAMED
    return " ; ".join(names[:NAMED]) + (f" et {fr.plural(more, 'autre', 'autres')}" if more > 0 else "")


def put_off(since: date) -> Section:
    """Return dates that moved after the photograph compared with."""
    table = session.load(public_list.return_changes, since)
    later = int((table["moved_days"] > 0).sum()) if not table.empty else 0
    note = f"{fr.plural(later, 'date repoussée', 'dates repoussées')}, {fr.plural(len(table) - later, 'avancée ou retirée', 'avancées ou retirées')}"
    return Section("reports", "Dates de retour", len(table), NO_DATE, note=note, table=table, columns=_RETURNS,
                   rows=table, line=_return_line)  # fmt: skip


def _return_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    key = f"{UNKNOWN}{row['cis']}" if fr.missing(row["dci_key"]) else row["dci_key"]
    label = f"CIS {row['cis']}" if fr.missing(row["dci"]) else fr.capital(open_data.substances(row["dci"]))
    moved = "retirée" if fr.missing(row["moved_days"]) else fr.change(row["moved_days"], digits=0)
    now = "sans date" if fr.missing(row["returned_on"]) else fr.day(row["returned_on"])
    cells = (strong(moved), f"{fr.day(row['previous_returned_on'])} → {now}", muted(str(row["denomination"] or "")))
    return link({"key": key, "label": label}), cells


def present() -> Section:
    """Every DCI of the last photograph that is still short, the longest first."""
    table = session.load(public_list.present)
    short = table[table["code"] != open_data.RETURN]
    rows = _by_dci(figures.records(short), "code")
    if not rows.empty:
        rows = rows.sort_values("duration_days", ascending=False, kind="stable", na_position="last")
    return Section(
        "liste", "Sur la liste", len(short), "Aucune ligne en rupture, en tension ni en arrêt.",
        note=f"{_counted(rows)}, la plus ancienne d'abord ; lignes répétées comptées une fois", table=labelled(table), columns=_PRESENT,
        rows=rows, line=_present_line,
    )  # fmt: skip


def _present_line(row: Row) -> tuple[Link, Sequence[Markup | str]]:
    slips = f"retour reporté {fr.number(row['times_put_off'])} fois" if row["times_put_off"] else ""
    wording = beside(muted(open_data.lasting(row)), strong(slips) if slips else "")
    return link(row), (open_data.change(None, row["code"]), strong(_size(row)), wording, muted(_names(row)))


def labelled(table: pd.DataFrame) -> pd.DataFrame:
    """Codes in words, for a file."""
    words: Callable[[Any], str | None] = lambda code: open_data.CODES.get(str(code))  # noqa: E731
    made: Mapping[str, Any] = {
        name: table[code].map(words)
        for code, name in (("code", "label"), ("previous_code", "previous_label"))
        if code in table
    }
    return table.assign(**made)
