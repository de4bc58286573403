"""Signs of status: word and figure always with the colour, everything escaped, nothing shown that is hidden."""

from __future__ import annotations

import tomllib
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pages.components import badges, templating, tokens
from pages.components.access.identity import Visit
from pages.components.links import Here
from pages.components.shell import bar, frame, style
from pages.molecules import chain

ROOT = Path(__file__).resolve().parents[2]
EVIL = '<img src=x onerror="alert(1)">'


class Page(HTMLParser):
    """Tags, attributes and text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)

    def values(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


LINK = {
    "link": "grossistes",
    "label": "Grossistes-répartiteurs",
    "status": "insatisfaisante",
    "figure_state": "a_jour",
    "coverage_days": 2.4,
    "week": date(2026, 11, 16),
    "measured_on": date(2026, 11, 22),
    "age_days": 12,
    "delta_4w_days": -1.7,
    "spark": [4.0, None, 2.4],
    "state_reason": None,
    "acceptable_days": 3.0,
    "satisfactory_days": 10.0,
}


def card(**changed: object) -> Page:
    """One link of the chain as *Molécule* draws it."""
    cell = chain._card(LINK | changed, None)
    return Page(templating.render("molecules/cards", cells=[cell], here=Here("/molecule"), chosen=""))


@pytest.mark.parametrize("status", ["satisfaisante", "acceptable", "insatisfaisante"])
def test_a_status_has_its_colour_symbol_word_and_figure(status: str) -> None:
    look, page = tokens.STATUS[status], card(status=status)
    assert look.word in page.text
    assert "2,4" in page.text
    assert any(look.colour in value for value in page.values("style"))
    assert any(f"vs-sym-{look.symbol}" in value for value in page.values("class"))
    assert f"{look.word}, 2,4\u00a0jours" in Page(badges.pill(status, days=2.4)).values("aria-label")


@pytest.mark.parametrize("state", list(tokens.REPLACING))
def test_a_hidden_or_unreliable_figure_shows_neither_value_nor_status(state: str) -> None:
    pill = Page(badges.pill("satisfaisante", state, days=34.0))
    for page in (card(status="satisfaisante", figure_state=state, coverage_days=34.0, state_reason="Motif"), pill):
        assert "34" not in page.text
        assert "Satisfaisante" not in page.text
        assert not any("34" in value or "atisfaisante" in value for value in page.values("aria-label"))
        assert "img" not in page.tags
        assert not any(tokens.STATUS["satisfaisante"].colour in value for value in page.values("style"))
        assert tokens.REPLACING[state].word in page.text
    assert "Motif" in card(status="satisfaisante", figure_state=state, state_reason="Motif").text


def test_a_reserve_is_written_in_words_with_its_age() -> None:
    page = card(status="acceptable", figure_state="en_retard")
    assert "En retard (12 j)" in page.text
    assert any("vs-dashed" in value for value in page.values("class"))
    assert "Estimé" in card(status="acceptable", figure_state="estime").text


def test_a_card_dates_its_figure_and_its_change() -> None:
    assert all(word in card().text for word in ("Grossistes", "Insatisfaisante", "22/11/2026", "−1,7"))


def test_every_text_is_escaped() -> None:
    late = {"title": EVIL, "producer": EVIL, "state": "en_retard", "state_label": EVIL,
            "last_period_on": None, "last_received_at": None}  # fmt: skip
    pieces = [
        templating.render(
            "molecules/cards",
            cells=[chain._card(LINK | {"label": EVIL, "state_reason": EVIL}, None)],
            here=Here("/molecule", (("sujet", EVIL),)),
            chosen=EVIL,
        ),
        badges.chip(EVIL),
        frame.title_html(EVIL, EVIL, date(2026, 11, 22)),
        templating.macro(frame.PARTS, "facts", [(EVIL, EVIL, EVIL)]),
        templating.macro(frame.PARTS, "crumbs", [(EVIL, EVIL)], EVIL),
        frame.empty_html(EVIL, EVIL),
        templating.macro(frame.PARTS, "footer", [late], [(EVIL, EVIL)]),
        templating.macro(frame.FRAME, "strip", [(EVIL, EVIL)], EVIL, [EVIL], [(EVIL, EVIL, True)], False, False),
        templating.macro(frame.FRAME, "bar", EVIL, EVIL, [(EVIL, [(EVIL, EVIL, True)])]),
    ]
    for piece in pieces:
        assert "<img src=x" not in piece
        assert not [key for key, _ in Page(piece).attributes if key.startswith("on")]


def test_sparkline_breaks_at_an_unknown_week() -> None:
    whole, broken = badges.sparkline([1, 2, 3, 4], "#000000"), badges.sparkline([1, 2, None, 3, 4], "#000000")
    assert whole.count("polyline") == 1
    assert broken.count("polyline") == 2
    assert badges.sparkline([None, None], "#000000") == ""


def test_vigilance_out_of_season_is_not_green() -> None:
    out, red = (str(templating.macro(badges.SIGNS, "vigilance", found)) for found in (None, tokens.VIGILANCE[4]))
    assert "Hors saison" in out
    assert tokens.VIGILANCE[1][1] not in out
    assert "Vigilance rouge" in red


def test_header_names_the_data_and_the_late_sources() -> None:
    text = Page(
        bar.strip(Visit("open", "demo"), {"built_at": "2026-11-22 06:10", "is_demo": False}, ["CSRP", "IQVIA"])
    ).text
    assert "22/11/2026 06:10" in text
    assert "2\u00a0sources en retard" in text


def test_theme_file_and_tokens_agree() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    named = ("primaryColor", "textColor", "secondaryBackgroundColor", "borderColor")
    assert [theme[name] for name in named] == [tokens.ACCENT, tokens.INK, tokens.SURFACE, tokens.LINES]
    assert tuple(theme["chartSequentialColors"]) == tokens.RAMP


def test_server_settings_keep_the_tool_fast_and_silent() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["disableDataExport"] is True
    assert config["server"]["address"] == "127.0.0.1"


def test_style_sheet_fetches_nothing_and_projection_enlarges() -> None:
    assert "@import" not in style.sheet()
    assert 'url("http' not in style.sheet()
    assert "21.6px" in style.sheet(projection=True)
