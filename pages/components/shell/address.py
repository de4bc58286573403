"""Addresses the server takes for unknown: Streamlit's English message about them, replaced.

Streamlit lists the pages by itself when a folder is called ``pages``, until ``st.navigation`` has run once. The first
visitor of a server just started who opens a deep link thus reads that the page does not exist, then gets it.
"""

from __future__ import annotations

from streamlit.runtime.pages_manager import PagesManager

from pages.components import markup

_TITLE, _TEXT = "Page introuvable", "Cette adresse n'existe pas. La revue du jour est affichée à la place."

_SCRIPT = """<script>(() => {
  const settle = () => document.querySelectorAll('[role="dialog"]').forEach((box) => {
    const title = box.querySelector("h2");
    if (!title || title.textContent !== "Page not found") return;
    if (IS_FIRST) return box.querySelector("button").click();
    title.textContent = "TITLE";
    title.nextElementSibling.textContent = "TEXT";
    box.querySelector("button").setAttribute("aria-label", "Fermer");
  });
  settle();
  const watch = new MutationObserver(settle);
  watch.observe(document.body, { childList: true });
  setTimeout(() => watch.disconnect(), 5000);
})();</script>"""


def own_navigation() -> None:
    """Before a server starts: ``app.py`` declares the pages, the folder ``pages`` is only a package."""
    PagesManager.uses_pages_directory = False


def is_first_run() -> bool:
    """True in the first run of a server started without ``own_navigation``; ask before ``st.navigation``."""
    return bool(PagesManager.uses_pages_directory)


def settle(*, is_first: bool) -> None:
    """Close the wrong message of a first run; show the right one in French."""
    script = _SCRIPT.replace("IS_FIRST", "true" if is_first else "false")
    markup.show(script.replace("TITLE", _TITLE).replace("TEXT", _TEXT), unsafe_allow_javascript=True)
