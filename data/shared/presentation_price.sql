-- Prix et taux publiés des présentations, sans laboratoire.
SELECT * FROM restricted.presentation_price
