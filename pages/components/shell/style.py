"""The one style sheet, injected once by the frame. Sizes are in rem: projection only enlarges the root."""

from __future__ import annotations

from pages.components import markup, tokens
from pages.components.badges import symbol_styles

_HATCHED = f"repeating-linear-gradient(135deg,#fff 0 5px,{tokens.HATCH} 5px 6px)"

_SHEET = f"""
.stApp {{ font-variant-numeric: tabular-nums; color: {tokens.INK}; }}
[data-testid="stMainBlockContainer"] {{ padding: 4.1rem 2rem 2.5rem; max-width: 118rem; }}
[data-testid="stHeader"] {{ border-bottom: 1px solid {tokens.LINES}; background: #fff; }}
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] {{ gap: .75rem; }}
[data-testid="stExpander"] details {{ border-color: {tokens.LINES}; }}
[data-testid="stExpander"] summary {{ color: {tokens.SECONDARY}; font-size: .9375rem; }}
[data-testid="stPageLink"] a {{ padding-left: 0; padding-right: 0; color: {tokens.ACCENT}; background: none; }}
[data-testid="stPageLink"] a:hover {{ text-decoration: underline; background: none; }}
[data-testid="stPageLink"] a p {{ color: {tokens.ACCENT}; }}
[data-testid="stElementToolbar"] {{ display: none; }}
[data-testid="stSelectboxVirtualDropdown"] [role="option"][style*="contents"] > span {{ font-size: 0; }}
[data-testid="stSelectboxVirtualDropdown"] [role="option"][style*="contents"] > span::after {{
  content: "Aucun résultat"; font-size: 1rem; }}
[data-testid="stDeckGlJsonChart"], [data-testid="stDeckGlJsonChart"] div,
[data-testid="stElementContainer"]:has([data-testid="stDeckGlJsonChart"]) {{ overflow: visible !important; }}
[data-testid="stElementContainer"]:has([data-testid="stDeckGlJsonChart"]) {{ position: relative; z-index: 2; }}
a:focus-visible, button:focus-visible, summary:focus-visible {{
  outline: 3px solid {tokens.ACCENT} !important; outline-offset: 2px; }}
.vs-num, .vs-days {{ font-variant-numeric: tabular-nums; white-space: nowrap; }}
.vs-note {{ color: {tokens.SECONDARY}; font-size: .875rem; font-weight: 400; }}
.vs-when {{ color: {tokens.SECONDARY}; white-space: nowrap; }}
h1.vs-title {{ font-size: 1.75rem; font-weight: 650; line-height: 1.2; margin: 0; padding: 0; letter-spacing: -.01em; }}
p.vs-answer {{ font-size: 1.25rem; line-height: 1.4; margin: .35rem 0 .25rem; max-width: 72rem; }}
h2.vs-section {{ font-size: 1.25rem; font-weight: 600; margin: .75rem 0 0; padding: 0; }}
h2.vs-section .vs-note {{ margin-left: .5rem; }}
.vs-state {{ display: flex; align-items: center; justify-content: flex-end; gap: .35rem; font-size: .875rem;
  color: {tokens.SECONDARY}; white-space: nowrap; }}
.vs-state b {{ color: {tokens.INK}; font-weight: 600; cursor: help; }}
.vs-demo {{ border-left: 4px solid {tokens.INK}; background: {tokens.SURFACE}; padding: .3rem .75rem;
  font-size: .875rem; color: {tokens.SECONDARY}; }}
.vs-demo b {{ color: {tokens.INK}; margin-right: .35rem; }}
.vs-pill {{ display: inline-flex; align-items: center; gap: .4rem; padding: .12rem .55rem .12rem .45rem;
  border-radius: 4px; font-size: .9375rem; font-weight: 600; line-height: 1.45; white-space: nowrap;
  border: 1.5px solid transparent; vertical-align: middle; }}
.vs-pill.vs-hatched {{ background: {_HATCHED} !important; border-color: {tokens.HATCH};
  color: {tokens.INK} !important; }}
.vs-pill.vs-hatched > span {{ background: #fff; padding: 0 .3rem; margin: 0 -.15rem; }}
.vs-pill.vs-dashed {{ outline: 1.5px dashed {tokens.INK}; outline-offset: 2px; margin: 3px; }}
.vs-sym {{ height: .95em; width: auto; flex: none; display: inline-block; background: currentColor;
  -webkit-mask-size: contain; mask-size: contain; -webkit-mask-repeat: no-repeat; mask-repeat: no-repeat; }}
.vs-tag {{ display: inline-flex; align-items: center; gap: .3rem; color: {tokens.INK}; font-weight: 600; }}
.vs-chip {{ display: inline-block; padding: .05rem .5rem; border: 1px solid {tokens.LINES}; border-radius: 4px;
  font-size: .875rem; color: {tokens.SECONDARY}; background: #fff; white-space: nowrap; }}
.vs-chip.vs-strong {{ color: {tokens.INK}; border-color: {tokens.INK}; font-weight: 600; }}
.vs-cell {{ display: flex; flex-direction: column; gap: .3rem; min-width: 14rem; padding: .2rem 0; }}
.vs-cell-top, .vs-cell-low {{ display: flex; align-items: center; justify-content: space-between; gap: .75rem; }}
.vs-cell-low {{ align-items: flex-end; min-height: 1.4rem; }}
.vs-cell-low .vs-note {{ display: flex; flex-wrap: wrap; gap: 0 .6rem; }}
.vs-days {{ font-size: 1.375rem; font-weight: 650; line-height: 1.1; }}
.vs-card {{ border: 1px solid {tokens.LINES}; border-radius: 6px; padding: .8rem 1rem; background: #fff;
  flex: 1 1 17rem; }}
.vs-card .vs-days, .vs-figure {{ font-size: 2rem; font-weight: 650; line-height: 1.1; }}
.vs-cell-label {{ color: {tokens.SECONDARY}; font-size: .9375rem; font-weight: 600; }}
.vs-cards {{ display: flex; flex-wrap: wrap; gap: 1rem; }}
.vs-spark {{ width: 4.5rem; height: 1.18rem; flex: none; }}
.vs-card .vs-spark {{ width: 6.5rem; height: 1.7rem; }}
.vs-empty {{ border: 1px dashed {tokens.HATCH}; border-radius: 6px; padding: 1.5rem 1.75rem;
  background: {tokens.SURFACE}; }}
.vs-empty > b {{ font-size: 1.25rem; }} .vs-empty p {{ margin: .35rem 0 0; color: {tokens.SECONDARY}; }}
.vs-empty-line {{ color: {tokens.SECONDARY}; margin: 0; }}
.vs-crumb {{ color: {tokens.SECONDARY}; font-size: .9375rem; }}
.vs-legend {{ display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center; font-size: .875rem; }}
.vs-swatch {{ display: inline-flex; align-items: center; gap: .4rem; }}
.vs-swatch i {{ width: 1.5rem; height: .95rem; border-radius: 2px; border: 1px solid {tokens.LINES}; }}
.vs-swatch i.vs-bordered {{ border: 2px solid {tokens.INK}; }}
i.vs-hatched {{ background: {_HATCHED}; border-color: {tokens.HATCH} !important; }}
.vs-ramp {{ display: inline-flex; align-items: center; color: {tokens.SECONDARY}; }}
.vs-ramp i {{ width: 1.1rem; height: .95rem; }} .vs-ramp span {{ margin: 0 .4rem; }}
.vs-footer {{ border-top: 1px solid {tokens.LINES}; margin-top: 1rem; padding-top: .6rem; font-size: .875rem;
  color: {tokens.SECONDARY}; line-height: 1.6; }}
.vs-footer b {{ color: {tokens.INK}; }}
table.vs-table {{ width: 100%; border-collapse: collapse; font-size: 1rem; }}
table.vs-table th {{ text-align: left; font-size: .875rem; font-weight: 600; color: {tokens.SECONDARY};
  border: 0; border-bottom: 1px solid {tokens.INK}; padding: .3rem 1rem .3rem 0; vertical-align: bottom; }}
table.vs-table td {{ border: 0; border-bottom: 1px solid {tokens.LINES}; padding: .45rem 1.25rem .45rem 0;
  vertical-align: top; }}
table.vs-table td.vs-right, table.vs-table th.vs-right {{ text-align: right; }}
table.vs-table a {{ color: {tokens.ACCENT}; font-weight: 600; }}
"""

