-- Groupes génériques par DCI ; leur libellé nomme la spécialité de référence, parfois par le nom de son laboratoire.
SELECT * EXCLUDE (label) FROM restricted.generic_group
