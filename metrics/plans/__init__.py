"""Status of each followed group of a plan."""

TITLE = "Plans"
