-- Présentations inconnues du référentiel, sans leur libellé : un laboratoire s'y lit souvent.
SELECT * REPLACE (CAST(NULL AS VARCHAR) AS label) FROM restricted.reimbursed_unmatched
