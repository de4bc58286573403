-- Où en est chaque maillon aujourd'hui, et comment cela a-t-il évolué en quatre semaines ?
-- grain : sujet × maillon ; une ligne par maillon du plan, même sans donnée
-- unité : jours de couverture
-- formule : dernière semaine dont la couverture est connue, comparée aux bornes du plan ; variation avec la valeur d'il
--   y a 4 semaines
-- absence : aucune mesure reçue (« absent »), volume sous le plancher de fiabilité (« non pertinente »)
-- source : TracStocks, PointStock, panel IQVIA ; bornes du plan
-- règle : satisfaisante, acceptable, insatisfaisante selon les bornes du plan, incluses telles qu'écrites. Un chiffre
--   plus vieux que le rythme constaté de ses relevés (plus le délai toléré) est « en retard » et garde son statut avec
--   son âge. Un point isolé vieillit : à jour 14 jours, « estimé » avec son âge jusqu'à 42, « en retard » ensuite.
--   Qui manque est dit de la semaine la plus récente, même quand une plus ancienne est affichée.
-- seuils : grace_days, flash_fresh_days, flash_carry_days
WITH known AS (
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
    SELECT c.subject_id, c.link, c.missing_share_pct, c.missing_names, c.held_names, c.carried_names
    FROM coverage_weekly AS c
    INNER JOIN newest AS n ON n.subject_id = c.subject_id AND n.link = c.link AND n.newest_week = c.week
),
spark AS (
    SELECT
        n.subject_id AS subject_id, n.link AS link,
        LIST(c.coverage_days ORDER BY w.back DESC) AS spark
    FROM newest AS n
    CROSS JOIN (SELECT UNNEST(RANGE(0, 8)) AS back) AS w
    LEFT JOIN coverage_weekly AS c
        ON c.subject_id = n.subject_id AND c.link = n.link
        AND c.week = n.newest_week - week_days(w.back)
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
        m.missing_share_pct, m.missing_names, m.held_names, m.carried_names,
        date_diff('day', k.week + 6, p.as_of) AS age_days,
        -- A week ends, the next one ends a rhythm later, and its file is due within a week.
        CASE
            WHEN k.rhythm IS NULL THEN t.rhythm_days + 7 + p.grace_days
            WHEN k.due_weeks IS NULL THEN p.flash_carry_days
            ELSE 7 * k.due_weeks + 7 + p.grace_days
        END AS late_after_days,
        k.figure_state AS week_state
    FROM subject_band AS b
    CROSS JOIN parameter AS p
    INNER JOIN source AS t ON t.source_key = b.source_key
    LEFT JOIN known AS k ON k.subject_id = b.subject_id AND k.link = b.link AND k.rank = 1
    LEFT JOIN newest AS n ON n.subject_id = b.subject_id AND n.link = b.link
    LEFT JOIN last_missing AS m ON m.subject_id = b.subject_id AND m.link = b.link
    LEFT JOIN spark AS s ON s.subject_id = b.subject_id AND s.link = b.link
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
        WHEN j.status = 'non_pertinente' THEN 'Volume de ventes sous le plancher de fiabilité.'
        WHEN j.week < j.newest_week
            THEN 'Relevé incomplet depuis plus d''une semaine (' || j.absent_words || ') ; ' || CASE
                WHEN j.week_state = 'estime' THEN 'dernière valeur affichée, elle-même estimée.'
                ELSE 'dernière valeur complète affichée.'
            END
        WHEN j.is_point AND j.age_days > j.late_after_days
            THEN j.point_words || ', de plus de ' || j.flash_carry_days || ' jours : à redemander.'
        WHEN j.age_days > j.late_after_days THEN 'Aucun relevé plus récent reçu.'
        WHEN j.is_point AND j.age_days > j.flash_fresh_days AND j.week_state = 'a_jour'
            THEN j.point_words || ', âgé de ' || j.age_days || ' jours : aucun autre relevé n''est attendu.'
        WHEN j.week_state = 'estime' AND j.missing_names IS NULL AND j.carried_names IS NOT NULL
            THEN 'Relevé repris dans son rythme : ' || j.carried_names || ', '
                || COALESCE(CAST(CAST(ROUND(j.missing_share_pct, 0) AS INTEGER) AS VARCHAR), '?')
                || ' % de la demande.'
        WHEN j.week_state = 'estime'
            THEN CASE
                WHEN j.held_names IS NULL THEN 'Relevé manquant reporté d''une semaine'
                ELSE 'Relevé à confirmer reporté d''une semaine'
            END || ' (' || j.absent_words || ', '
                || COALESCE(CAST(CAST(ROUND(j.missing_share_pct, 0) AS INTEGER) AS VARCHAR), '?') || ' % des ventes).'
    END AS state_reason,
    j.age_days, j.delta_4w_days, j.spark, j.missing_share_pct, j.missing_names, j.satisfactory_days, j.acceptable_days,
    j.source_key, j.denominator, j.coverage_members_days, j.current_origin, j.members_origin, j.rhythm, j.sources,
    j.carried_names, status_gravity(j.status) AS gravity
FROM (
    SELECT
        *, 'Point isolé du ' || strftime(measured_on, '%d/%m/%Y') AS point_words,
        CASE
            WHEN held_names = missing_names THEN 'à confirmer : ' || held_names
            ELSE 'manque : ' || COALESCE(missing_names, '?') || COALESCE(', dont à confirmer : ' || held_names, '')
        END AS absent_words
    FROM joined
) AS j
ORDER BY j.subject_id, j.order_no
