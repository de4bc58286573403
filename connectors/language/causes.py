"""Causes of a shortage as the public release of declarations and the reporting form write them."""

from __future__ import annotations

from connectors.language.folding import fold

CAUSES = (
    "Analyses de libération non conformes",
    "Arrêt de commercialisation",
    "Augmentation du volume de vente",
    "Autre",
    "Capacité de production insuffisante",
    "Défaut d'approvisionnement en Article de Conditionnement",
    "Défaut d'approvisionnement en Matière Première",
    "Défaut qualité produit fini",
    "Difficulté réglementaire",
    "Incident de production",
    "Problème de transport/logistique",
    "Problème qualité : Analyse non conforme",
    "Problème qualité : Non conformité aux BPF",
    "Stock inférieur au stock défini par le décret n°2021-349 du 30 mars 2021",
    "Transfert de site",
)
SPELLINGS = {fold(cause): cause for cause in CAUSES}
