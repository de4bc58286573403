-- Un département sans relevé cette semaine porte une couverture, ou un département mesuré est dit absent.
SELECT subject_id, department, status, figure_state FROM department_status
WHERE (NOT is_measured AND (coverage_days IS NOT NULL OR COALESCE(status, 'non_pertinente') <> 'non_pertinente'))
    OR (is_measured AND figure_state NOT IN ('a_jour', 'en_retard'))
    OR (is_silent AND (is_measured OR last_measured_on IS NULL OR figure_state NOT IN ('en_retard', 'absent')))
    OR figure_state NOT IN ('a_jour', 'en_retard', 'non_pertinente', 'hors_panel', 'absent')
