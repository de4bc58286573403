-- Quels chiffres d'un maillon peuvent être montrés à qui ne voit pas les laboratoires ?
-- grain : sujet × maillon × semaine ISO
-- unité : oui ou non, et la raison en mots
-- formule : un total d'exploitants (stock, ventes) sort si au moins 3 firmes y contribuent, aucune au-delà de 85 %, et
--   si aucune combinaison de totaux sortis n'en isole moins ; une couverture sort si son stock et toutes ses
--   semaines de ventes sortent, et si les mêmes déclarants ont relevé les mêmes présentations chaque semaine
-- absence : –
-- source : TracStocks, PointStock, fichier des grossistes, panel IQVIA, e-Dispostock ; ce que l'instantané précédent a
--   partagé
-- règle : une semaine partagée se répète ou disparaît, elle ne change jamais. Des grossistes-répartiteurs sortent des
--   jours, jamais des boîtes ; du panel, les ventes des seuls groupes que le marché partage. Le stock des pharmacies
--   hospitalières n'est celui d'aucun laboratoire : leurs jours sortent, jamais leurs unités ; rapportés aux achats de
--   tous les hôpitaux, seulement si le marché est partagé.
--   Une firme est une société ou un groupe (table des groupes de laboratoires), quelle que soit l'écriture du nom. Un
--   nom que ni le référentiel public, ni cette table, ni le gestionnaire ne connaît, ou qui attend sa réponse, ne
--   compte pour personne : ses boîtes sont ajoutées à celles de la plus grande
-- seuils : secrecy_min_laboratories, secrecy_max_share_pct
WITH laboratories AS (
    SELECT
        c.subject_id, c.link, c.week, c.legal_origin, s.hidden_for AS stock_for, v.hidden_for AS sales_for,
        COUNT(v.hidden_for) OVER (
            PARTITION BY c.subject_id ORDER BY c.week
            RANGE BETWEEN d.current_span PRECEDING AND CURRENT ROW
        ) > 0 OR NOT t.is_current_steady OR q.hidden_for IS NOT NULL AS hides_current_demand,
        c.legal_origin IS NULL OR c.legal_origin LIKE '%ventes habituelles déclarées%' OR (
            c.legal_origin = 'ventes des 12 mois glissants'
            AND (NOT t.is_legal_steady OR COUNT(v.hidden_for) OVER (
                PARTITION BY c.subject_id ORDER BY c.week
                RANGE BETWEEN d.legal_span PRECEDING AND CURRENT ROW
            ) > 0)
        ) AS hides_legal_demand
    FROM coverage_weekly AS c
    CROSS JOIN demand_window AS d
    INNER JOIN steady_window AS t ON t.subject_id = c.subject_id AND t.week = c.week
    INNER JOIN share_verdict AS s ON s.series = 'stock' AND s.subject_id = c.subject_id AND s.week = c.week
    INNER JOIN share_verdict AS v ON v.series = 'ventes' AND v.subject_id = c.subject_id AND v.week = c.week
    -- Sales of four weeks that a report declares itself: another sum than that of its weeks, under the same bounds.
    LEFT JOIN share_verdict AS q ON q.series = 'demande' AND q.subject_id = c.subject_id AND q.week = c.week
    WHERE c.link = 'exploitants'
),
masking AS (
    SELECT
        subject_id, link, week, stock_for IS NOT NULL AS hides_stock, sales_for IS NOT NULL AS hides_sales,
        hides_current_demand, hides_legal_demand,
        stock_for IS NOT NULL OR hides_current_demand AS hides_current_days,
        stock_for IS NOT NULL OR hides_legal_demand AS hides_legal_days,
        COALESCE(stock_for, sales_for, 'fenetre') AS hidden_for
    FROM laboratories
    UNION ALL
    SELECT
        c.subject_id, c.link, c.week, TRUE AS hides_stock, TRUE AS hides_sales,
        TRUE AS hides_current_demand, TRUE AS hides_legal_demand,
        f.subject_id IS NOT NULL AS hides_current_days,
        -- A decided reference is known elsewhere: days of it would give the boxes.
        f.subject_id IS NOT NULL OR COALESCE(c.legal_origin, '') LIKE 'référence manuelle%' AS hides_legal_days,
        'grossistes' AS hidden_for
    FROM coverage_weekly AS c
    LEFT JOIN wholesalers_on_few AS f ON f.subject_id = c.subject_id AND f.week = c.week
    WHERE c.link = 'grossistes'
    UNION ALL
    SELECT
        c.subject_id, c.link, c.week, FALSE AS hides_stock, f.subject_id IS NOT NULL AS hides_sales,
        FALSE AS hides_current_demand, FALSE AS hides_legal_demand, FALSE AS hides_current_days,
        FALSE AS hides_legal_days, 'peu' AS hidden_for
    FROM coverage_weekly AS c
    LEFT JOIN panel_on_few AS f ON f.subject_id = c.subject_id
    WHERE c.link = 'officines'
    UNION ALL
    -- What hospitals hold is theirs. Counted against what all of them buy, days would tell sales of few laboratories.
    SELECT
        c.subject_id, c.link, c.week, TRUE AS hides_stock, TRUE AS hides_sales, TRUE AS hides_current_demand,
        TRUE AS hides_legal_demand, f.subject_id IS NOT NULL AND c.current_origin LIKE '%(GERS)' AS hides_current_days,
        TRUE AS hides_legal_days, 'peu' AS hidden_for
    FROM coverage_weekly AS c
    LEFT JOIN panel_on_few AS f ON f.subject_id = c.subject_id
    WHERE c.link = 'pui'
),
judged AS (
    SELECT
        t.*, CASE WHEN c.denominator = 'legal' THEN t.hides_legal_days ELSE t.hides_current_days END AS hides_days
    FROM masking AS t
    INNER JOIN coverage_weekly AS c ON c.subject_id = t.subject_id AND c.link = t.link AND c.week = t.week
)
SELECT
    j.subject_id, j.link, j.week, j.hides_stock, j.hides_sales, j.hides_current_demand, j.hides_legal_demand,
    j.hides_current_days, j.hides_legal_days, j.hides_days, CASE WHEN j.hides_days THEN r.words END AS reason
FROM judged AS j
INNER JOIN hidden_reason AS r ON r.hidden_for = j.hidden_for
ORDER BY j.subject_id, j.link, j.week
