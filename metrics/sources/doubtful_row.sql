-- Quelles lignes attendent d'être confirmées, et pourquoi ?
-- grain : ligne d'un fichier reçu qui enfreint une règle de plausibilité
-- unité : boîtes, ou jours de couverture pour le panel
-- formule : valeur rapportée au dernier relevé accepté du même déclarant pour la même présentation ; date comparée à la
--   réception, au jour où elle est écrite et au début déclaré
-- absence : aucune ligne douteuse
-- source : fichiers déposés (TracStocks, PointStock, fichier des grossistes, OpenHealth, panel IQVIA, TrustMed,
--   arrêts, e-Dispostock, GERS, OCTAVE, listes, références, plans de gestion, états des lieux, préparations, SISAC,
--   DP-Ruptures), journal des acceptations
-- règle : une ligne à confirmer n'entre dans aucun chiffre : le relevé du déclarant manque, et le chiffre est « estimé
--   » puis « en retard ». Acceptée par le gestionnaire des données, elle compte au rafraîchissement suivant et devient
--   la base de comparaison ; remplacée par un fichier reçu ensuite, elle n'est plus à confirmer.
-- seuils : doubt_factor, doubt_floor_boxes, doubt_floor_days, doubt_most_days, doubt_memory_weeks, doubt_fall_weeks,
--   doubt_unit_lines, doubt_unit_share_pct, doubt_unit_spread, date_most_years_ahead, date_most_years_before
SELECT
    l.source_key, d.load_id, d.row_ref, l.file_name, l.received_at, d.sheet, d.line, d.lake_table, d.reporter,
    CASE WHEN d.item LIKE '34009%' THEN d.item END AS cip13,
    COALESCE(p.denomination, g.label, d.item) AS label,
    d.week, d.column_name, d.value, d.previous_value, d.previous_week, d.rule, d.reason,
    CASE
        WHEN r.row_ref IS NOT NULL THEN 'remplacée'
        WHEN a.row_ref IS NOT NULL THEN 'acceptée'
        ELSE 'à confirmer'
    END AS state,
    a.login AS accepted_by, CAST(a.accepted_at AS TIMESTAMPTZ) AS accepted_at, NULLIF(a.reason, '') AS accept_reason
FROM doubt AS d
INNER JOIN load AS l ON l.load_id = d.load_id
LEFT JOIN replaced_doubt AS r ON r.row_ref = d.row_ref
LEFT JOIN journal_acceptance AS a ON a.row_ref = d.row_ref
LEFT JOIN presentation AS p ON p.cip13 = d.item
LEFT JOIN (SELECT group_id, MIN(label) AS label FROM tracked_group GROUP BY group_id) AS g ON g.group_id = d.item
ORDER BY l.received_at DESC, l.file_name, d.lake_table, d.line
