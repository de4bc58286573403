"""What a reader sees when the dashboard breaks: a sentence and a reference, nothing of the code nor of the data."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from data.journal import JournalUnavailable
from data.strict import BrokenReference
from pages.components.shell import frame

_LOGGER = logging.getLogger(__name__)


def contained(run: Callable[[], None]) -> None:
    """Run a whole page. A failure goes to the log of the server under the reference that the reader is given.

    Streamlit stops and reruns scripts by exceptions of its own, which are not failures and pass through.
    """
    try:
        run()
    except (JournalUnavailable, BrokenReference) as failure:
        _show(failure, str(failure))
    except Exception as failure:  # noqa: BLE001 – whatever it is, its text and its trace stay on the server
        _show(failure, "La page n'a pas pu être affichée en entier.")


def _show(failure: Exception, sentence: str) -> None:
    reference = secrets.token_hex(4)
    _LOGGER.error("page failed, ref. %s", reference, exc_info=failure)
    frame.empty_state(
        f"Une erreur est survenue (réf. {reference}).",
        f"{sentence} Réessayer dans quelques minutes ; si elle revient, transmettre cette référence et l'heure "
        "à l'équipe qui administre Vigistock.",
    )
