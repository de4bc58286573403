-- Une déclaration reçue n'est plus dans la liste en vigueur.
SELECT DISTINCT v.declaration_no
FROM declaration_version AS v
LEFT JOIN declaration AS d ON d.declaration_no = v.declaration_no
WHERE d.declaration_no IS NULL
