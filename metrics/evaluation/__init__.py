"""Score of each open declaration, line by line, and what contradicts itself."""

TITLE = "Évaluation"
