"""Management plans: who has none for the last campaign, what the others promise against what is due."""

TITLE = "Plans de gestion des pénuries"
