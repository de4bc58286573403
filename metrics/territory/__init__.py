"""Coverage by department, and whether a tension is local or national."""

TITLE = "Territoires"
