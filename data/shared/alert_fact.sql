-- Faits des règles d'alerte, calculés à nouveau sur les tables partageables : ils ne disent rien qu'elles ne disent.
SELECT 'link' AS rule, a.* FROM alert_link AS a
UNION ALL
SELECT 'departments' AS rule, a.* FROM alert_departments AS a
UNION ALL
SELECT 'region' AS rule, a.* FROM alert_region AS a
UNION ALL
SELECT 'public_list' AS rule, a.* FROM alert_public_list AS a
UNION ALL
SELECT 'source_late' AS rule, a.* FROM alert_source_late AS a
