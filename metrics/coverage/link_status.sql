-- Où en est chaque maillon aujourd'hui, et comment cela a-t-il évolué en quatre semaines ?
-- grain : sujet × maillon ; une ligne par maillon du plan, même sans donnée
-- unité : jours de couverture
-- formule : dernière semaine dont la couverture est connue, comparée aux bornes du plan ; variation avec la valeur d'il
--   y a 4 semaines
-- absence : aucune mesure reçue (« absent »), volume sous le plancher de fiabilité (« non pertinente »)
-- source : TracStocks, PointStock, panel IQVIA, e-Dispostock ; référentiel de la BDPM, OpenHealth ; bornes du plan
-- règle : satisfaisante, acceptable, insatisfaisante selon les bornes du plan, incluses telles qu'écrites. Un chiffre
--   plus vieux que le rythme constaté de ses relevés (plus le délai toléré) est « en retard » et garde son statut avec
--   son âge. Un point isolé vieillit : à jour 14 jours, « estimé » avec son âge jusqu'à 42, « en retard » ensuite.
--   Qui manque est dit de la semaine la plus récente, même quand une plus ancienne est affichée.
--   « Incomplet » : des présentations commercialisées ne sont pas relevées par les exploitants, ou manquent d'un
--   fichier reçu ; le chiffre est celui des présentations relevées, stock et demande. Le maillon le plus faible
--   (rang 1) a le statut le plus grave, puis la plus petite part de sa propre borne (la borne basse, ou la borne
--   satisfaisante une fois atteinte) ; à part égale, le premier de la chaîne. Un chiffre en retard, estimé ou incomplet
--   compte avec son dernier statut ; un maillon sans chiffre n'a pas de rang et est nommé à part (plan_status).
-- seuils : grace_days, flash_fresh_days, flash_carry_days, complete_share_pct, left_out_share_pct

