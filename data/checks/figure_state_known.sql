-- Un indicateur n'a pas d'état, ou un état que l'écran ne sait pas dire.
SELECT indicator, source_key, figure_state, state_reason FROM figure_state
WHERE figure_state NOT IN ('a_jour', 'en_retard', 'absent') OR (figure_state <> 'a_jour' AND state_reason IS NULL)
