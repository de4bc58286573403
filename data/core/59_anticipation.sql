-- Sur quelles spécialités juger une DCI à l'intérieur d'une liste ?
-- Those of the DCI that share a route with one on the list: a list of specialities must not hide the other companies, a list
-- that holds for one route must not borrow the medicines of another.
CREATE TEMP TABLE anticipation_member AS
SELECT DISTINCT l.list AS list, u.dci_key AS dci_key, u.cis AS cis, u.routes AS routes, u.form_kind AS form_kind
FROM speciality_list AS l
INNER JOIN speciality_use AS n ON n.cis = l.cis
INNER JOIN speciality_use AS u ON u.dci_key = n.dci_key AND (u.cis = n.cis OR list_has_any(u.routes, n.routes));
