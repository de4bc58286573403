-- Si une présentation s'arrête, sur lesquelles sa demande se reporte-t-elle, et que leur reste-t-il ?
-- grain : arrêt annoncé × présentation restante (même DCI, voie commune, forme prise de la même façon)
-- unité : boîtes par jour, jours de couverture chez les exploitants ; le total reporté est dans unit_word
-- formule : report = ventes quotidiennes de ce qui s'arrête × part de la présentation dans les ventes de celles qui
--   restent, chaque boîte comptée pour les unités qu'elle contient (presentation_size), puis ramené en boîtes de la
--   présentation. Couverture avant = stock ÷ ventes ; après = stock ÷ (ventes + report). Ventes : demande courante de
--   la couverture, quel que soit le rythme des relevés
-- absence : présentation sans relevé à jour : rien ne lui est attribué, le report des autres est alors un majorant
-- source : TracStocks, intentions d'arrêt, référentiel de la BDPM
-- règle : réactions en chaîne après un arrêt (IGAS 2025-002R, § 304 à 306). Chaque arrêt est calculé seul. Un comprimé
--   vaut un comprimé ou une gélule, quel que soit son dosage ; si toutes les boîtes ne se comptent pas dans une même
--   unité, une boîte vaut une boîte, de tailles différentes. Ce qui s'arrête au plus tard le même jour ne reprend rien.
--   Familles de formes : choix de Vigistock.
-- seuils : current_weeks, carry_weeks
WITH sized AS (
    SELECT
        cip13, units,
        CASE WHEN unit_word IN ('comprimé', 'gélule', 'capsule') THEN 'comprimé ou gélule' ELSE unit_word END
            AS unit_word
    FROM presentation_size
),
concerned AS (
    SELECT stop_no, cip13 FROM stop_presentation
    UNION ALL
    SELECT stop_no, cip13 FROM stop_remaining
),
-- The unit that every box with sales shares, or boxes.
counted AS (
    SELECT
        c.stop_no,
        CASE WHEN COUNT(z.units) = COUNT(*) AND COUNT(DISTINCT z.unit_word) = 1 THEN MIN(z.unit_word) ELSE 'boîte' END
            AS unit_word
    FROM concerned AS c
    INNER JOIN presentation_market AS t ON t.cip13 = c.cip13
    LEFT JOIN sized AS z ON z.cip13 = c.cip13
    GROUP BY c.stop_no
),
load_left AS (
    SELECT
        s.stop_no, COALESCE(MIN(u.unit_word), 'boîte') AS unit_word,
        SUM(exact_units(t.daily_boxes, CASE u.unit_word WHEN 'boîte' THEN 1 ELSE z.units END)) AS load_daily_units
    FROM stop_presentation AS s
    LEFT JOIN counted AS u ON u.stop_no = s.stop_no
    LEFT JOIN sized AS z ON z.cip13 = s.cip13
    LEFT JOIN presentation_market AS t ON t.cip13 = s.cip13
    GROUP BY s.stop_no
),
market AS (
    SELECT
        k.*, t.laboratory, t.stock_boxes, t.daily_boxes, t.figure_state, l.load_daily_units, l.unit_word,
        CASE l.unit_word WHEN 'boîte' THEN 1 ELSE z.units END AS units_per_box
    FROM stop_remaining AS k
    INNER JOIN load_left AS l ON l.stop_no = k.stop_no
    LEFT JOIN sized AS z ON z.cip13 = k.cip13
    LEFT JOIN presentation_market AS t ON t.cip13 = k.cip13
),
shared_out AS (
    SELECT
        m.*,
        exact_units(m.daily_boxes, m.units_per_box)
            / NULLIF(SUM(exact_units(m.daily_boxes, m.units_per_box)) OVER (PARTITION BY m.stop_no), 0) AS share
    FROM market AS m
),
opened AS (
    SELECT
        cip13, MAX(CASE kind WHEN 'rupture' THEN 1 ELSE 0 END) AS has_rupture,
        STRING_AGG(declaration_no, ', ' ORDER BY declaration_no) AS declaration_nos
    FROM declaration
    WHERE status = 'ouverte'
    GROUP BY cip13
),
covered AS (
    SELECT
        s.*, s.load_daily_units * s.share / s.units_per_box AS moved_daily_boxes,
        s.stock_boxes / NULLIF(s.daily_boxes, 0) AS coverage_before_days,
        s.stock_boxes / NULLIF(s.daily_boxes + COALESCE(s.load_daily_units * s.share / s.units_per_box, 0), 0)
            AS coverage_after_days
    FROM shared_out AS s
)
SELECT
    c.stop_no, c.cip13, p.cis, p.denomination, p.label AS presentation_label,
    COALESCE(c.laboratory, p.holder) AS laboratory,
    c.form_kind, COALESCE(c.figure_state, 'absent') AS figure_state, c.stock_boxes, c.daily_boxes,
    100 * c.share AS share_pct,
    c.unit_word, c.units_per_box, c.load_daily_units, c.moved_daily_boxes,
    c.daily_boxes + c.moved_daily_boxes AS daily_after_boxes,
    c.coverage_before_days,
    CASE WHEN c.load_daily_units IS NOT NULL THEN c.coverage_after_days END AS coverage_after_days,
    coverage_status(c.coverage_before_days, b.satisfactory_days, b.acceptable_days) AS status_before,
    CASE
        WHEN c.load_daily_units IS NOT NULL
            THEN coverage_status(c.coverage_after_days, b.satisfactory_days, b.acceptable_days)
    END AS status_after,
    c.stops_on, COALESCE(o.has_rupture, 0) = 1 AS has_rupture, o.declaration_nos
FROM covered AS c
INNER JOIN presentation AS p ON p.cip13 = c.cip13
LEFT JOIN subject_band AS b ON b.subject_id = 'dci:' || p.dci_key AND b.link = 'exploitants'
LEFT JOIN opened AS o ON o.cip13 = c.cip13
ORDER BY c.stop_no, c.daily_boxes DESC NULLS LAST, c.cip13
