-- Quelles références de ventes ont été décidées à la main, et quels mois sont exclus ?
CREATE TABLE manual_reference AS
SELECT subject_id, link, monthly_boxes, since, until, reason, author
FROM last_line('references_manual', (subject_id, link, since))
ORDER BY subject_id, link, since;

CREATE TEMP TABLE excluded_week AS
SELECT DISTINCT s.subject_id AS subject_id, CAST(w.week AS DATE) AS week
FROM references_excluded AS e
INNER JOIN subject AS s ON e.subject_id IN ('*', s.subject_id)
CROSS JOIN UNNEST(
    generate_series(date_trunc('week', date_trunc('month', e.month_on)), last_day(e.month_on), INTERVAL 7 DAY)
) AS w (week);
