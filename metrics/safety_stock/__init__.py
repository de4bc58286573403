"""Stock due by each company, and days under it."""

TITLE = "Stocks de sécurité"
