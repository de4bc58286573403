"""Small declarations that add up to an uncovered need."""

TITLE = "Basculement"
