-- Un statut contredit les bornes du plan.
SELECT subject_id, link, coverage_days, status FROM link_status
WHERE (status = 'satisfaisante' AND coverage_days < satisfactory_days)
    OR (status = 'acceptable' AND (coverage_days >= satisfactory_days OR coverage_days < acceptable_days))
    OR (status = 'insatisfaisante' AND coverage_days >= acceptable_days)
