"""Open data: a plan from public files, then the surveillance beside them and the regional alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from metrics.public_list import subject as public
from metrics.referential import queries as referential
from pages.components import blocks, states
from pages.components import format as fr
from pages.components.blocks import block
from pages.components.charts import figures
from pages.components.open_limits import limits
from pages.components.shell import frame, session
from pages.components.templating import render
from pages.plans import open_board, outside

SOURCES = {"epidemic": ("spf", "sentinelles"), "vigilance": ("vigilance",)}
METHODS = (
    ("Présentations manquantes", "public_subject"),
    ("Passages dans la liste publique", "public_spell"),
    ("Déclarations rendues publiques", "past_dci"),
)
UNSAID = (
    "Ni couverture en jours, ni maillon, ni département : les stocks et les ventes ne sont pas publics.",
    "La liste ne nomme que les MITM sans alternative : un médicament absent de la liste peut manquer.",
    "Les boîtes remboursées disent ce qui a été délivré, pas ce qui a manqué ; l'hôpital et l'automédication n'y sont pas.",
)
# In this order: what a plan asks for first, then whatever else was received.
MOST_INDICATORS = 5


def draw(plan: Mapping[str, Any]) -> None:
    as_of = session.load(referential.snapshot)["as_of"]
    open_board.board.show(str(plan["plan"]))
    open_board.twin(plan, as_of)
    outside.draw(_widened(plan), as_of)
    alerts = regional.show if plan["surveillance"] == "epidemic" else None
    if alerts:
        alerts()
    blocks.show(limits(UNSAID))
    received = list(SOURCES.get(str(plan["surveillance"]), ()))
    frame.sources_footer(["bdpm", "historique", "medicam", *received], METHODS)


def _widened(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """The plan with every epidemic received, its own first."""
    own = [str(name) for name in plan["indicators"]]
    others = session.load(public.epidemic_indicators, "national") if plan["surveillance"] == "epidemic" else []
    return {**plan, "indicators": list(dict.fromkeys([*own, *others]))[:MOST_INDICATORS]}


@block
def regional() -> Markup:
    """Last level published of each region, the highest first."""
    rows = figures.records(session.load(public.alerts))
    themes = dict.fromkeys(str(row["theme"]) for row in rows)
    return render(
        "plans/open_alerts",
        state=states.of("regional_alert"),
        themes=[(theme.capitalize(), _levels([row for row in rows if row["theme"] == theme])) for theme in themes],
    )


def _levels(rows: list[dict[str, Any]]) -> list[tuple[int, list[str]]]:
    """Regions of each level above the first, with the week of each."""
    levels: dict[int, list[str]] = {}
    for row in rows:
        name = f"territoire {row['region']}" if fr.missing(row["region_name"]) else row["region_name"]
        levels.setdefault(int(row["alert_level"]), []).append(f"{name} ({fr.week(row['week'], year=True)})")
    return sorted(levels.items(), reverse=True)
