"""Score of each open declaration, criterion by criterion, and contradictions between versions."""

TITLE = "Évaluation"
