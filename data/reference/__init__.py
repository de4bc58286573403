"""Reference files, read strictly, and the modules that read them: plans, risk grid, ranking, alert rules, thresholds."""
