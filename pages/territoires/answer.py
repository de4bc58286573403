"""The sentence that answers « est-ce seulement ici, ou partout ? », computed from the classification and the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pages.components import format as fr
from pages.components import tension, tokens

_KINDS = (
    ("nationale", "tension nationale", "tensions nationales"),
    ("diffuse", "diffuse", "diffuses"),
    ("localisee", "localisée", "localisées"),
)


def written(parts: Sequence[str]) -> str:
    """Parts as one sentence."""
    return " ; ".join(parts) + "." if parts else ""


def of_group(
    row: Mapping[str, Any], departments: pd.DataFrame, region_name: str = "", bounds: Sequence[float] = ()
) -> list[str]:
    """Parts of the sentence of one followed medicine: the answer, then what it leaves out.

    row: *plan_status* (label, tension, weakest link). departments: its 101 rows of *department_status*.
    region_name: the region chosen, its numbers are then set against the country's. bounds: shares of departments that
    change the class.
    """
    measured = departments[departments["is_measured"]]
    low = measured[measured["status"] == "insatisfaisante"]
    silent = departments[departments["is_silent"]]
    parts = [_unmeasured(row) if measured.empty else _verdict(row, low, len(measured), len(silent))]
    if not measured.empty:
        parts.append(tension.mean(row))
    parts += [_links(row), tension.silent(list(silent["name"])), *_left_out(departments)]
    if region_name:
        parts.append(_region(region_name, low, measured, silent, bounds))
    return list(filter(None, parts))


def _unmeasured(row: Mapping[str, Any]) -> str:
    if row["tension"] == "nationale":
        return f"La tension sur {row['label']} est nationale ({_weakest(row)}) ; aucun département n'est mesuré"
    return f"Aucune mesure du panel d'officines pour {row['label']} : rien ne dit encore si le manque est local"


def _weakest(row: Mapping[str, Any]) -> str:
    return f"{str(row['weakest_label']).lower()} à {fr.days(row['weakest_days'])}"


def _verdict(row: Mapping[str, Any], low: pd.DataFrame, measured: int, silent: int) -> str:
    kind, label = row["tension"], row["label"]
    head = tension.extent(kind, len(low), measured, silent)
    counted = tension.counted(len(low), measured, row["insufficient_sales_pct"])
    if kind == "nationale":
        return f"{head} : la tension sur {label} est nationale ({_weakest(row)}) ; {counted}"
    if kind in tokens.TENSION_LABEL:
        names = tension.some(list(low.sort_values("coverage_days")["name"])) if kind == "localisee" else ""
        word = tokens.TENSION_LABEL[str(kind)].lower()
        return f"{head} : la tension sur {label} est {word} ; {counted}{names}"
    if len(low) or silent > measured:
        return f"Trop peu de départements ont répondu pour le dire de {label} : {counted}"
    if measured == 1:
        return f"{head} : {label} n'est pas insatisfaisant dans le seul département mesuré"
    return f"{head} : {label} n'est insatisfaisant dans aucun des {measured} départements mesurés"


def _links(row: Mapping[str, Any]) -> str:
    words = tension.unknown(row)
    return f"maillon {words}" if words else ""


def _left_out(departments: pd.DataFrame) -> list[str]:
    """What is neither measured nor silent: waiting to be confirmed, or never to be expected."""
    others = departments[~departments["is_measured"] & ~departments["is_silent"]]
    waiting = int((others["figure_state"] == "absent").sum())
    return [_waiting(waiting), _off(len(others) - waiting)]


def _waiting(count: int) -> str:
    return "" if count == 0 else f"{count} sans mesure confirmée"


def _off(count: int) -> str:
    if count == 0:
        return ""
    return f"{count} {'autre' if count < 2 else 'autres'} hors panel ou sous le plancher de fiabilité"


def _region(
    name: str, low: pd.DataFrame, measured: pd.DataFrame, silent: pd.DataFrame, bounds: Sequence[float] = ()
) -> str:
    here, low_here = measured[measured["region_name"] == name], low[low["region_name"] == name]
    lost = tension.silent(list(silent.loc[silent["region_name"] == name, "name"]))
    if here.empty:
        return f"région {name} : {', '.join(filter(None, ['aucun département mesuré', lost]))}"
    share, country = 100 * len(low_here) / len(here), 100 * len(low) / len(measured)
    against = f"{fr.percent(share, bounds=bounds)}, contre {fr.percent(country, bounds=bounds)} en France"
    counted = f"{len(low_here)} sur {fr.plural(len(here), 'mesuré', 'mesurés')} ({against})"
    return f"région {name} : {', '.join(filter(None, [counted, lost]))}"


def of_plan(groups: pd.DataFrame, counts: pd.DataFrame, region_name: str = "") -> list[str]:
    """The same of all followed medicines of a plan. groups: *plan_status*; counts: *department_count*."""
    known = counts[counts["measured"] > 0] if not counts.empty else counts
    if known.empty:
        return ["Aucune mesure du panel d'officines : rien ne dit encore si les manques sont locaux"]
    touched, others = known[known["insufficient"] > 0], counts[counts["measured"] == 0]
    silent = others[others["silent"] > 0]
    partly = int((known["silent"] > 0).sum())
    parts = [_kinds(groups), _touched(touched, known), tension.silent(list(silent["name"]))]
    if partly:
        verb = "n'a répondu" if partly == 1 else "n'ont répondu"
        parts.append(f"{partly} {verb} cette semaine que pour une partie des médicaments")
    parts.append(_off(len(others) - len(silent)))
    if region_name:
        parts.append(_region(region_name, touched, known, silent))
    return list(filter(None, parts))


def _kinds(groups: pd.DataFrame) -> str:
    kinds = [fr.plural(n, one, many) for key, one, many in _KINDS if (n := int((groups["tension"] == key).sum()))]
    unknown = int(groups["tension"].isna().sum())
    unclassed = fr.plural(unknown, "non classé", "non classés") if unknown else ""
    if kinds:
        remainder = f", {unclassed} faute de mesures" if unknown else ""
        return f"Sur {len(groups)} médicaments suivis : {', '.join(_with_noun(kinds))}{remainder}"
    if unknown:
        return f"Aucune tension connue sur les {len(groups)} médicaments suivis, dont {unclassed} faute de mesures"
    return f"Nulle part : aucune tension sur les {len(groups)} médicaments suivis"


def _with_noun(kinds: list[str]) -> list[str]:
    """The noun goes once, with the first count: « 1 tension nationale, 1 diffuse » or « 1 tension diffuse »."""
    first = kinds[0]
    if "tension" not in first:
        count, kind = first.split(maxsplit=1)
        first = f"{count} {'tension' if count in ('0', '1') else 'tensions'} {kind}"
    return [first, *kinds[1:]]


def _touched(touched: pd.DataFrame, known: pd.DataFrame) -> str:
    if touched.empty:
        where = f"les {len(known)} départements mesurés" if len(known) > 1 else "le seul département mesuré"
        return f"aucun manque dans {where}"
    count = fr.plural(len(touched), "département", "départements")
    most = fr.plural(touched["insufficient"].max(), "médicament", "médicaments")
    verb = "a" if len(touched) < 2 else "ont"
    return (
        f"{count} sur {fr.plural(len(known), 'mesuré', 'mesurés')} {verb} au moins un manque, jusqu'à {most} à la fois"
    )


def in_short(row: Mapping[str, Any], when: str = "") -> str:
    """« Amoxicilline : 92 insatisfaisants sur 97 mesurés ; tension nationale (S47, 22/11/2026). », after how far it goes."""
    low, measured = int(row["departments_insufficient"]), int(row["departments_measured"])
    counted = f"{fr.plural(low, 'insatisfaisant', 'insatisfaisants')} sur {fr.plural(measured, 'mesuré', 'mesurés')}"
    sentence = " ; ".join(filter(None, [f"{row['label']} : {counted}", tension.label(row)]))
    return f"{sentence} ({when})." if when else f"{sentence}."


def of_department(name: str, counted: Mapping[str, Any]) -> str:
    """« Finistère : 3 médicaments insatisfaisants sur 14 mesurés, au plus bas à 0,8 j », all medicines together."""
    if not counted["measured"]:
        return f"{name} : aucun médicament mesuré"
    found = fr.plural(counted["insufficient"], "médicament insatisfaisant", "médicaments insatisfaisants")
    lowest = "" if fr.missing(counted["lowest_days"]) else f", au plus bas à {fr.days(counted['lowest_days'])}"
    return f"{name} : {found} sur {fr.plural(counted['measured'], 'mesuré', 'mesurés')}{lowest}"


def of_region(name: str, counts: pd.DataFrame) -> str:
    """« Bretagne : 4 départements sur 4 mesurés ont au moins un manque, jusqu'à 2 médicaments à la fois »."""
    known = counts[counts["measured"] > 0]
    if known.empty:
        return f"{name} : aucun département mesuré"
    return f"{name} : {_touched(known[known['insufficient'] > 0], known)}"
