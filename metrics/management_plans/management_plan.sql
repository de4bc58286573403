-- Qui n'a pas de plan de gestion, et que promettent les autres ?
-- grain : spécialité commercialisée à qui un plan est dû (MITM, vaccin du calendrier), ou dont une fiche a été reçue
-- unité : mois de ventes pour les stocks promis, dus et détenus
-- formule : dernière fiche de la spécialité ; « aucun » sans fiche, « ancien » quand la sienne est d'avant la dernière
--   campagne, sinon l'avis de la fiche ; stock sous le dû : mois promis < mois dus (safety_stock). La campagne est la
--   dernière année, au plus celle du jour des données, d'une fiche de spécialité qui doit un plan
-- absence : champ que la fiche ne remplit pas ; dû inconnu pour une spécialité qui n'en doit pas ; sans campagne,
--   seules les spécialités dont une fiche est reçue
-- source : fiches de lecture des plans de gestion, référentiel public (BDPM), listes, TracStocks, TrustMed
-- règle : un plan est dû pour chaque MITM et chaque vaccin, remis en décembre (lignes directrices du 21/07/2021 ; IGAS
--   2025-002R, § 257 à 269). Le stock dû est celui de la page Stocks de sécurité. Sans mesure : ni prévention, ni
--   mesure de pénurie sur une fiche lisible. Un plan reçu dont la fiche manque compte comme absent.
-- état : pgp
WITH duty AS (
    SELECT
        cis, MIN(duty_months) AS duty_months, MIN(duty_origin) AS duty_origin, MIN(months) AS held_months,
        MAX(measured_on) AS held_on
    FROM safety_stock
    GROUP BY cis
),
opened AS (
    SELECT
        cis, COUNT(*) AS open_declarations, STRING_AGG(declaration_no, ', ' ORDER BY declaration_no) AS declaration_nos
    FROM declaration
    WHERE status = 'ouverte' AND cis IS NOT NULL
    GROUP BY cis
),
listed AS (
    SELECT cis, STRING_AGG(list, ', ' ORDER BY list) AS lists FROM speciality_list GROUP BY cis
),
asked AS (
    SELECT cis FROM plan_due
    UNION
    SELECT cis FROM plan_sheet
),
joined AS (
    SELECT
        a.cis, COALESCE(s.denomination, f.label) AS denomination, s.dci, s.dci_key,
        COALESCE(f.laboratory, s.holder) AS laboratory, COALESCE(s.is_mitm, FALSE) AS is_mitm,
        d.cis IS NOT NULL AS is_due, l.lists, f.year, f.received_on, f.has_risk_by_step, f.active_manufacturing_sites,
        f.release_sites,
        f.patient_risk, f.prevention_measures, f.shortage_measures, f.safety_stock_months, f.review_system, f.verdict,
        u.duty_months, u.duty_origin, u.held_months, u.held_on, COALESCE(o.open_declarations, 0) AS open_declarations,
        o.declaration_nos, c.year AS campaign,
        CASE
            WHEN f.cis IS NULL THEN 'aucun'
            WHEN f.year < c.year THEN 'ancien'
            ELSE COALESCE(f.verdict, 'non_lu')
        END AS plan_state,
        COALESCE(f.verdict <> 'illisible', FALSE) AS is_readable
    FROM asked AS a
    CROSS JOIN plan_campaign AS c
    LEFT JOIN plan_due AS d ON d.cis = a.cis
    LEFT JOIN plan_sheet AS f ON f.cis = a.cis
    LEFT JOIN speciality AS s ON s.cis = a.cis
    LEFT JOIN duty AS u ON u.cis = a.cis
    LEFT JOIN opened AS o ON o.cis = a.cis
    LEFT JOIN listed AS l ON l.cis = a.cis
    WHERE c.year IS NOT NULL OR f.cis IS NOT NULL
)
SELECT
    j.* EXCLUDE (is_readable), j.safety_stock_months < j.duty_months AS is_under_duty,
    j.is_readable AND j.safety_stock_months IS NULL AND j.duty_months IS NOT NULL AS is_stock_unsaid,
    j.is_readable AND j.prevention_measures IS NULL AND j.shortage_measures IS NULL AS is_without_measure
FROM joined AS j
ORDER BY j.cis
