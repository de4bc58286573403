-- De quels médicaments les officines (DP-Ruptures) et les agences régionales (SISAC) parlent-elles ?
-- Hints from the field, never a status: no coverage, no band and no declaration reads these tables.

-- What a count may be about: a followed group, a whole DCI, all the groups of a plan.
CREATE TEMP TABLE about_presentation AS
SELECT subject_id AS about, cip13 AS cip13 FROM subject_presentation
UNION
SELECT 'plan:' || t.plan AS about, g.cip13 AS cip13
FROM group_presentation AS g
INNER JOIN tracked_group AS t ON t.group_id = g.group_id;

CREATE TEMP TABLE alert_line AS
SELECT
    alert_no, CAST(declared_on AS DATE) AS declared_on, cip13, department, CAST(closed_on AS DATE) AS closed_on,
    wholesalers_asked, connected_pharmacies, load_id
FROM last_line('dpruptures_alert', (alert_no, declared_on, cip13));

-- Pharmacies that may declare, by department: the last number received.
CREATE TEMP TABLE connected_department AS
SELECT department AS department, MAX_BY(connected_pharmacies, (declared_on, load_id, alert_no)) AS connected_pharmacies
FROM alert_line
WHERE connected_pharmacies IS NOT NULL
GROUP BY department;

-- A signal counts once, by its last line. Its medicine is that of the most precise code it writes.
CREATE TEMP TABLE agency_line AS
SELECT
    s.* EXCLUDE (received_on, sent_to_di_on, answered_on), CAST(s.received_on AS DATE) AS received_on,
    CAST(s.sent_to_di_on AS DATE) AS sent_to_di_on, CAST(s.answered_on AS DATE) AS answered_on,
    COALESCE(
        p.dci_key, c.dci_key,
        CASE WHEN s.cip13 IS NULL AND s.cis IS NULL THEN COALESCE(y.dci_key, written_dci_key(s.dci)) END
    ) AS dci_key
FROM last_line('sisac_signal', signal_no) AS s
LEFT JOIN presentation AS p ON p.cip13 = s.cip13
LEFT JOIN speciality AS c ON c.cis = s.cis AND s.cip13 IS NULL
LEFT JOIN dci_synonym AS y ON y.name_key = written_dci_key(s.dci);

-- One that names only a DCI is about each followed group of it: nothing says that one of them is not short.
CREATE TEMP TABLE signal_about AS
SELECT s.signal_no AS signal_no, a.about AS about
FROM agency_line AS s
INNER JOIN about_presentation AS a ON a.cip13 = s.cip13
UNION
SELECT s.signal_no AS signal_no, a.about AS about
FROM agency_line AS s
INNER JOIN presentation AS p ON p.cis = s.cis
INNER JOIN about_presentation AS a ON a.cip13 = p.cip13
WHERE s.cip13 IS NULL
UNION
SELECT s.signal_no AS signal_no, u.subject_id AS about
FROM agency_line AS s
INNER JOIN subject AS u ON u.kind = 'dci' AND u.dci_key = s.dci_key
UNION
SELECT s.signal_no AS signal_no, UNNEST([t.group_id, 'plan:' || t.plan]) AS about
FROM agency_line AS s
INNER JOIN tracked_group AS t ON t.dci_key = s.dci_key
WHERE s.cip13 IS NULL AND s.cis IS NULL;
