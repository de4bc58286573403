"""Coverage by link of the chain, sales, planned supplies, market shares."""

TITLE = "Couverture et ventes"