-- Over 100 lines on purpose: the sentences of a state are read beside the rule that sets it.
WITH ranked_status AS (
    SELECT
        c.*,
        ROW_NUMBER() OVER (PARTITION BY c.subject_id, c.link ORDER BY c.week DESC) AS rank
    FROM coverage_weekly AS c
    WHERE c.status IS NOT NULL
),
newest AS (
    SELECT subject_id, link, MAX(week) AS newest_week
    FROM coverage_weekly
    GROUP BY subject_id, link
),
last_missing AS (
    SELECT
        c.subject_id, c.link, c.missing_share_pct, c.missing_names, c.held_names, c.left_out_share_pct,
        c.left_out_names, c.torn_names, c.carried_names
    FROM coverage_weekly AS c
    INNER JOIN newest AS n ON n.subject_id = c.subject_id AND n.link = c.link AND n.newest_week = c.week
),
spark AS (
    SELECT
        n.subject_id AS subject_id, n.link AS link,
        LIST(c.coverage_days ORDER BY w.weeks_before DESC) AS spark
    FROM newest AS n
    CROSS JOIN (SELECT UNNEST(RANGE(0, 8)) AS weeks_before) AS w
    LEFT JOIN coverage_weekly AS c
        ON c.subject_id = n.subject_id AND c.link = n.link
        AND c.week = n.newest_week - week_days(w.weeks_before)
    GROUP BY n.subject_id, n.link
),
joined AS (
    SELECT
        b.subject_id, b.link, b.label, b.order_no, b.satisfactory_days, b.acceptable_days,
        CASE WHEN k.sources = 'Point Stock' THEN 'pointstock' ELSE b.source_key END AS source_key,
        COALESCE(k.denominator, b.denominator) AS denominator, k.coverage_members_days, k.members_origin,
        k.current_origin, k.rhythm, k.sources, k.rhythm IS NOT NULL AND k.due_weeks IS NULL AS is_point,
        p.flash_fresh_days, CAST(p.flash_carry_days AS INTEGER) AS flash_carry_days,
        k.week, k.week + 6 AS measured_on, k.coverage_days, k.coverage_legal_days, k.coverage_current_days,
        k.stock_boxes,
        k.participants, k.legal_origin, k.status, n.newest_week, k.coverage_days - e.coverage_days AS delta_4w_days,
        s.spark,
        m.missing_share_pct, m.missing_names, m.held_names, m.left_out_share_pct, m.left_out_names,
        m.torn_names, m.carried_names,
        k.marketed_presentations, k.covered_presentations, k.covered_share_pct, k.covered_share_of, k.is_uncovered,
        date_diff('day', k.week + 6, p.as_of) AS age_days,
        -- A week ends, the next one ends a rhythm later, and its file is due within a week.
        CASE
            WHEN k.rhythm IS NULL THEN t.rhythm_days + 7 + p.grace_days
            WHEN k.due_weeks IS NULL THEN p.flash_carry_days
            ELSE 7 * k.due_weeks + 7 + p.grace_days
        END AS late_after_days,
        k.figure_state AS week_state, h.state_reason AS pui_words
    FROM subject_band AS b
    CROSS JOIN parameter AS p
    INNER JOIN source AS t ON t.source_key = b.source_key
    LEFT JOIN ranked_status AS k ON k.subject_id = b.subject_id AND k.link = b.link AND k.rank = 1
    LEFT JOIN newest AS n ON n.subject_id = b.subject_id AND n.link = b.link
    LEFT JOIN last_missing AS m ON m.subject_id = b.subject_id AND m.link = b.link
    LEFT JOIN spark AS s ON s.subject_id = b.subject_id AND s.link = b.link
    LEFT JOIN pui_week AS h ON b.link = 'pui' AND h.subject_id = b.subject_id AND h.week = k.week
    LEFT JOIN coverage_weekly AS e
        ON e.subject_id = b.subject_id AND e.link = b.link AND e.week = k.week - 28
    WHERE b.subject_id IN (SELECT group_id FROM tracked_group) OR n.newest_week IS NOT NULL
)
SELECT
    j.subject_id, j.link, j.label, j.order_no, j.week, j.measured_on, j.coverage_days, j.coverage_legal_days,
    j.coverage_current_days, j.stock_boxes, j.participants, j.legal_origin, j.status,
    CASE
        WHEN j.week IS NULL AND j.newest_week IS NULL THEN 'absent'
        WHEN j.week IS NULL THEN 'en_retard'
        WHEN j.status = 'non_pertinente' THEN 'non_pertinente'
        WHEN j.week < j.newest_week OR j.age_days > j.late_after_days THEN 'en_retard'
        WHEN j.is_point AND j.age_days > j.flash_fresh_days AND j.week_state = 'a_jour' THEN 'estime'
        ELSE j.week_state
    END AS figure_state,
    CASE
        WHEN j.newest_week IS NULL THEN 'Aucun relevé reçu pour ce maillon.'
        WHEN j.week IS NULL THEN 'Relevé incomplet ou à confirmer depuis plus d''une semaine : couverture non calculée.'
        WHEN j.link = 'pui' AND j.week = j.newest_week AND j.age_days <= j.late_after_days THEN j.pui_words
        WHEN j.status = 'non_pertinente' AND j.link <> 'officines'
            THEN 'Aucune vente dans la période de calcul : la couverture ne se calcule pas.'
        WHEN j.status = 'non_pertinente' THEN 'Volume de ventes sous le plancher de fiabilité.'
        WHEN j.week < j.newest_week
            THEN 'Relevé incomplet depuis plus d''une semaine (' || j.absent_words || ') ; ' || CASE j.week_state
                WHEN 'estime' THEN 'dernière valeur affichée, elle-même estimée.'
                WHEN 'incomplet' THEN 'dernière valeur affichée, elle-même incomplète.'
                ELSE 'dernière valeur complète affichée.'
            END
        WHEN j.is_point AND j.age_days > j.late_after_days
            THEN j.point_words || ', de plus de ' || j.flash_carry_days || ' jours : à redemander.'
        WHEN j.age_days > j.late_after_days THEN 'Aucun relevé plus récent reçu.'
        WHEN j.week_state IN ('a_jour', 'estime', 'incomplet')
            THEN NULLIF(concat_ws(
                ' ', j.aged_words, j.carried_words, j.slower_words, j.left_out_words, j.uncovered_words, j.torn_words
            ), '')
    END AS state_reason,
    j.age_days, j.delta_4w_days, j.spark, j.missing_share_pct, j.missing_names, j.left_out_share_pct,
    j.left_out_names, j.torn_names,
    j.marketed_presentations, j.covered_presentations, j.covered_share_pct, j.covered_share_of, j.is_uncovered,
    j.satisfactory_days, j.acceptable_days, j.source_key, j.denominator, j.coverage_members_days, j.current_origin,
    j.members_origin, j.rhythm, j.sources, j.carried_names, j.gravity, j.bound_share_pct,
    weakness_rank(j.subject_id, j.gravity, j.bound_share_pct, j.order_no) AS weakness_rank
