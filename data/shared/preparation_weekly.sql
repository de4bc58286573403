-- Préparations magistrales par groupe suivi ou DCI et par semaine : ni laboratoire, ni nom, ni motif écrit.
SELECT
    subject_id, week, preparations, pharmacies, recommendation_on, origin, is_last, figure_state, age_days
FROM restricted.preparation_weekly
