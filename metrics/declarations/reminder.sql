-- Quelles dates promises faut-il rappeler au laboratoire ?
-- grain : promesse en vigueur (retour ou approvisionnement) d'une déclaration ouverte, à rappeler aujourd'hui
-- unité : jours avant la date promise (négatif : passée sans confirmation)
-- formule : rappel de J-2 à J pour une date proche ; au-delà, la date est passée et rien ne l'a confirmée :
--   l'approvisionnement est encore « prévu », ou le dossier encore ouvert alors que le retour était promis
-- absence : aucune date à rappeler ; une date retirée par une version suivante ne se rappelle pas
-- source : TrustMed
-- règle : rappeler 48 heures avant un approvisionnement promis, et relancer après s'il n'est pas confirmé (IGAS
--   2025-002R, § 172)
-- seuils : reminder_days
SELECT
    r.declaration_no, r.promise, r.supply_no, d.dci, d.dci_key, d.denomination, d.laboratory, d.kind, r.planned_on,
    r.stated_on,
    r.boxes, date_diff('day', p.as_of, r.planned_on) AS days_left,
    CASE WHEN r.planned_on < p.as_of THEN 'passée sans confirmation' ELSE 'à rappeler' END AS reminder,
    s.postponed, s.first_planned_on, date_diff('day', s.first_planned_on, r.planned_on) AS total_slip_days
FROM promise AS r
INNER JOIN declaration AS d ON d.declaration_no = r.declaration_no
INNER JOIN (
    SELECT
        declaration_no, promise, promise_no, COUNT(CASE WHEN nature = 'report' THEN 1 END) AS postponed,
        ARG_MIN(COALESCE(previous_planned_on, planned_on), version_no) AS first_planned_on
    FROM promise
    GROUP BY declaration_no, promise, promise_no
) AS s ON s.declaration_no = r.declaration_no AND s.promise = r.promise AND s.promise_no = r.promise_no
CROSS JOIN parameter AS p
WHERE d.status = 'ouverte' AND r.is_latest AND COALESCE(r.state, 'prévu') = 'prévu'
    AND date_diff('day', p.as_of, r.planned_on) <= p.reminder_days
ORDER BY r.planned_on, r.declaration_no, r.promise, r.supply_no
