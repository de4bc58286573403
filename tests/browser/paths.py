"""Addresses of every page: as the menu gives it, and as a link deep into it. ``PAGES`` are those pictured in the documentation."""

from __future__ import annotations

PAGES = {
    "revue": "/",
    "plan-hivernal": "/plan-hivernal",
    "plan-canicule": "/plan-canicule",
    "molecule": "/molecule?sujet=amoxicilline-susp-500",
    "territoires": "/territoires?sujet=amoxicilline-susp-500&departement=29",
    "declarations": "/declarations",
    "tableau-mensuel": "/tableau-mensuel?mois=2026-10",
    "sources": "/sources?source=trustmed",
    "methode": "/methode?indicateur=plan_status",
}
EVERY_PAGE = PAGES | {
    "molecules": "/molecule",
    "bilan-de-saison": "/bilan-de-saison?plan=canicule&saison=2026",
    "territoires-epidemie": "/territoires?sujet=tous&couche=epidemie",
    "evaluation": "/evaluation",
    "basculement": "/basculement",
    "dates-promises": "/dates-promises",
    "mesures": "/mesures",
    "stocks-de-securite": "/stocks-de-securite",
    "plans-de-gestion": "/plans-de-gestion",
    "sites": "/sites",
    "arrets": "/arrets",
    "classement": "/classement",
    "seuils": "/methode?vue=seuils",
    "acces": "/acces",
    "plan-psychotropes": "/plan-psychotropes",
    "plan-derives-du-sang": "/plan-derives-du-sang",
    "plan-vaccins": "/plan-vaccins",
    "dci": "/molecule?sujet=dci:amoxicilline&maillon=tout",
    "recherche": "/molecule?q=amox",
    "region": "/territoires?region=53&rang=regions",
    "declarations-filtrees": "/declarations?statut=toutes&type=rupture",
    "toutes-les-sources": "/sources",
    "a-confirmer": "/sources?vue=confirmer",
    "noms": "/sources?vue=noms",
    "bornes": "/methode?vue=bornes",
    "signes": "/methode?vue=signes",
    "alertes": "/?alertes=amoxicilline-susp-500",
}
# Shown to a meeting, on a projected screen.
PROJECTED = {
    "revue": "/?projection=1",
    "plan-hivernal": "/plan-hivernal?projection=1",
    "molecule": "/molecule?sujet=amoxicilline-susp-500&projection=1",
    "territoires": "/territoires?sujet=amoxicilline-susp-500&departement=29&projection=1",
    "mesures": "/mesures?projection=1",
    "tableau-mensuel": "/tableau-mensuel?mois=2026-10&projection=1",
    "arrets": "/arrets?projection=1",
    "classement": "/classement?projection=1",
    "basculement": "/basculement?projection=1",
}
