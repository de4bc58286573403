-- Quels faits les règles d'alerte ont-elles trouvés ?
-- grain : fait d'une règle
-- unité : celle de la règle
-- formule : réunion des requêtes de chaque règle
-- absence : aucun fait
-- source : celles de chaque règle
-- règle : data/reference/alerts.toml
SELECT 'link' AS rule, a.* FROM alert_link AS a
UNION ALL
SELECT 'score' AS rule, a.* FROM alert_score AS a
UNION ALL
SELECT 'tipping' AS rule, a.* FROM alert_tipping AS a
UNION ALL
SELECT 'date_due' AS rule, a.* FROM alert_date_due AS a
UNION ALL
SELECT 'date_passed' AS rule, a.* FROM alert_date_passed AS a
UNION ALL
SELECT 'safety_undeclared' AS rule, a.* FROM alert_safety_undeclared AS a
UNION ALL
SELECT 'safety_back' AS rule, a.* FROM alert_safety_back AS a
UNION ALL
SELECT 'safety_repeated' AS rule, a.* FROM alert_safety_repeated AS a
UNION ALL
SELECT 'departments' AS rule, a.* FROM alert_departments AS a
UNION ALL
SELECT 'region' AS rule, a.* FROM alert_region AS a
UNION ALL
SELECT 'public_list' AS rule, a.* FROM alert_public_list AS a
UNION ALL
SELECT 'source_late' AS rule, a.* FROM alert_source_late AS a
UNION ALL
SELECT 'to_confirm' AS rule, a.* FROM alert_to_confirm AS a
UNION ALL
SELECT 'name' AS rule, a.* FROM alert_name AS a
UNION ALL
SELECT 'without_effect' AS rule, a.* FROM alert_without_effect AS a
