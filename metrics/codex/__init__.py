"""Codex: what is really marketed, as a check of the denominators and of the register of stops."""

TITLE = "Commercialisation réelle (Codex)"
