-- Un statut ou un état n'est pas de ceux que l'écran sait dire.
SELECT subject_id, link, status, figure_state FROM link_status
WHERE COALESCE(status, 'acceptable') NOT IN ('satisfaisante', 'acceptable', 'insatisfaisante', 'non_pertinente')
    OR figure_state NOT IN (
        'a_jour', 'en_retard', 'estime', 'incomplet', 'non_pertinente', 'hors_panel', 'masque', 'absent'
    )
