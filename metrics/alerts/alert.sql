-- Quelles alertes sont ouvertes, et à quel niveau ?
-- grain : alerte (règle × sujet)
-- unité : niveau 1 (à suivre), 2 (importante), 3 (grave)
-- formule : plus haut niveau dont la borne est atteinte par la gravité du fait
-- absence : gravité inconnue, ou sous la première borne : pas d'alerte
-- source : celles de chaque règle
-- règle : une alerte garde sa clé tant que le fait dure ; vue ou envoyée, elle ne revient que si son niveau monte
SELECT
    -- The journal keeps keys of 300 characters; associations of many substances have longer names.
    f.rule || ':' || CASE
        WHEN LENGTH(f.subject_key) <= 200 THEN f.subject_key
        ELSE SUBSTRING(f.subject_key, 1, 160) || ':' || md5(f.subject_key)
    END AS alert_key,
    f.rule, l.level, l.label AS level_label, f.label, f.place, f.value, f.gravity, f.day, f.targets, f.region,
    r.order_no
FROM alert_fact AS f
INNER JOIN alert_rule AS r ON r.rule = f.rule
INNER JOIN alert_level AS l ON l.rule = f.rule AND f.gravity >= l.at_least AND f.gravity < l.below
ORDER BY l.level DESC, r.order_no, f.gravity DESC, alert_key
