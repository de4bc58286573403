-- Déclarations européennes comptées par DCI, avec les autres États touchés : ni spécialité, ni laboratoire.
SELECT * FROM restricted.european_dci
