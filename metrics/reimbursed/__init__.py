"""Boxes reimbursed in town and units dispensed by hospital pharmacies, from public data alone."""

TITLE = "Médicaments remboursés (données publiques)"