FROM (
    SELECT
        w.*, status_gravity(w.status) AS gravity,
        bound_share_pct(w.coverage_days, w.satisfactory_days, w.acceptable_days) AS bound_share_pct,
        'Point isolé du ' || strftime(w.measured_on, '%d/%m/%Y') AS point_words,
        CASE WHEN w.is_point AND w.age_days > w.flash_fresh_days THEN
            'Point isolé du ' || strftime(w.measured_on, '%d/%m/%Y') || ', âgé de ' || w.age_days
                || ' jours : aucun autre relevé n''est attendu.' END AS aged_words,
        'Relevé repris dans son rythme : ' || w.carried_names || CASE
            WHEN w.missing_names IS NULL AND w.left_out_names IS NULL
                THEN ', ' || part_words(w.missing_share_pct)
                    || ' % de la demande'
            ELSE '' END || '.' AS slower_words,
        CASE
            WHEN w.missing_names IS NULL AND w.left_out_names IS NOT NULL
                THEN 'absent d''un fichier reçu : ' || first_names(w.left_out_names)
            WHEN w.held_names = w.missing_names THEN 'à confirmer : ' || w.held_names
            ELSE 'manque : ' || COALESCE(w.missing_names, '?') || COALESCE(', dont à confirmer : ' || w.held_names, '')
        END AS absent_words,
        CASE
            WHEN w.missing_names IS NULL THEN NULL
            WHEN w.held_names = w.missing_names
                THEN 'Relevé à confirmer reporté d''une semaine (à confirmer : ' || w.held_names || ', '
            WHEN w.held_names IS NOT NULL
                THEN 'Relevé à confirmer reporté d''une semaine (manque : ' || w.missing_names
                    || ', dont à confirmer : ' || w.held_names || ', '
            ELSE 'Relevé manquant reporté d''une semaine (manque : ' || w.missing_names || ', '
        END || w.missing_share_words AS carried_words,
        CASE
            WHEN w.left_out_names IS NULL THEN NULL
            WHEN w.week_state = 'estime' THEN 'Absent d''un fichier reçu, reporté d''une semaine : '
            ELSE 'Absent d''un fichier reçu, sorti de la somme : '
        END || first_names(w.left_out_names) || ' (' || w.left_out_share_words AS left_out_words,
        CASE
            WHEN w.is_uncovered
                THEN 'Les relevés couvrent ' || count_words(w.covered_presentations) || ' des '
                    || count_words(w.marketed_presentations) || ' présentations commercialisées' || CASE
                        w.covered_share_of
                        WHEN 'officines' THEN ' (' || w.covered_share_words || ' % des ventes en officine).'
                        WHEN 'grossistes'
                            THEN ' (' || w.covered_share_words || ' % des ventes des grossistes-répartiteurs).'
                        ELSE '.'
                    END
        END AS uncovered_words,
        'Ventes d''au moins une semaine manquantes dans la période de calcul : ' || w.torn_names || '.' AS torn_words
    FROM (
        SELECT
            *,
            sales_share_words(missing_share_pct - COALESCE(left_out_share_pct, 0)) AS missing_share_words,
            sales_share_words(left_out_share_pct) AS left_out_share_words,
            CAST(CAST(FLOOR(covered_share_pct) AS INTEGER) AS VARCHAR) AS covered_share_words
        FROM joined
    ) AS w
) AS j
ORDER BY j.subject_id, j.order_no
