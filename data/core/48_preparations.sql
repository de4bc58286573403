-- Combien de préparations magistrales ont été comptées, par sujet et par semaine ?
-- What may be written for a subject: its code, its name, the name of a DCI or another name of it.
CREATE TEMP TABLE subject_name AS
SELECT name_key, MIN_BY(subject_id, (rank, subject_id)) AS subject_id, MIN_BY(label, (rank, subject_id)) AS label
FROM (
    SELECT written_dci_key(subject_id) AS name_key, subject_id, label, 1 AS rank FROM subject
    UNION ALL
    SELECT dci_key AS name_key, subject_id, label, 2 AS rank FROM subject WHERE kind = 'dci'
    UNION ALL
    SELECT y.name_key AS name_key, s.subject_id, s.label, 3 AS rank
    FROM dci_synonym AS y
    INNER JOIN subject AS s ON s.subject_id = 'dci:' || y.dci_key
    UNION ALL
    SELECT written_dci_key(label) AS name_key, subject_id, label, 4 AS rank FROM subject WHERE kind = 'groupe'
) AS named
GROUP BY name_key;

CREATE TEMP TABLE preparation_named AS
SELECT n.subject_id, w.week, w.preparations, w.pharmacies, w.recommendation_on, w.reason, w.load_id, w.line
FROM preparations_week AS w
INNER JOIN subject_name AS n ON n.name_key = written_dci_key(w.subject_id);

-- Lines of one file that write one subject in two ways and count its week differently: none of them is used.
CREATE TEMP TABLE preparation_contrary AS
SELECT load_id, subject_id, week
FROM preparation_named
GROUP BY load_id, subject_id, week
HAVING COUNT(DISTINCT preparations) > 1 OR COUNT(DISTINCT pharmacies) > 1;

CREATE TEMP VIEW preparation_import AS
SELECT i.*
FROM preparation_named AS i
ANTI JOIN preparation_contrary AS c ON c.load_id = i.load_id AND c.subject_id = i.subject_id AND c.week = i.week;

-- One row by subject and week. What an agent typed wins over what a file says of the same week; of files, the last line
-- received. A typed week is kept even when its subject left the plans: the journal holds it.
CREATE TEMP TABLE preparation_line AS
WITH known AS (
    SELECT
        subject_id, CAST(week AS DATE) AS week, preparations, pharmacies,
        CAST(NULLIF(recommendation_on, '') AS DATE) AS recommendation_on, NULLIF(reason, '') AS reason,
        'saisie' AS origin, 1 AS rank
    FROM journal_preparation
    UNION ALL
    SELECT
        subject_id, CAST(week AS DATE) AS week, preparations, pharmacies, recommendation_on, reason,
        'fichier' AS origin, 2 AS rank
    FROM last_line('preparation_import', (subject_id, week))
)
SELECT * EXCLUDE (rank, place)
FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY subject_id, week ORDER BY rank) AS place
    FROM known
) AS placed
WHERE place = 1;
