-- Mesures comptées par type sur un plan entier : ni laboratoire, ni déclaration, ni date.
SELECT * FROM restricted.season_measure