# Streamlit says in English that the server does not answer; « Reconnexion… » (browser.py) says it instead.
_DISCONNECTED = 'body:has([data-testid="stApp"]:not([data-test-connection-state="CONNECTED"]))'
_CONNECTION = f"""
{_DISCONNECTED} [role="dialog"], {_DISCONNECTED} [data-testid="stDialog"],
{_DISCONNECTED} [data-testid="stConnectionStatus"], {_DISCONNECTED} [data-testid="stStatusWidget"] {{
  display: none !important; }}
.vs-reconnect {{ position: fixed; z-index: 1000000; top: .6rem; left: 50%; transform: translateX(-50%);
  padding: .3rem 1rem; border-radius: 4px; background: {tokens.INK}; color: #fff; font-weight: 600; }}
.vs-reconnect:empty {{ display: none; }}
"""

_PROJECTION = f"""
html {{ font-size: {16 * tokens.PROJECTION_SCALE:g}px !important; }}
[data-testid="stHeader"], [data-testid="stSidebar"] {{ display: none; }}
[data-testid="stMainBlockContainer"] {{ padding-top: 1.25rem; }}
"""


def sheet(*, projection: bool = False) -> str:
    """The style sheet; ``projection`` enlarges everything and hides the menu."""
    return f"<style>{_SHEET}{_CONNECTION}{symbol_styles()}{_PROJECTION if projection else ''}</style>"


def inject(*, projection: bool = False) -> None:
    """Put the style sheet on the page; called once a run by the frame."""
    markup.show(sheet(projection=projection))
