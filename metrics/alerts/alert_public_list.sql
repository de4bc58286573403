-- Quelle DCI vient d'entrer dans la liste publique, ou d'y empirer ?
-- grain : DCI (spécialité quand elle n'en a pas) × photographie de la liste
-- unité : spécialités ; gravité 1 (tension ou arrêt) ou 2 (rupture)
-- formule : entrées et changements de situation vers une rupture, une tension ou un arrêt, pendant la durée de la règle
-- absence : sortie, remise à disposition ou simple mise à jour de date : ce ne sont pas des alertes
-- source : BDPM, fichier CIS_CIP_Dispo_Spec
-- règle : la photographie est comparée avec la précédente
SELECT
    COALESCE(e.dci_key, 'cis-' || e.cis) || ':' || CAST(e.photograph_at AS VARCHAR) AS subject_key,
    COALESCE(MIN(d.dci), 'CIS ' || MIN(e.cis)) AS label,
    STRING_AGG(
        DISTINCT e.event || ', ' || LOWER(e.status_label), ' ; ' ORDER BY e.event || ', ' || LOWER(e.status_label)
    ) AS place,
    CAST(COUNT(DISTINCT e.cis) AS DOUBLE) AS value, MAX(CASE e.code WHEN '1' THEN 2.0 ELSE 1.0 END) AS gravity,
    e.photograph_at AS day, [COALESCE('dci:' || MIN(e.dci_key), '')] AS targets, CAST(NULL AS VARCHAR) AS region
FROM public_shortage_event AS e
CROSS JOIN snapshot_info AS i
INNER JOIN alert_rule AS r ON r.rule = 'public_list'
LEFT JOIN dci AS d ON d.dci_key = e.dci_key
WHERE e.event IN ('entrée', 'changement') AND e.code IN ('1', '2', '3')
    AND date_diff('day', e.photograph_at, i.as_of) < r.window_days
GROUP BY COALESCE(e.dci_key, 'cis-' || e.cis), e.photograph_at
ORDER BY subject_key
