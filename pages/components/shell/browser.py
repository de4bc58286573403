"""What only the browser can do around sign-in: keep the address asked for, go back to it, forget cookies, end in time.

The address is kept in the tab's own storage, which only pages of this server can write: nobody else chooses where a
person lands after signing in.
"""

from __future__ import annotations

import streamlit as st

from pages.components import markup

_KEEP = """<script>(() => {
  const asked = location.pathname + location.search;
  try {
    if (asked === "/") sessionStorage.removeItem("vigistock-return");
    else sessionStorage.setItem("vigistock-return", asked);
  } catch {}
})();</script>"""

_GO_BACK = """<script>(() => {
  let asked = null;
  try {
    asked = sessionStorage.getItem("vigistock-return");
    sessionStorage.removeItem("vigistock-return");
  } catch {}
  if (!asked || !/^\\/(?![\\/\\\\])/.test(asked)) return;
  const target = new URL(asked, location.origin);
  const path = target.pathname + target.search;
  if (target.origin === location.origin && path !== location.pathname + location.search) location.replace(path);
})();</script>"""

_FORGET = """<script>fetch("LOGOUT", { redirect: "manual", credentials: "same-origin" }).catch(() => {});</script>"""

# The delay is beside the script, not in it: the proxy lets inline scripts run by the hash of their text.
_END = """<script>(() => {
  const delay = Number(document.currentScript.parentElement.querySelector("[data-delay]").dataset.delay);
  clearTimeout(window.vigistockEnd);
  window.vigistockEnd = setTimeout(() => location.reload(), delay);
})();</script>"""

_LONGEST_TIMER_S = 24 * 3600


def keep_address() -> None:
    """On the sign-in page: where the visitor wanted to go."""
    _run(_KEEP)


def go_back() -> None:
    """In the first run of a session: from the home page, where a provider sends everybody, to the address kept."""
    if not st.session_state.get("vigistock-back"):
        st.session_state["vigistock-back"] = True
        _run(_GO_BACK)


def forget_cookies() -> None:
    """The sign-in cookies of a session that is over go, without a passage by the provider."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    _run(_FORGET.replace("LOGOUT", f"/{base}/auth/logout" if base else "/auth/logout"))


def end_in(seconds: float) -> None:
    """Reload when the session ends, so that nothing stays on an unattended screen."""
    delay = int(min(max(seconds, 0), _LONGEST_TIMER_S) * 1000) + 500
    _run(f'<i data-delay="{delay}"></i>{_END}')


def _run(script: str) -> None:
    markup.show(script, unsafe_allow_javascript=True)
