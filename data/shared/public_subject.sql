-- Comptes de la liste publique par médicament, sans laboratoire.
SELECT * FROM restricted.public_subject
