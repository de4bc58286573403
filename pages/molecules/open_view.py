"""Open data: a molecule from public files alone."""

from __future__ import annotations

from pages.components import blocks
from pages.components.open_limits import limits, list_age
from pages.components.shell import frame
from pages.molecules import open_answer, open_market, open_records, open_timeline, public_records
from pages.molecules.view import View

SOURCES = ("bdpm", "historique", "medicam", "openmedic")
METHODS = (
    ("Passages dans la liste publique", "public_spell"),
    ("Présentations manquantes", "public_subject"),
    ("Déclarations rendues publiques", "past_dci"),
    ("Groupes génériques", "generic_member"),
    ("Prix et taux", "presentation_price"),
    ("Avis de la HAS", "has_opinion"),
)
UNSAID = (
    "Ni stocks, ni ventes des laboratoires, ni déclarations en cours : ces fichiers ne sont pas publics. Aucune couverture en jours.",
    "La liste ne nomme que les MITM sans alternative ; entre deux photographies, une entrée et une sortie ne se voient pas.",
    "Les boîtes remboursées ne comptent ni l'hôpital, ni l'automédication ; le laboratoire est le titulaire, pas toujours l'exploitant.",
)


def draw(seen: View) -> None:
    """The list first, then what is reimbursed, what was declared, what can replace it, what it costs."""
    blocks.show(open_answer.head(seen.id, seen.crumbs()), list_age(), open_timeline.head(seen.id))
    if open_timeline.is_listed(seen.id):
        open_timeline.drawing.show("liste", seen.id, frame.scale())
        open_timeline.stays.show(seen.id)
        open_timeline.twin(seen)
    open_market.head.show(seen.id)
    if open_market.has_months(seen.id):
        open_market.drawing.show("boites", seen.id, frame.scale())
    blocks.show(open_market.places(seen.id), open_records.past(seen.id))
    public_records.past_twin(seen)
    blocks.show(open_records.replacing(seen.id), open_records.price(seen.id), limits(UNSAID))
    open_market.twins(seen)
    open_records.twins(seen)
