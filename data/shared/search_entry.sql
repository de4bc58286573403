-- Réponses de la recherche sans laboratoire ni déclaration ; une spécialité y porte sa DCI, son dosage et sa forme.
SELECT
    e.kind,
    CASE WHEN e.kind IN ('specialite', 'presentation') THEN s.denomination ELSE e.label END AS label,
    e.beside, e.code, e.other_codes,
    CASE e.kind
        WHEN 'specialite' THEN s.dci WHEN 'presentation' THEN CONCAT_WS(' ', e.beside, s.dci) ELSE e.words
    END AS words,
    e.page, e.parameter, e.asked, e.subject_id, e.dci_key, e.order_no
FROM restricted.search_entry AS e
LEFT JOIN speciality AS s
    ON s.cis = CASE e.kind WHEN 'specialite' THEN e.code WHEN 'presentation' THEN e.other_codes END
WHERE e.kind IN ('groupe', 'dci', 'atc', 'specialite', 'presentation', 'departement', 'region')
ORDER BY e.kind, e.order_no, label, e.asked
