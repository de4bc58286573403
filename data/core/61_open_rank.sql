-- Qui commercialise chaque DCI, par quoi est-elle remplacée, et combien de boîtes sont remboursées ?
CREATE TEMP TABLE open_marketed AS
SELECT cis, dci_key, TRIM(holder) AS holder, atc, is_mitm
FROM speciality
WHERE dci_key IS NOT NULL AND marketing_state = 'Commercialisée';

-- Marketed specialities that a generic group holds together with one of another holder.
CREATE TEMP TABLE open_replaced AS
WITH member AS (
    SELECT DISTINCT g.generic_group AS generic_group, m.cis AS cis, m.holder AS holder
    FROM bdpm_generic AS g
    INNER JOIN in_force AS f ON f.kind = 'generic' AND f.load_id = g.load_id
    INNER JOIN open_marketed AS m ON m.cis = g.cis
)
SELECT DISTINCT a.cis AS cis
FROM member AS a
INNER JOIN member AS b ON b.generic_group = a.generic_group AND b.holder IS DISTINCT FROM a.holder;

CREATE TEMP TABLE open_class AS
WITH class_dci AS (
    SELECT DISTINCT SUBSTR(atc, 1, 5) AS atc_class, dci_key FROM open_marketed WHERE LENGTH(atc) >= 5
)
SELECT m.dci_key AS dci_key, COUNT(DISTINCT CASE WHEN o.dci_key <> m.dci_key THEN o.dci_key END) AS alternatives
FROM class_dci AS m
INNER JOIN class_dci AS o ON o.atc_class = m.atc_class
GROUP BY m.dci_key;

CREATE TEMP TABLE open_held AS
SELECT
    m.dci_key AS dci_key, COUNT(DISTINCT m.holder) AS laboratories, COUNT(CASE WHEN m.is_mitm THEN 1 END) AS mitm,
    CASE WHEN EXISTS (SELECT 1 FROM bdpm_generic)
        THEN exact_ratio(100 * COUNT(r.cis), COUNT(*))
    END AS substitutable_share
FROM open_marketed AS m
LEFT JOIN open_replaced AS r ON r.cis = m.cis
GROUP BY m.dci_key;

-- Mean of the last twelve months published; of a DCI without a line there, a twelfth of the last year published.
CREATE TEMP TABLE open_boxes AS
WITH monthly AS (
    SELECT subject_id, AVG(boxes) AS monthly_boxes
    FROM reimbursed_subject_month
    WHERE rank <= 12
    GROUP BY subject_id
),
yearly AS (
    SELECT s.subject_id AS subject_id, SUM(b.boxes) / 12 AS monthly_boxes
    FROM subject_presentation AS s
    INNER JOIN openmedic_box AS b ON b.cip13 = s.cip13
    WHERE b.year = (SELECT MAX(year) FROM openmedic_in_force)
    GROUP BY s.subject_id
)
SELECT h.dci_key AS dci_key, COALESCE(m.monthly_boxes, y.monthly_boxes) AS monthly_boxes
FROM open_held AS h
LEFT JOIN monthly AS m ON m.subject_id = 'dci:' || h.dci_key
LEFT JOIN yearly AS y ON y.subject_id = 'dci:' || h.dci_key;
