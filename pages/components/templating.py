"""HTML by templates that escape: ``pages/<section>/<name>.html.j2``, and the macros all of them share.

A value given to a template is text, and is escaped, unless it is already ``Markup``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pages.components import format as fr
from pages.components import links, tokens

PAGES = Path(__file__).resolve().parents[1]
_SHARED = ("signs", "parts")  # macros every template finds under these names: {{ signs.pill(…) }}


def render(template: str, /, **values: Any) -> Markup:
    """The template (path from ``pages/``, without ``.html.j2``) filled with ``values``; a name it lacks raises."""
    return Markup(environment().get_template(f"{template}.html.j2").render(**values))  # noqa: S704 – escaped by type


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    written = (fr.number, fr.days, fr.change, fr.boxes, fr.plural, fr.percent, fr.share, fr.day, fr.short_day, fr.month,
               fr.moment, fr.week, fr.age, fr.listing, fr.capital, fr.headed, fr.opened)  # fmt: skip
    made.filters.update({function.__name__: function for function in written})
    made.tests["missing"] = fr.missing
    made.globals.update(href=links.href, tokens=tokens, spoken=tokens.spoken, UNKNOWN=fr.UNKNOWN)
    for name in _SHARED:
        made.globals[name] = made.get_template(f"components/templates/{name}.html.j2").module
    return made


def macro(template: str, name: str, *values: Any) -> Markup:
    """One macro of a template as a function: what it draws."""
    made: Markup = getattr(environment().get_template(f"{template}.html.j2").module, name)(*values)
    return made
