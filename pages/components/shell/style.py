"""The one style sheet, sent once a run by the frame: tokens as variables, then ``vigistock.css``.

Sizes are in rem: projection only enlarges the root.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import get_args
from urllib.parse import quote

from markupsafe import Markup

from pages.components import markup, templating, tokens
from pages.components.exports import scripts
from pages.components.exports.stamp import Mark

_HERE = Path(__file__).parent
_HATCHED = f"repeating-linear-gradient(135deg,#fff 0 5px,{tokens.HATCH} 5px 6px)"
_COLOURS = ("INK", "SECONDARY", "LINES", "SURFACE", "ACCENT", "HATCH", "MASKED", "GHOST")
_PROJECTION = f"""
html {{ font-size: {16 * tokens.PROJECTION_SCALE:g}px !important; }}
[data-testid="stMainBlockContainer"] {{ padding-top: 1rem; padding-bottom: 5rem; }}
@media (min-width: 1100px) and (max-width: 1699px) {{
  .stHtml .vs-board td.vs-link > a {{ grid-template-columns: 3.6rem minmax(1rem, 1fr); }}
  .vs-board td.vs-link .vs-pill {{ grid-column: 1 / -1; }}
}}
[data-testid="stLayoutWrapper"]:has(> .st-key-vs-sheet) {{ top: 1rem; }}
"""


def inject(*, projection: bool = False, kind: Mark | None = None) -> None:
    """Put the style sheet on the page; called once a run by the frame."""
    markup.show(sheet(projection=projection, kind=kind))


@cache
def sheet(*, projection: bool = False, kind: Mark | None = None) -> Markup:
    """The style sheet; ``projection`` enlarges everything, ``kind`` marks each sheet of paper."""
    rules = (
        _variables(),
        (_HERE / "vigistock.css").read_text("utf-8"),
        _symbols(),
        _PROJECTION if projection else "",
        scripts.margin(kind),
    )
    return templating.macro("components/templates/frame", "style", Markup("").join(map(Markup, rules)))


@cache
def logo() -> str:
    """The mark as the address of an image: outlines, so that no font can cut it."""
    return _address((_HERE / "logo.svg").read_text("utf-8"))


def _variables() -> str:
    plain = {name.lower(): getattr(tokens, name) for name in _COLOURS} | {"hatched": _HATCHED}
    states = {state: look.colour for state, look in tokens.STATUS.items()}
    soft = {f"{state}-soft": look.soft for state, look in tokens.STATUS.items()}
    risk = {f"risk-{level}": look.colour for level, look in tokens.RISK.items()}
    named = plain | states | soft | risk
    return ":root{" + "".join(f"--{name}:{value};" for name, value in named.items()) + "}"


def _symbols() -> str:
    """Streamlit strips inline SVG from HTML: each symbol is a mask filled with the text colour."""
    return "".join(_symbol(name) for name in get_args(tokens.Symbol))


def _symbol(name: str) -> str:
    drawing = (_HERE / "symbols" / f"{name}.svg").read_text("utf-8")
    width = drawing.split('viewBox="0 0 ', 1)[1].split(" ", 1)[0]
    image = f'url("{_address(drawing.replace("currentColor", "#000"))}")'
    return f".vs-sym-{name}{{aspect-ratio:{width}/16;-webkit-mask-image:{image};mask-image:{image}}}"


def _address(drawing: str) -> str:
    return "data:image/svg+xml," + quote(drawing.replace('"', "'"), safe=" ='/:.,;()-")
