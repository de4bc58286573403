-- Une semaine incomplète depuis trop longtemps porte quand même une couverture.
SELECT * FROM coverage_weekly WHERE figure_state = 'en_retard' AND (coverage_days IS NOT NULL OR status IS NOT NULL)
