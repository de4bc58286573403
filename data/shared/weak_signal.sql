-- Signaux faibles par groupe suivi et par DCI : ni présentation, ni laboratoire, ni volume.
SELECT * FROM restricted.weak_signal
