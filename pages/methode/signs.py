"""Glossary of signs: what the word, the symbol and the outline of a figure say."""

from __future__ import annotations

from markupsafe import Markup

from pages.components.templating import render

_STATUS = (
    ("satisfaisante", "La couverture atteint la borne haute du maillon."),
    ("acceptable", "La couverture est entre les deux bornes."),
    ("insatisfaisante", "La couverture est sous la borne basse : une action est à envisager."),
)
_STATE = (
    ("a_jour", "À jour", "Le chiffre est plus récent que le rythme de sa source plus le délai toléré."),
    (
        "en_retard",
        "En retard",
        "Aucun relevé plus récent : le dernier statut est gardé, avec son âge ; un département qui ne répond plus n'en a plus.",
    ),
    (
        "estime",
        "Estimé",
        "Un relevé manque et celui d'avant le remplace (sa part est dite), ou une semaine de ventes manque au calcul.",
    ),
    (
        "incomplet",
        "Incomplet",
        "Des présentations commercialisées ne sont pas relevées ou manquent d'un fichier reçu : le chiffre est sans elles.",
    ),
    (
        "non_pertinente",
        "Non pertinente",
        "Ventes ou nombre d'officines sous le plancher de fiabilité : ni bon ni mauvais.",
    ),
    (
        "hors_panel",
        "Hors panel",
        "Le département n'a jamais répondu pour ce médicament, ou plus depuis longtemps : ni bon, ni zéro.",
    ),
    (
        "masque",
        "Masqué",
        "Moins de trois laboratoires, ou un seul dominant, derrière le chiffre : secret des affaires.",
    ),
    (
        "absent",
        "Aucune donnée",
        "Rien n'a été reçu pour ce maillon ou ce territoire, ou plus rien depuis plusieurs semaines.",
    ),
)
COUNT = len(_STATUS) + len(_STATE)


def html() -> Markup:
    """Two tables: statuses, then states; the sign as drawn on a page, beside the status it qualifies."""
    return render("methode/signs", statuses=_STATUS, states=_STATE)
