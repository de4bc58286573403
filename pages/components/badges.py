"""Status signs as HTML strings: symbol, word, figure, date and the last eight weeks. Every value is escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from pages.components import format as fr
from pages.components import tokens

SPARK_WIDTH, SPARK_HEIGHT = 84, 22

_BODY = '<rect x="1" y="2" width="24" height="12" rx="2.5" fill="none" stroke="currentColor" stroke-width="1.8"/>'
_TIP = '<rect x="26.2" y="5.5" width="2.6" height="5" rx="1" fill="currentColor"/>'
_FILL = '<rect x="3.6" y="4.6" width="{width}" height="6.8" rx="0.8" fill="currentColor"/>'
# The notch breaks the upper edge: the sign reads as damaged even without its colour.
_NOTCHED = (
    '<path d="M12.5 2H3.5A2.5 2.5 0 0 0 1 4.5v7A2.5 2.5 0 0 0 3.5 14h19a2.5 2.5 0 0 0 2.5-2.5v-7A2.5 2.5 0 0 0 22.5 2'
    'h-2.5l-3.4 5.2z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/>'
)
_DRAWINGS: dict[str, tuple[int, str]] = {
    "full": (30, _BODY + _TIP + _FILL.format(width="18.8")),
    "half": (30, _BODY + _TIP + _FILL.format(width="9.4")),
    "low": (30, _NOTCHED + _TIP + _FILL.format(width="3.6")),
    "outline": (30, _BODY.replace("/>", ' stroke-dasharray="3 2.2"/>') + _TIP),
    "clock": (
        16,
        (
            '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.7"/>'
            '<path d="M8 4.4V8l2.6 1.8" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round"/>'
        ),
    ),
    "approx": (
        16,
        (
            '<path d="M2 6.4c2-2.6 4-2.2 6-.7s4 1.9 6-.7M2 11.4c2-2.6 4-2.2 6-.7s4 1.9 6-.7" fill="none" '
            'stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>'
        ),
    ),
    "lock": (
        16,
        (
            '<rect x="2.6" y="7" width="10.8" height="7.4" rx="1.4" fill="currentColor"/>'
            '<path d="M5 7V4.9a3 3 0 0 1 6 0V7" fill="none" stroke="currentColor" stroke-width="1.7"/>'
        ),
    ),
}


def symbol(name: tokens.Symbol) -> str:
    """Drawing in the colour of the text around it; hidden from readers, the word beside it speaks."""
    return f'<i class="vs-sym vs-sym-{name}" aria-hidden="true"></i>'


def symbol_styles() -> str:
    """Style rules of the symbols. Streamlit strips inline SVG from HTML: each is a mask filled with the text colour."""
    rules = []
    for name, (width, drawing) in _DRAWINGS.items():
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 16">{drawing}</svg>'
        image = f'url("{_data(svg)}")'
        rules.append(f".vs-sym-{name}{{aspect-ratio:{width}/16;-webkit-mask-image:{image};mask-image:{image}}}")
    return "\n".join(rules)


def _data(svg: str) -> str:
    """Drawing as an address that carries it: nothing is fetched."""
    return "data:image/svg+xml," + quote(svg.replace("currentColor", "#000").replace('"', "'"), safe=" ='/:.,;()-")


def pill(status: str | None, figure_state: str | None = "a_jour", *, days: float | None = None) -> str:
    """Compact sign: symbol, word and, when given, days. For lists and headings."""
    sign = tokens.look(status, figure_state)
    shown = None if figure_state in tokens.REPLACING else days
    figure = "" if fr.missing(shown) else f' <b class="vs-num">{fr.days(shown)}</b>'
    style = f"background:{sign.colour};color:{sign.ink}"
    return (
        f'<span class="{_pill_class(status, figure_state)}" style="{style}" role="img" '
        f'aria-label="{escape(spoken(status, figure_state, shown), quote=True)}">'
        f"{symbol(sign.symbol)}<span>{escape(sign.word)}{figure}</span></span>"
    )


def _pill_class(status: str | None, figure_state: str | None) -> str:
    kinds = ["vs-pill"]
    if tokens.is_hatched(status, figure_state):
        kinds.append("vs-hatched")
    if figure_state in tokens.QUALIFYING:
        kinds.append("vs-dashed")
    return " ".join(kinds)


def spoken(status: str | None, figure_state: str | None, days: float | None) -> str:
    """What a screen reader says: word, days, state."""
    parts = [tokens.look(status, figure_state).word]
    if not fr.missing(days):
        parts.append(f"{fr.days(days)[:-1]}jours")
    if figure_state in tokens.QUALIFYING:
        parts.append(tokens.QUALIFYING[str(figure_state)][0].lower())
    return ", ".join(parts)


def state_tag(figure_state: str | None, age_days: float | None = None) -> str:
    """« En retard (12 j) » or « Estimé »; empty for a figure without reserve."""
    if figure_state not in tokens.QUALIFYING:
        return ""
    word, sign = tokens.QUALIFYING[str(figure_state)]
    late = f" ({fr.number(age_days)} j)" if figure_state == "en_retard" and not fr.missing(age_days) else ""
    return f'<span class="vs-tag">{symbol(sign)}<span>{escape(word + late)}</span></span>'


def status_cell(
    status: str | None,
    figure_state: str | None = "a_jour",
    days: float | None = None,
    *,
    label: str = "",
    measured_on: object = None,
    age_days: float | None = None,
    change_days: float | None = None,
    spark: Sequence[float | None] = (),
    reason: str | None = None,
) -> str:
    """One link of the chain: sign and word, days, date and reserve, and eight weeks (gaps stay gaps).

    ``label`` heads the cell (a card, full date); without it the cell fits a table row (date without its year, which
    the head of the table gives). ``reason`` explains the state: on hover, and in words where no figure stands.
    """
    hidden = figure_state in tokens.REPLACING
    head = f'<div class="vs-cell-label">{escape(label)}</div>' if label else ""
    figure = "" if hidden else f'<span class="vs-days vs-num">{fr.days(days)}</span>'
    curve = "" if hidden else sparkline(spark, tokens.look(status, figure_state).colour)
    when = "" if fr.missing(measured_on) else f"au {fr.day(measured_on) if label else fr.short_day(measured_on)}"
    note = _cell_note(when, change_days, reason if hidden else None)
    title = f' title="{escape(reason, quote=True)}"' if reason else ""
    return (
        f'<div class="vs-cell{" vs-card" if label else ""}"{title}>{head}'
        f'<div class="vs-cell-top">{pill(status, figure_state)}{figure}</div>'
        f'<div class="vs-cell-low"><span class="vs-note">{state_tag(figure_state, age_days)}{note}</span>{curve}</div>'
        f"</div>"
    )


def _cell_note(when: str, change_days: float | None, reason: str | None) -> str:
    parts = [escape(part) for part in (reason, when) if part]
    if not fr.missing(change_days) and not reason:
        parts.append(f"{fr.change(change_days)} en 4 sem.")
    return "".join(f"<span>{part}</span>" for part in parts)


def link_cell(row: Mapping[str, Any], *, card: bool = False) -> str:
    """``status_cell`` of one row of *link_status*; ``card`` puts the link's name on top."""
    spark = row.get("spark")
    return status_cell(
        _text(row.get("status")),
        _text(row.get("figure_state")) or "absent",
        row.get("coverage_days"),
        label=str(row.get("label") or "") if card else "",
        measured_on=row.get("measured_on"),
        age_days=row.get("age_days"),
        change_days=row.get("delta_4w_days"),
        spark=[] if spark is None or fr.missing(spark) else list(spark),
        reason=_text(row.get("state_reason")),
    )


