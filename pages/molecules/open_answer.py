"""Open data: whether a molecule is in the public list, since when and until when; four facts beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from markupsafe import Markup

from metrics.declarations import queries as declarations
from metrics.public_list import subject as public
from pages.components import format as fr
from pages.components.answers import Fact
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.shell import session
from pages.components.templating import render
from pages.molecules import view
from pages.molecules.view import View

ONLY = "Seuls les MITM sans alternative y sont publiés : ne pas y être ne veut pas dire être disponible."

Row = Mapping[str, Any]


@block
def head(subject_id: str, crumbs: tuple[tuple[str, str], ...]) -> Markup:
    """Way back, question, verdict, facts."""
    seen = view.known(subject_id)
    counted, photographs = counts(subject_id), session.load(public.photographs)
    taken = fr.as_date(photographs[-1]["photograph_on"]) if photographs else None
    return render(
        "molecules/head",
        crumbs=crumbs,
        here=seen.short,
        question=f"{seen.short} : dans la liste publique, et jusqu'à quand ?",
        lead=verdict(counted, taken),
        measured=photographed(taken),
        headline="",
        facts=[fact for fact in facts(seen, counted, taken) if fact.value],
        silence="" if counted["ruptures"] + counted["tensions"] else ONLY if taken else "",
    )


def counts(subject_id: str) -> dict[str, Any]:
    found = session.load(public.counts, subject_id)
    if found is None:
        raise LookupError(subject_id)
    return found


def verdict(counted: Row, taken: date | None) -> str:
    """« En tension : 2 présentations commercialisées sur 11. », the gravest state first."""
    if taken is None:
        return "Aucune photographie de la liste publique n'a été reçue."
    whole = f"sur {fr.plural(counted['marketed'], 'présentation commercialisée', 'présentations commercialisées')}"
    if counted["ruptures"]:
        beside = f", {fr.number(counted['tensions'])} en tension" if counted["tensions"] else ""
        return f"En rupture : {fr.number(counted['ruptures'])}{beside} {whole}."
    if counted["tensions"]:
        return f"En tension : {fr.number(counted['tensions'])} {whole}."
    if counted["stops"]:
        return f"Arrêt de commercialisation : {fr.plural(counted['stops'], 'présentation', 'présentations')}."
    if counted["returns"]:
        return f"Remise à disposition : {fr.number(counted['returns'])} {whole}."
    return f"Absente de la liste publique : aucune présentation {whole}."


def photographed(taken: date | None) -> str:
    """The day of the photograph; ``open_limits.list_age`` says when it is old."""
    return "" if taken is None else f"Photographie du {fr.day(taken)}."


def facts(seen: View, counted: Row, taken: date | None) -> Sequence[Fact]:
    """Since when, announced return, closed declarations, reimbursed boxes, what can replace it."""
    stays = session.load(public.spells, seen.id)
    return (
        since(counted, taken),
        announced(counted, stays),
        declared(seen, counted),
        sold(session.load(public.boxes_by_month, (seen.id,))),
        replaced(session.load(public.members, seen.id)),
    )


def since(counted: Row, taken: date | None) -> Fact:
    """Days up to the photograph, which says nothing of the days after it."""
    start = fr.as_date(counted["since_on"])
    if start is None or taken is None:
        return Fact("Depuis", "")
    return Fact("Depuis", fr.plural((taken - start).days, "jour", "jours"), f"du {fr.day(start)} à la photographie")


def announced(counted: Row, stays: pd.DataFrame) -> Fact:
    """Of what is short, the last date written; else when it came or comes back, and how often that was put off."""
    last, times = fr.as_date(counted["last_return_on"]), put_off(stays)
    if not counted["ruptures"] + counted["tensions"]:
        back = fr.as_date(counted["back_on"])
        again = f"repoussée {fr.plural(times, 'fois', 'fois')}" if times else ""
        return Fact("Remise à disposition", fr.day(back) if back else "", again)
    if last is None:
        return Fact("Retour annoncé", "Aucune date", "la liste n'en écrit qu'à la remise à disposition")
    without = int(counted["without_return"])
    return Fact(
        "Retour annoncé",
        fr.day(last),
        f"{fr.plural(without, 'présentation', 'présentations')} sans date" if without else "",
    )


def put_off(stays: pd.DataFrame) -> int:
    """Dates of return put off, of the lines listed now."""
    return 0 if stays.empty else int(stays.loc[stays["is_current"], "times_put_off"].fillna(0).sum())


def declared(seen: View, counted: Row) -> Fact:
    """Closed declarations of the subject in the public release, and its years."""
    lines = counted["past_lines"]
    years = [int(row["year"]) for row in figures.records(session.load(declarations.past_years, seen.dci_key))]
    if fr.missing(lines) or not years:
        return Fact("Déclarations closes", "")
    label = f"Déclarations closes, {min(years)}–{max(years)}" if min(years) != max(years) else f"Closes, {years[0]}"
    return Fact(label, fr.number(lines), f"dont {fr.plural(counted['past_ruptures'], 'rupture', 'ruptures')}")


def sold(months: pd.DataFrame) -> Fact:
    """Reimbursed boxes of the last month, against a year before."""
    if months.empty:
        return Fact("Boîtes remboursées", "")
    last = figures.records(months.tail(1))[0]
    beside = "" if fr.missing(last["change_pct"]) else f", {fr.change(last['change_pct'], '%', digits=0)} en un an"
    return Fact("Boîtes remboursées", fr.number(last["boxes"]), f"{fr.month(last['month'])}{beside}")


def replaced(members: pd.DataFrame) -> Fact:
    """Specialities of the same generic groups, marketed and not short according to the list."""
    if members.empty:
        return Fact("Génériques", "Aucun groupe", "rien ne se substitue")
    each = members.drop_duplicates("cis")
    free = each[(each["marketed"] > 0) & ~each["public_code"].isin(("1", "2", "3"))]
    whole = fr.plural(len(each), "spécialité", "spécialités")
    return Fact("Substituables", fr.number(len(free)), f"commercialisées, hors de la liste, sur {whole}")
