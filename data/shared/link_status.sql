-- État des maillons partageable : mêmes masques que la couverture, sans nom de déclarant.
SELECT
    l.subject_id, l.link, l.label, l.order_no, l.week, l.measured_on,
    CASE WHEN NOT x.hidden THEN l.coverage_days END AS coverage_days,
    CASE WHEN NOT x.hidden THEN l.coverage_legal_days END AS coverage_legal_days,
    CASE WHEN NOT x.hidden THEN l.coverage_current_days END AS coverage_current_days,
    CASE WHEN NOT x.hidden THEN l.stock_boxes END AS stock_boxes,
    l.participants, l.legal_origin,
    CASE WHEN NOT x.hidden THEN l.status END AS status,
    CASE WHEN x.hidden THEN 'masque' ELSE l.figure_state END AS figure_state,
    CASE
        WHEN x.hidden THEN 'Masqué : trop peu de laboratoires derrière ce chiffre.'
        WHEN l.missing_names IS NOT NULL AND l.figure_state = 'estime'
            THEN 'Relevé manquant reporté d''une semaine ('
                || CAST(ROUND(l.missing_share_pct, 0) AS INTEGER)::VARCHAR || ' % des ventes).'
        WHEN l.missing_names IS NOT NULL
            THEN 'Relevé incomplet depuis plus d''une semaine ; dernière valeur complète affichée.'
        ELSE l.state_reason
    END AS state_reason,
    l.age_days,
    CASE WHEN NOT x.hidden THEN l.delta_4w_days END AS delta_4w_days,
    CASE WHEN NOT x.hidden THEN l.spark END AS spark,
    CASE WHEN NOT x.hidden THEN l.missing_share_pct END AS missing_share_pct,
    CAST(NULL AS VARCHAR) AS missing_names,
    l.satisfactory_days, l.acceptable_days, l.source_key, l.denominator
FROM restricted.link_status AS l
INNER JOIN (
    SELECT
        k.subject_id, k.link,
        k.link = 'exploitants' AND k.figure_state <> 'absent' AND (
            h.subject_id IS NOT NULL OR k.subject_id NOT IN (SELECT m.subject_id FROM restricted.market_share AS m)
        ) AS hidden
    FROM restricted.link_status AS k
    LEFT JOIN secret_subject AS h ON h.subject_id = k.subject_id
) AS x ON x.subject_id = l.subject_id AND x.link = l.link
ORDER BY l.subject_id, l.order_no