def _text(value: object) -> str | None:
    return None if fr.missing(value) else str(value)


def sparkline(values: Sequence[float | None], colour: str, written: Callable[[float | None], str] = fr.days) -> str:
    """Last weeks as a small line from zero; an unknown week breaks it, a lone week is a dot. ``written``: value in words."""
    known = [float(v) for v in values if v is not None and not fr.missing(v)]
    if not known:
        return ""
    points = list(_positions(values, max(known) or 1.0))
    strokes = "".join(_stroke(run) for run in _runs(points))
    last = next(p for p in reversed(points) if p)
    summary = f"{len(values)} dernières semaines : de {written(known[0])} à {written(known[-1])}"
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}">'
        f'<path d="M0 {SPARK_HEIGHT - 0.5}H{SPARK_WIDTH}" stroke="{tokens.LINES}" stroke-width="1"/>'
        f'{strokes}<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3" fill="{colour}" stroke="#fff"/></svg>'
    )
    return f'<img class="vs-spark" alt="{escape(summary, quote=True)}" src="{_data(drawing)}">'


def _positions(values: Sequence[float | None], top: float) -> list[tuple[float, float] | None]:
    step = (SPARK_WIDTH - 8) / max(len(values) - 1, 1)
    height = SPARK_HEIGHT - 6
    return [
        None if v is None or fr.missing(v) else (4 + i * step, SPARK_HEIGHT - 2 - height * float(v) / top)
        for i, v in enumerate(values)
    ]


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _stroke(run: list[tuple[float, float]]) -> str:
    if len(run) == 1:
        return f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="1.4" fill="{tokens.SECONDARY}"/>'
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return f'<polyline points="{path}" fill="none" stroke="{tokens.SECONDARY}" stroke-width="1.6"/>'


def vigilance_pill(colour_id: int | None) -> str:
    """Météo-France's colour with its word; out of season is said, not painted green."""
    if colour_id is None or fr.missing(colour_id) or int(colour_id) not in tokens.VIGILANCE:
        return '<span class="vs-pill vs-hatched"><span>Hors saison</span></span>'
    word, colour, ink = tokens.VIGILANCE[int(colour_id)]
    return f'<span class="vs-pill" style="background:{colour};color:{ink}">Vigilance {word.lower()}</span>'


def chip(text: str, *, strong: bool = False) -> str:
    """Neutral label: kind of a declaration, tension, « à valider »."""
    return f'<span class="vs-chip{" vs-strong" if strong else ""}">{escape(text)}</span>'
