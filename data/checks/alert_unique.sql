-- Deux alertes ont la même clé, ou une règle n'est pas connue.
SELECT alert_key AS name, COUNT(*) AS rows FROM alert GROUP BY alert_key HAVING COUNT(*) > 1
UNION ALL
SELECT f.rule AS name, COUNT(*) AS rows
FROM alert_fact AS f
WHERE f.rule NOT IN (SELECT rule FROM alert_rule)
GROUP BY f.rule
