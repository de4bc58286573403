"""Addresses of every page: as the menu gives it, and as a link deep into it."""

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
