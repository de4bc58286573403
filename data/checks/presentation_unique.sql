-- Un code CIP13 désigne deux présentations en vigueur.
SELECT cip13, COUNT(*) AS rows FROM presentation GROUP BY cip13 HAVING COUNT(*) > 1
