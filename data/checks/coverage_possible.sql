-- Une couverture est négative ou infinie.
SELECT * FROM coverage_weekly WHERE coverage_days < 0 OR isinf(coverage_days) OR isnan(coverage_days)
