-- Bornes des règles d'alerte que la version partageable peut calculer.
SELECT l.*
FROM restricted.alert_level AS l
INNER JOIN restricted.alert_rule AS r ON r.rule = l.rule
WHERE NOT r.is_secret
