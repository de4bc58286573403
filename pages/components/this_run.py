"""What is decided once for one run of a page, beside the framework's own context: ``st.session_state``, which does as
much, is asked under a lock at each of the hundreds of reads of a run.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx

_NAME = "vigistock_run"


def kept() -> dict[str, Any]:
    """Of the run that asks; forgotten when another begins. Nothing is kept where no page runs."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return {}
    # A run, of the page or of a fragment, begins with cursors of its own.
    cursors, found = vars(context).get(_NAME, (None, None))
    decided: dict[str, Any] = found if cursors is context.cursors else {}
    if decided is not found:
        vars(context)[_NAME] = context.cursors, decided
    return decided
