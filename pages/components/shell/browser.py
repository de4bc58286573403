"""What only the browser can do: around sign-in (keep the address asked for, go back to it, forget cookies, end in time),
and when the server is started again under an open page.

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

# The way past the menu, for the keyboard, which the framework writes in English.
_SKIP = """<script>(() => {
  const skip = document.querySelector('a[href="#stMain"]');
  if (skip) skip.textContent = "Aller au contenu";
})();</script>"""

_FORGET = """<script>fetch("LOGOUT", { redirect: "manual", credentials: "same-origin" }).catch(() => {});</script>"""

# The delay is beside the script, not in it: the proxy lets inline scripts run by the hash of their text.
_END = """<script>(() => {
  const delay = Number(document.currentScript.parentElement.querySelector("[data-delay]").dataset.delay);
  clearTimeout(window.vigistockEnd);
  window.vigistockEnd = setTimeout(() => location.reload(), delay);
})();</script>"""

# The state of the connection is an attribute of the application. A server started again knows nothing of this page: the
# page is run again from its address (as after « back »), and what was clicked meanwhile is clicked again once it is drawn:
# a control that waits for the server is disabled, and only hears that a pointer came down.
_RECONNECT = """<script>(() => {
  if (window.vigistockLink) return;
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app) return;
  const notice = document.body.appendChild(document.createElement("div"));
  notice.className = "vs-reconnect";
  notice.setAttribute("role", "status");
  const link = (window.vigistockLink = { lost: false, ran: false, clicked: null });
  const state = () => app.dataset.testConnectionState;
  const say = (words) => { if (notice.textContent !== words) notice.textContent = words; };
  const mark = (element) => {
    const target = element.closest("a[href], button, [role=option], [role=radio], summary, label, input") || element;
    const same = () => [...document.querySelectorAll(target.tagName)].filter((e) => e.textContent === target.textContent);
    return { target, rank: same().indexOf(target), same };
  };
  const again = (clicked, tries = 20) => {
    const found = clicked.target.isConnected ? clicked.target : clicked.same()[clicked.rank];
    if (tries && (!found || found.disabled)) return setTimeout(again, 100, clicked, tries - 1);
    found?.click();
  };
  const hold = (event) => {
    if (!link.lost || !event.isTrusted || !event.target.closest) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type !== "mousedown") link.clicked = mark(event.target);
  };
  for (const kind of ["pointerdown", "mousedown", "click"]) document.addEventListener(kind, hold, true);
  const look = () => {
    if (state() !== "CONNECTED") {
      link.lost = true;
      link.ran = false;
      say(state() === "DISCONNECTED_FOREVER" ? "Connexion perdue : recharger la page." : "Reconnexion…");
    } else if (link.lost && !link.ran) {
      link.ran = true;
      window.dispatchEvent(new PopStateEvent("popstate"));
      setTimeout(look, 300);
    } else if (link.lost && app.dataset.testScriptState === "notRunning") {
      const clicked = link.clicked;
      Object.assign(link, { lost: false, ran: false, clicked: null });
      say("");
      if (clicked) again(clicked);
    }
  };
  // The box in English makes the whole page inert: closed, it does not come back before the next loss.
  const close = () => document.querySelectorAll('[role="dialog"]').forEach((box) => {
    if (link.lost && box.querySelector("h2")?.textContent === "Connection error") box.querySelector("button")?.click();
  });
  new MutationObserver(close).observe(document.body, { childList: true, subtree: true });
  new MutationObserver(look).observe(app, { attributes: true, attributeFilter: ["data-test-connection-state", "data-test-script-state"] });
})();</script>"""

# A plain link changes page without loading it again: the address goes in the history first, then the client is notified, as
# when a reader goes back. Nothing is pushed twice, so Back returns where one was. What stays from page to page (whom a
# demo is looked at as, projection) follows the link. A link opened in another tab, copied or followed from outside works
# as any address does.
_LINKS = """<script>(() => {
  if (window.vigistockLinks) return;
  window.vigistockLinks = true;
  document.documentElement.lang = "fr";
  const app = () => document.querySelector('[data-testid="stApp"]');
  const main = () => document.querySelector('[data-testid="stMain"]');
  const depths = new Map();
  // Once a run has begun and ended; after four seconds whatever happens.
  const settled = (then) => {
    let ran = false;
    const done = () => {
      watch.disconnect();
      clearTimeout(timer);
      requestAnimationFrame(() => requestAnimationFrame(then));
    };
    const watch = new MutationObserver((changes) => {
      ran ||= changes.some((change) => change.oldValue !== "notRunning") || app().dataset.testScriptState !== "notRunning";
      if (ran && app().dataset.testScriptState === "notRunning") done();
    });
    const timer = setTimeout(done, 4000);
    watch.observe(app(), { attributes: true, attributeFilter: ["data-test-script-state"], attributeOldValue: true });
  };
  const close = (except) => document.querySelectorAll(".vs-drop[open], .vs-as[open], .vs-burger[open]").forEach((box) => {
    if (!except || !box.contains(except)) box.open = false;
  });
  const go = (target, stay) => {
    for (const kept of ["role", "projection"]) {
      const now = new URLSearchParams(location.search).get(kept);
      if (now !== null && !target.searchParams.has(kept)) target.searchParams.set(kept, now);
    }
    depths.set(location.href, main()?.scrollTop || 0);
    const elsewhere = target.pathname !== location.pathname;
    history.pushState({}, "", target);
    window.dispatchEvent(new PopStateEvent("popstate", { state: { vigistock: true } }));
    if (stay) return;
    settled(() => {
      if (!elsewhere) return;
      main()?.scrollTo(0, 0);
      toContent();
    });
  };
  const toContent = () => {
    const title = document.querySelector("h1");
    title?.setAttribute("tabindex", "-1");
    title?.focus({ preventScroll: true });
  };
  // A projected screen is driven by keys: it begins on what it shows.
  settled(() => {
    if (document.querySelector(".vs-meeting") && document.activeElement === document.body) toContent();
  });
  window.addEventListener("popstate", (event) => {
    close();
    if (event.state?.vigistock) return;
    settled(() => main()?.scrollTo(0, depths.get(location.href) || 0));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    close(event.target);
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return;
    const target = new URL(link.getAttribute("href"), location.href);
    const isPage = link.closest(".stHtml, .vs-map") && target.origin === location.origin && !link.hasAttribute("download");
    if (!isPage || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    close();
    go(target, link.hasAttribute("data-stay"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    const bar = document.querySelector(".vs-meeting");
    if (!bar || event.metaKey || event.ctrlKey || event.altKey || event.target.closest?.("input, textarea, [role=slider]"))
      return;
    const pages = [...bar.querySelectorAll("a:not([data-quit])")];
    const at = pages.findIndex((page) => page.hasAttribute("aria-current"));
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    const chosen = event.key === "Escape" ? bar.querySelector("[data-quit]") : step && pages[at + step];
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
  });
})();</script>"""

# The box of the search and the list under it, as one control: « / » goes to it, arrows choose, Enter opens what is chosen,
# or else what stands first once the list answers the words typed; a code close to the one typed is never opened unasked.
_SEARCH = """<script>(() => {
  if (window.vigistockSearch) return;
  window.vigistockSearch = true;
  let awaited = false;
  const box = () => document.querySelector(".st-key-vs-search");
  const input = () => box()?.querySelector("input");
  const found = () => box()?.querySelector(".vs-found");
  const options = () => [...(found()?.querySelectorAll("[role=option]") || [])];
  const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");
  const isOpen = () => input()?.getAttribute("aria-expanded") === "true";
  const answers = () => found()?.dataset.typed === input()?.value.trim();
  const set = (element, name, value) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  const show = (open) => {
    const field = input();
    if (!field) return;
    set(field, "role", "combobox");
    set(field, "aria-autocomplete", "list");
    set(field, "aria-keyshortcuts", "/");
    set(field, "aria-expanded", open && found() ? "true" : "false");
    if (options().length) set(field, "aria-controls", "vs-found"); else field.removeAttribute("aria-controls");
    const active = open && options()[chosen()];
    if (active) set(field, "aria-activedescendant", active.id); else field.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    options().forEach((option, place) => set(option, "aria-selected", place === at ? "true" : "false"));
    options()[at]?.scrollIntoView({ block: "nearest" });
    show(true);
  };
  const leave = () => {
    awaited = false;
    show(false);
  };
  const open = (option) => {
    leave();
    input().blur();
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
    option.click();
  };
  const enter = () => {
    const several = options(), at = chosen();
    awaited = !answers();
    if (awaited) return;
    if (at >= 0 || (several.length && found().dataset.sure === "1")) open(several[Math.max(at, 0)]);
    else if (several.length) choose(0);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target !== input()) {
      if (event.key !== "/" || !input() || event.target.closest?.("input, textarea, select, [contenteditable=true]")) return;
      event.preventDefault();
      input().focus();
      input().select();
      return;
    }
    const count = options().length, at = chosen();
    const place = { ArrowDown: at + 1, ArrowUp: at < 0 ? count - 1 : at - 1 }[event.key];
    if (event.key === "Enter" && event.isTrusted) enter();
    if (event.key === "Escape" && isOpen()) {
      event.stopPropagation();
      leave();
    }
    if (place === undefined || !count) return;
    event.preventDefault();
    choose(place === count ? -1 : place);
  }, true);
  document.addEventListener("input", (event) => { if (event.target === input()) awaited = false; });
  document.addEventListener("focusin", (event) => { if (event.target === input()) show(true); });
  document.addEventListener("focusout", (event) => {
    if (event.target === input() && !box().contains(event.relatedTarget)) leave();
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.(".vs-found")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".vs-found a")) {
      leave();
      input()?.blur();
    }
  });
  let drawn = null;
  new MutationObserver(() => {
    if (found() === drawn && (!drawn || drawn.dataset.typed === drawn.vigistockTyped)) return;
    drawn = found();
    if (drawn) drawn.vigistockTyped = drawn.dataset.typed;
    show(document.activeElement === input());
    if (awaited) enter();
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-typed"] });
  show(false);
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


def in_french() -> None:
    """Where the frame is not drawn: what the framework writes on every page."""
    _run(_SKIP)


def run(*others: str) -> None:
    """Once a run, as one element: links that change page without loading it again, with a history that goes back; the
    search reached and opened without a mouse; French words of the framework, and when the server is started again the
    click of the meantime kept; ``others``.
    """
    _run("".join((_LINKS, _SKIP, _SEARCH, _RECONNECT, *others)))


def _run(script: str) -> None:
    markup.show(script, unsafe_allow_javascript=True)
