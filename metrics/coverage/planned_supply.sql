-- Quels approvisionnements sont attendus, et quand ?
-- grain : sujet × laboratoire × date prévue × origine
-- unité : boîtes
-- formule : dernière semaine TracStocks de chaque laboratoire ; promesses TrustMed en vigueur des déclarations ouvertes
-- absence : aucun approvisionnement annoncé
-- source : TracStocks, TrustMed
-- règle : les deux origines sont montrées côte à côte, jamais additionnées ; une ligne corrigée rejoint son fichier
--   d'origine. Un approvisionnement qu'un relevé suivant de la présentation ne dit plus n'est plus attendu ; un fichier
--   sans feuille d'approvisionnements n'en retire aucun
-- état : tracstocks, trustmed
WITH last_week AS (
    SELECT laboratory, cip13, MAX(week) AS week
    FROM (
        SELECT laboratory, cip13, week FROM tracstocks_supply
        UNION ALL
        SELECT s.laboratory, s.cip13, s.week
        FROM tracstocks_stock AS s
        INNER JOIN (SELECT DISTINCT load_id FROM load_sheet WHERE table_name = 'tracstocks_supply') AS h
            ON h.load_id = s.load_id
    ) AS spoken
    GROUP BY laboratory, cip13
),
announced AS (
    SELECT t.cip13, t.laboratory, t.planned_on, t.boxes, 'TracStocks' AS origin
    FROM last_file('tracstocks_supply', (week, laboratory, cip13), planned_on) AS t
    INNER JOIN last_week AS l ON l.laboratory = t.laboratory AND l.cip13 = t.cip13 AND l.week = t.week
    UNION ALL
    SELECT d.cip13, d.laboratory, p.planned_on, p.boxes, 'TrustMed' AS origin
    FROM promise AS p
    INNER JOIN declaration AS d ON d.declaration_no = p.declaration_no
    WHERE p.promise = 'approvisionnement' AND p.is_latest AND p.state = 'prévu' AND d.status = 'ouverte'
)
SELECT s.subject_id, a.planned_on, SUM(exact_boxes(a.boxes)) AS boxes, a.laboratory, a.origin
FROM announced AS a
INNER JOIN subject_presentation AS s ON s.cip13 = a.cip13
GROUP BY s.subject_id, a.planned_on, a.laboratory, a.origin
ORDER BY s.subject_id, a.planned_on, a.laboratory, a.origin
