-- État des chiffres par indicateur, sans nom de déclarant.
SELECT * FROM restricted.figure_state
