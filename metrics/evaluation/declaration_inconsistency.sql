-- Quelles versions d'une même déclaration se contredisent, ou contredisent les ventes ?
-- grain : déclaration × version × champ qui a bougé
-- unité : valeurs du champ avant et après
-- formule : écart avec la version précédente : ventes habituelles, parts de marché, ou date de retour déplacée sans que
--   la cause ni le commentaire ne change. Dernière version : part déclarée loin de la part de référence de la
--   présentation dans sa DCI (reference_share), donnée comme valeur d'avant
-- absence : une seule version, le champ n'était pas renseigné, ou aucune vente de référence de la présentation
-- source : TrustMed ; Octave, GERS ou Medic'AM pour la part de référence
-- règle : les incohérences entre versions ne se voient aujourd'hui qu'en rouvrant la déclaration initiale (IGAS
--   2025-002R, § 158)
-- seuils : inconsistent_sales_pct, inconsistent_share_points, reference_gap_points, slip_days
WITH chained AS (
    SELECT
        v.*,
        LAG(version_no) OVER w AS previous_no,
        LAG(sales_town_boxes) OVER w AS previous_town_boxes,
        LAG(sales_hospital_boxes) OVER w AS previous_hospital_boxes,
        LAG(share_town_pct) OVER w AS previous_town_pct,
        LAG(share_hospital_pct) OVER w AS previous_hospital_pct,
        LAG(expected_return_on) OVER w AS previous_return_on,
        LAG(comment) OVER w AS previous_comment,
        LAG(causes) OVER w AS previous_causes
    FROM declaration_version AS v
    WINDOW w AS (PARTITION BY declaration_no ORDER BY version_no)
),
compared AS (
    SELECT declaration_no, version_no, version_on, 'ventes habituelles en ville' AS field,
        previous_town_boxes AS before, sales_town_boxes AS after, 'boîtes par mois' AS unit, 'ventes' AS rule
    FROM chained
    UNION ALL
    SELECT declaration_no, version_no, version_on, 'ventes habituelles à l''hôpital', previous_hospital_boxes,
        sales_hospital_boxes, 'boîtes par mois', 'ventes'
    FROM chained
    UNION ALL
    SELECT declaration_no, version_no, version_on, 'part de marché en ville', previous_town_pct, share_town_pct, '%',
        'part'
    FROM chained
    UNION ALL
    SELECT declaration_no, version_no, version_on, 'part de marché à l''hôpital', previous_hospital_pct,
        share_hospital_pct, '%', 'part'
    FROM chained
),
far AS (
    SELECT c.*, CAST(NULL AS DATE) AS date_before, CAST(NULL AS DATE) AS date_after
    FROM compared AS c
    CROSS JOIN parameter AS p
    WHERE (c.rule = 'ventes' AND 100 * ABS(c.after - c.before) > p.inconsistent_sales_pct * c.before)
        OR (c.rule = 'part' AND ABS(c.after - c.before) > p.inconsistent_share_points)
),
against_sales AS (
    SELECT
        d.declaration_no, v.version_no, d.updated_on AS version_on,
        'part de marché ' || CASE r.circuit WHEN 'ville' THEN 'en ville' ELSE 'à l''hôpital' END || CASE r.source_key
            WHEN 'octave' THEN ', au regard d''Octave ' || YEAR(r.last_month)
            ELSE ', au regard de ' || CASE r.source_key WHEN 'gers' THEN 'GERS' ELSE 'Medic''AM' END
                || strftime(r.first_month, ' (%m/%Y à ') || strftime(r.last_month, '%m/%Y)')
        END AS field, r.share_pct AS before,
        CASE r.circuit WHEN 'ville' THEN d.share_town_pct ELSE d.share_hospital_pct END AS after, '%' AS unit,
        'référence' AS rule, CAST(NULL AS DATE) AS date_before, CAST(NULL AS DATE) AS date_after
    FROM declaration AS d
    INNER JOIN (
        SELECT declaration_no, MAX(version_no) AS version_no FROM declaration_version GROUP BY declaration_no
    ) AS v ON v.declaration_no = d.declaration_no
    INNER JOIN reference_share AS r ON r.cip13 = d.cip13 AND r.dci_key = d.dci_key
    CROSS JOIN parameter AS p
    WHERE ABS(CASE r.circuit WHEN 'ville' THEN d.share_town_pct ELSE d.share_hospital_pct END - r.share_pct)
        > p.reference_gap_points
),
silent AS (
    SELECT
        c.declaration_no, c.version_no, c.version_on, 'date de retour déplacée sans un mot' AS field,
        CAST(NULL AS DOUBLE) AS before, CAST(NULL AS DOUBLE) AS after, '' AS unit, 'date' AS rule,
        c.previous_return_on AS date_before, c.expected_return_on AS date_after
    FROM chained AS c
    CROSS JOIN parameter AS p
    WHERE ABS(date_diff('day', c.previous_return_on, c.expected_return_on)) >= p.slip_days
        AND COALESCE(c.comment, '') = COALESCE(c.previous_comment, '')
        AND c.causes = c.previous_causes
)
SELECT
    f.declaration_no, d.dci, d.dci_key, d.laboratory, d.denomination, d.status, f.version_no, f.version_on, f.field,
    f.before,
    f.after, f.unit, f.date_before, f.date_after
FROM (SELECT * FROM far UNION ALL SELECT * FROM silent UNION ALL SELECT * FROM against_sales) AS f
INNER JOIN declaration AS d ON d.declaration_no = f.declaration_no
ORDER BY f.version_on DESC, f.declaration_no, f.field
