"""Parts that pages of an open snapshot share: what public data do not show, how old the list is, a medicine in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from metrics.public_list import queries as public_list
from pages.components import format as fr
from pages.components import templating
from pages.components.blocks import block
from pages.components.shell import session
from pages.components.templating import render

AGE = "components/open_age"
LONG_WITHOUT_UPDATE = 30  # days: the list is updated several times a week


@block
def limits(lines: tuple[str, ...]) -> Markup:
    """One short block, the same on every page."""
    return render("components/open_limits", lines=lines)


@block
def list_age() -> Markup:
    """A public list too old to say what is short today; nothing when it is not. On each page that stands on it."""
    return templating.macro(AGE, "age", " ".join(filter(None, [old(), going_on()])))


def old() -> str:
    """A list that had not been updated for long before the day it is said to be of: an older file, received late."""
    taken = session.load(public_list.photographs)
    updated = fr.as_date(session.load(public_list.last_update))
    taken_on = fr.as_date(taken[-1]["photograph_on"]) if taken else None
    days = (taken_on - updated).days if taken_on and updated else 0
    if updated is None or taken_on is None or days <= LONG_WITHOUT_UPDATE:
        return ""
    return (
        f"La photographie dite du {fr.day(taken_on)} n'a aucune mise à jour après le {fr.day(updated)} "
        f"({fr.plural(days, 'jour', 'jours')}) : sans doute un fichier plus ancien, et les durées sont alors trop longues. "
        "Le redéposer sous son jour (AAAA-MM-JJ_CIS_CIP_Dispo_Spec.txt), et retirer celui-ci de inbox/bdpm et de raw/bdpm."
    )


def going_on() -> str:
    """Days up to today without photograph, when they are too many: what came and went since is not seen."""
    found = session.load(public_list.current_gap)
    return f"La liste n'a pas été photographiée depuis {fr.plural(found['days'], 'jour', 'jours')}." if found else ""


def list_state(row: Mapping[str, Any]) -> str:
    """« 1 en rupture, 2 en tension »: presentations of a subject by state (*public_subject*); empty outside the list."""
    words = [
        (row["ruptures"], "en rupture"),
        (row["tensions"], "en tension"),
        (row["stops"], "en arrêt"),
        (row["returns"], "remises à disposition" if row["returns"] > 1 else "remise à disposition"),
    ]
    return ", ".join(f"{fr.number(count)} {word}" for count, word in words if count)
