-- Signaux des agences comptés par DCI, groupe et plan, par région et département : ni texte, ni réponse, ni numéro.
SELECT * FROM restricted.agency_signal_place
