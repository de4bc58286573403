-- Combien de jours de consommation les pharmacies hospitalières qui répondent ont-elles devant elles ?
-- grain : sujet (groupe suivi ou DCI) × semaine ISO
-- unité : jours ; stocks et consommations en UCD (un comprimé, une ampoule : une UCD vaut une UCD)
-- formule : stock ÷ consommation quotidienne des mêmes établissements, ceux qui ont donné les deux cette semaine. Si
--   aucun n'a donné sa consommation : stock de ceux qui ont répondu ÷ achats quotidiens de tous les hôpitaux (GERS,
--   moyenne des 12 derniers mois), un minimum
-- absence : consommation nulle ou inconnue, et ventes de GERS non reçues : la couverture est inconnue, jamais infinie
-- source : e-Dispostock ; GERS, où aucune consommation n'est donnée
-- règle : panel partiel. Moins d'établissements que le plancher : « non pertinente ». Ceux qui répondaient depuis moins
--   de expected_weeks semaines et se taisent pèsent leur dernière consommation : « incomplet » quand ceux qui ont
--   répondu pèsent moins que la borne. Rapporté aux achats de tous les hôpitaux, le chiffre est un minimum : il ne sert
--   que s'il atteint déjà la borne satisfaisante (« incomplet »), sinon il est « non pertinente ». Un établissement qui
--   écrit une DCI entière, puis ses formes ou ses UCD, n'est compté qu'une fois, par la ligne la plus large
-- seuils : floor_pui, pui_answer_pct, expected_weeks
WITH summed AS (
    SELECT
        subject_id, week, COUNT(*) AS establishments, COUNT(daily_use_units) AS counted,
        SUM(stock_units) AS stock_units,
        SUM(CASE WHEN daily_use_units IS NOT NULL THEN stock_units END) AS counted_stock_units,
        SUM(daily_use_units) AS daily_use_units
    FROM pui_reading
    GROUP BY subject_id, week
),
measured AS (
    SELECT
        s.*, COALESCE(t.establishments, 0) AS silent, s.counted = 0 AND h.daily_units > 0 AS is_floor,
        CASE
            WHEN s.counted > 0 THEN exact_ratio(s.counted_stock_units, s.daily_use_units)
            ELSE exact_ratio(s.stock_units, h.daily_units)
        END AS coverage_days,
        exact_ratio(100 * s.daily_use_units, s.daily_use_units + COALESCE(t.daily_use_units, 0)) AS answered_pct,
        h.daily_units AS hospital_daily_units, h.last_month, h.months
    FROM summed AS s
    LEFT JOIN pui_silent AS t ON t.subject_id = s.subject_id AND t.week = s.week
    LEFT JOIN hospital_demand AS h ON h.subject_id = s.subject_id
),
judged AS (
    SELECT
        m.*, b.satisfactory_days, b.acceptable_days, b.denominator, p.floor_pui,
        CASE
            WHEN m.coverage_days IS NULL OR (m.is_floor AND m.coverage_days < b.satisfactory_days) THEN 'non_pertinente'
            WHEN CASE WHEN m.is_floor THEN m.establishments ELSE m.counted END < p.floor_pui THEN 'non_pertinente'
            WHEN m.is_floor OR m.answered_pct < p.pui_answer_pct THEN 'incomplet'
            ELSE 'a_jour'
        END AS figure_state
    FROM measured AS m
    CROSS JOIN parameter AS p
    INNER JOIN subject_band AS b ON b.subject_id = m.subject_id AND b.link = 'pui'
)
SELECT
    subject_id, week, establishments, counted AS establishments_counted, silent AS establishments_silent, stock_units,
    daily_use_units, hospital_daily_units, coverage_days, figure_state, denominator,
    CASE
        WHEN is_floor THEN 'achats de tous les hôpitaux, ' || months || ' mois jusqu''au '
            || strftime(last_month, '%m/%Y') || ' (GERS)'
        WHEN counted > 0 THEN 'consommation donnée par les PUI'
    END AS demand_origin,
    CASE
        WHEN is_floor
            THEN 'Aucune de ces ' || establishments || ' PUI n''a donné sa consommation : leur stock, rapporté aux '
                || 'achats de tous les hôpitaux (GERS), est un minimum.'
        WHEN coverage_days IS NULL THEN 'Consommation nulle ou inconnue : la couverture ne se calcule pas.'
        WHEN counted < floor_pui THEN 'Trop peu de PUI ont donné stock et consommation : ' || counted || '.'
        WHEN figure_state = 'incomplet'
            THEN establishments || ' PUI ont répondu sur ' || (establishments + silent)
                || ' attendues : les autres ne sont pas dans la somme.'
    END AS state_reason
FROM judged
ORDER BY subject_id, week
