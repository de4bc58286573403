-- Hausses par DCI et par classe ; ni nom de laboratoire, ni spécialité, dont le nom en porte souvent un.
SELECT * EXCLUDE (laboratories) FROM restricted.monthly_movement WHERE scope <> 'specialite'
