"""The sentence that answers « est-ce seulement ici, ou partout ? », computed from the classification and the counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.components import format as fr

NAMED = 4
_MEASURED = ("satisfaisante", "acceptable", "insatisfaisante")
_KINDS = (
    ("nationale", "tension nationale", "tensions nationales"),
    ("diffuse", "diffuse", "diffuses"),
    ("localisee", "localisée", "localisées"),
)


def of_group(row: Mapping[str, Any], departments: pd.DataFrame, region_name: str = "") -> str:
    """Sentence of one followed medicine.

    row: *plan_status* (label, tension, weakest link). departments: its 101 rows of *department_status*.
    region_name: the region chosen, its numbers are then set against the country's.
    """
    measured = departments[departments["status"].isin(_MEASURED)]
    if measured.empty:
        return f"Aucune mesure du panel d'officines pour {row['label']} : rien ne dit encore si le manque est local."
    low = measured[measured["status"] == "insatisfaisante"]
    parts = [_verdict(row, low, len(measured)), _left_out(len(departments) - len(measured))]
    if region_name:
        parts.append(_region(region_name, low, measured))
    return " ; ".join(filter(None, parts)) + "."


def _verdict(row: Mapping[str, Any], low: pd.DataFrame, measured: int) -> str:
    counted = _counted(len(low), measured)
    label, tension = row["label"], row["tension"]
    if tension == "nationale":
        weakest = f"{str(row['weakest_label']).lower()} à {fr.days(row['weakest_days'])}"
        return f"Partout : la tension sur {label} est nationale ({weakest}) ; {counted}"
    if tension == "diffuse":
        return f"Pas seulement ici : la tension sur {label} est diffuse ; {counted}"
    if tension == "localisee":
        return f"Seulement par endroits : la tension sur {label} est localisée ; {counted}{_names(low)}"
    return f"Nulle part : {label} n'est insatisfaisant dans aucun des {measured} départements mesurés"


def _counted(low: int, measured: int) -> str:
    if low == 0:
        return f"aucun département insatisfaisant sur {measured} mesurés"
    return f"{fr.plural(low, 'département insatisfaisant', 'départements insatisfaisants')} sur {measured} mesurés"


def _names(low: pd.DataFrame) -> str:
    names = list(low.sort_values("coverage_days")["name"])
    shown = ", ".join(names[:NAMED])
    return f" ({shown}{'' if len(names) <= NAMED else '…'})"


def _left_out(count: int) -> str:
    if count == 0:
        return ""
    return f"{count} {'autre' if count < 2 else 'autres'} hors panel ou sous le plancher de fiabilité"


def _region(name: str, low: pd.DataFrame, measured: pd.DataFrame) -> str:
    here, low_here = measured[measured["region_name"] == name], low[low["region_name"] == name]
    if here.empty:
        return f"région {name} : aucun département mesuré"
    share, country = 100 * len(low_here) / len(here), 100 * len(low) / len(measured)
    against = f"{fr.percent(share)}, contre {fr.percent(country)} en France"
    return f"région {name} : {len(low_here)} sur {fr.plural(len(here), 'mesuré', 'mesurés')} ({against})"


def of_plan(groups: pd.DataFrame, counts: pd.DataFrame, region_name: str = "") -> str:
    """Sentence of all followed medicines of a plan. groups: *plan_status*; counts: *department_count*."""
    known = counts[counts["measured"] > 0] if not counts.empty else counts
    if known.empty:
        return "Aucune mesure du panel d'officines : rien ne dit encore si les manques sont locaux."
    kinds = [fr.plural(n, one, many) for key, one, many in _KINDS if (n := int((groups["tension"] == key).sum()))]
    if not kinds:
        head = f"Nulle part : aucune tension sur les {len(groups)} médicaments suivis"
    else:
        head = f"Sur {len(groups)} médicaments suivis : {', '.join(_with_noun(kinds))}"
    touched = known[known["insufficient"] > 0]
    parts = [head, _touched(touched, known), _left_out(len(counts) - len(known))]
    if region_name:
        parts.append(_region(region_name, touched, known))
    return " ; ".join(filter(None, parts)) + "."


def _with_noun(kinds: list[str]) -> list[str]:
    """The noun goes once, with the first count: « 1 tension nationale, 1 diffuse » or « 1 tension diffuse »."""
    first = kinds[0]
    if "tension" not in first:
        count, kind = first.split(maxsplit=1)
        first = f"{count} {'tension' if count in ('0', '1') else 'tensions'} {kind}"
    return [first, *kinds[1:]]


def _touched(touched: pd.DataFrame, known: pd.DataFrame) -> str:
    if touched.empty:
        return f"aucun manque dans les {len(known)} départements mesurés"
    count = fr.plural(len(touched), "département", "départements")
    most = fr.plural(touched["insufficient"].max(), "médicament", "médicaments")
    verb = "a" if len(touched) < 2 else "ont"
    return f"{count} sur {len(known)} mesurés {verb} au moins un manque, jusqu'à {most} à la fois"
