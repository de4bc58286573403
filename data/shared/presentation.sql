-- Présentations du référentiel public (BDPM), nommées sans laboratoire.
SELECT p.cip13, p.cis, p.label, s.denomination, p.dci, p.dci_key, p.atc, p.is_mitm, p.marketing_state
FROM restricted.presentation AS p
LEFT JOIN speciality AS s ON s.cis = p.cis
ORDER BY p.cip13
