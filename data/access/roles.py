"""Who may see what: a signed-in person, their role, and the artefact that this role may open. No other module decides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Granted = Literal["ansm", "ansm_steward", "ars", "cap", "dgs"]
# public: whoever reads an open snapshot. Never given to a person: it writes nothing and opens nothing else.
Role = Literal[Granted, "public"]
ROLES: tuple[Granted, ...] = get_args(Granted)

# Roles that may see the stocks, sales and declarations of one laboratory (business secret).
SEES_LABORATORIES: frozenset[Role] = frozenset({"ansm", "ansm_steward"})
# Roles that read measures, stops and ranking: the ministry does by DCI, without laboratories (IGAS 2025-002R, R2, R13, R14).
READS_ANTICIPATION: frozenset[Role] = frozenset(("ansm", "ansm_steward", "dgs"))

ROLE_LABEL: dict[Role, str] = {
    "ansm": "ANSM",
    "ansm_steward": "ANSM, gestionnaire des données",
    "ars": "Agence régionale de santé",
    "cap": "Comité d'anticipation des pénuries",
    "dgs": "Direction générale de la santé",
    "public": "Visiteur des données ouvertes",
}


@dataclass(frozen=True)
class Identity:
    """A person as the identity provider names them, with the role that the access table gives them.

    ``login``: e-mail in lower case, the name under which the journal keeps what they did.
    ``region``: code of their region (``departements.csv``), for regional agencies only.
    """

    login: str
    name: str
    role: Role
    region: str | None = None

    @property
    def may_see_laboratories(self) -> bool:
        return self.role in SEES_LABORATORIES

    @property
    def artefact(self) -> Literal["restricted", "shared"]:
        """The file their session attaches: what they may not see is not in it."""
        return "restricted" if self.may_see_laboratories else "shared"

    @property
    def is_steward(self) -> bool:
        """May accept or correct lines, and read the access log."""
        return self.role == "ansm_steward"
