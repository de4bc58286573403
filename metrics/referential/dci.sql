-- Combien de spécialités, de laboratoires et de déclarations derrière chaque DCI ?
-- grain : DCI
-- unité : nombres
-- formule : comptes sur le référentiel, les déclarations ouvertes et la liste publique
-- absence : zéro
-- source : BDPM, TrustMed
-- règle : sels et hydrates d'une même DCI réunis par la fraction thérapeutique
SELECT
    s.dci_key, MIN(s.dci) AS dci,
    COUNT(DISTINCT s.cis) AS specialities,
    COUNT(DISTINCT p.cip13) AS presentations,
    COUNT(DISTINCT CASE WHEN s.is_mitm THEN p.cip13 END) AS mitm_presentations,
    COUNT(DISTINCT s.holder) AS laboratories,
    COALESCE(MAX(d.open_declarations), 0) AS open_declarations,
    COALESCE(MAX(u.public_shortages), 0) AS public_shortages,
    folded(MIN(s.dci)) AS search_text
FROM speciality AS s
LEFT JOIN presentation AS p ON p.cis = s.cis
LEFT JOIN declaration_summary AS d ON d.dci_key = s.dci_key
LEFT JOIN (
    SELECT dci_key, COUNT(*) AS public_shortages FROM public_shortage GROUP BY dci_key
) AS u ON u.dci_key = s.dci_key
WHERE s.dci_key IS NOT NULL
GROUP BY s.dci_key
ORDER BY s.dci_key
