-- Unités rétrocédées, sans leur libellé : un laboratoire peut s'y lire. La DCI les désigne.
SELECT * REPLACE (CAST(NULL AS VARCHAR) AS label)
FROM restricted.retroceded_yearly
ORDER BY year, ucd, dci_key, units
