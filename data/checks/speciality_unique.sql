-- Un code CIS désigne deux spécialités en vigueur.
SELECT cis, COUNT(*) AS rows FROM speciality GROUP BY cis HAVING COUNT(*) > 1
