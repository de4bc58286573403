-- Une déclaration figure deux fois dans la liste en vigueur.
SELECT declaration_no, COUNT(*) AS rows FROM declaration GROUP BY declaration_no HAVING COUNT(*) > 1
