-- État des sources, sans nom de fichier.
SELECT * FROM restricted.source_state
