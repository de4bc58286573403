"""The steward says that a name is somebody's own, as the button « C'est son nom » does."""

from __future__ import annotations

from connectors.language.names import identity_key
from data.access.roles import Identity
from data.journal import Journal
from tests.conftest import Home

STEWARD = Identity("gestion@exemple.invalid", "Gestionnaire", "ansm_steward")


def recognise(home: Home, *names: str, same_as: str = "") -> None:
    """``same_as``: another name that they are, instead."""
    journal = Journal(home.settings().journal)
    journal.migrate()
    for name in names:
        keys = (identity_key(name), identity_key(same_as) if same_as else "")
        journal.answer_name(STEWARD, "laboratoire", keys, (name, same_as), "Vu", same=bool(same_as))
    journal.close()
