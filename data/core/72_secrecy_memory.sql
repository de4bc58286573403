-- Que dire de ce qui a déjà été partagé : une semaine peut se répéter ou disparaître, jamais changer ?
-- A late or corrected report, a medicine that joins or leaves a group: the difference of what was shown before and of
-- what would be shown now is one laboratory's. shared_total_before and shared_box_before come from the snapshot in
-- force.
CREATE TEMP TABLE share_verdict AS
WITH compared_total AS (
    SELECT
        t.series AS series, t.subject_id AS subject_id, t.week AS week, t.content AS content,
        b.subject_id IS NOT NULL AS was_shared, t.content = b.content AS is_same
    FROM subject_total AS t
    LEFT JOIN shared_total_before AS b
        ON b.series = t.series AND b.subject_id = t.subject_id AND b.week = t.week
),
-- A total that appears now must not hold a presentation that another total of that week has already held.
overlapping AS (
    SELECT DISTINCT p.series AS series, p.week AS week, p.piece AS subject_id
    FROM piece AS p
    INNER JOIN shared_box_before AS b ON b.series = p.series AND b.week = p.week AND b.cip13 = p.cip13
    WHERE p.step = 'total'
)
SELECT
    t.series, t.subject_id, t.week, t.content,
    CASE
        WHEN f.subject_id IS NOT NULL THEN 'peu'
        WHEN k.subject_id IS NULL THEN 'incomplet'
        WHEN g.subject_id IS NOT NULL OR w.subject_id IS NOT NULL THEN 'difference'
        WHEN t.was_shared AND NOT t.is_same THEN 'revise'
        WHEN NOT t.was_shared AND o.subject_id IS NOT NULL THEN 'revise'
    END AS hidden_for
FROM compared_total AS t
LEFT JOIN total_on_few AS f ON f.series = t.series AND f.week = t.week AND f.subject_id = t.subject_id
LEFT JOIN candidate AS k ON k.series = t.series AND k.week = t.week AND k.subject_id = t.subject_id
LEFT JOIN group_exposed AS g
    ON k.kind = 'groupe' AND g.series = t.series AND g.week = t.week AND g.subject_id = t.subject_id
LEFT JOIN whole_exposed AS w
    ON k.kind = 'dci' AND w.series = t.series AND w.week = t.week AND w.subject_id = t.subject_id
LEFT JOIN overlapping AS o ON o.series = t.series AND o.week = t.week AND o.subject_id = t.subject_id;

-- What the screen shows of it, bounds included.
CREATE TEMP TABLE hidden_reason AS
SELECT r.hidden_for AS hidden_for, r.words AS words
FROM (
    SELECT 'peu' AS hidden_for,
        'Masqué : trop peu de laboratoires derrière ce chiffre (moins de '
        || CAST(CAST(p.secrecy_min_laboratories AS INTEGER) AS VARCHAR) || ', ou un seul au-delà de '
        || CAST(CAST(p.secrecy_max_share_pct AS INTEGER) AS VARCHAR) || ' %).' AS words
    FROM parameter AS p
    UNION ALL SELECT 'grossistes',
        'Masqué : trop peu de grossistes-répartiteurs derrière ce chiffre (moins de '
        || CAST(CAST(p.secrecy_min_laboratories AS INTEGER) AS VARCHAR) || ', ou un seul au-delà de '
        || CAST(CAST(p.secrecy_max_share_pct AS INTEGER) AS VARCHAR) || ' %).'
    FROM parameter AS p
    UNION ALL SELECT 'incomplet',
        'Masqué : le relevé d''un laboratoire manque ; son arrivée le ferait apparaître par différence.'
    UNION ALL SELECT 'difference', 'Masqué : comparé aux autres chiffres partagés, il désignerait un laboratoire.'
    UNION ALL SELECT 'revise',
        'Masqué : valeur modifiée depuis un premier partage ; l''écart désignerait un laboratoire.'
    UNION ALL SELECT 'fenetre',
        'Masqué : une semaine de ventes de la période de calcul est elle-même masquée, '
        || 'ou les déclarants n''y sont pas les mêmes.'
) AS r;
