-- Quelles mesures ont été prises sur les médicaments suivis pendant la saison, par type ?
-- grain : plan × saison × type de mesure
-- unité : déclarations, médicaments suivis
-- formule : mesures commencées (« en place » ou « terminée », début atteint) dont la durée touche la saison ; dont
--   celles qui ont commencé dans la saison
-- absence : aucune mesure de ce type : pas de ligne
-- source : TrustMed
-- règle : une mesure seulement demandée ou prévue n'est pas prise. Sans fin écrite, une mesure dure jusqu'à la clôture
--   de sa déclaration, ou jusqu'au dernier jour compté. En vigueur sans début écrit : comptée à part, sans date
-- état : trustmed
WITH taken AS (
    SELECT DISTINCT
        s.plan, s.season, m.measure, m.declaration_no, g.group_id, m.start_on IS NULL AS is_undated,
        COALESCE(m.start_on >= s.starts_on, FALSE) AS is_new
    FROM plan_season AS s
    INNER JOIN tracked_group AS g ON g.plan = s.plan
    INNER JOIN group_presentation AS b ON b.group_id = g.group_id
    INNER JOIN declaration AS d ON d.cip13 = b.cip13
    INNER JOIN measure AS m ON m.declaration_no = d.declaration_no
    WHERE (
        m.was_started AND m.start_on <= s.through_on
        AND COALESCE(m.end_on, d.closed_on, s.through_on) >= s.starts_on
    ) OR (m.start_on IS NULL AND m.is_in_force AND s.is_running)
)
SELECT
    plan, season, measure, COUNT(DISTINCT declaration_no) AS declarations, COUNT(DISTINCT group_id) AS medicines,
    COUNT(DISTINCT CASE WHEN is_new THEN declaration_no END) AS started,
    COUNT(DISTINCT CASE WHEN is_undated THEN declaration_no END) AS undated
FROM taken
GROUP BY plan, season, measure
ORDER BY plan, season, measure
