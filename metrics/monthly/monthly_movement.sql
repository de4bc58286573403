-- Quelles hausses soudaines le mois montre-t-il ?
-- grain : mois × périmètre (spécialité, DCI, classe ATC) × sujet
-- unité : déclarations, laboratoires déclarants
-- formule : hausse : le mois atteint le plancher et au moins le multiple de la moyenne des mois connus qui le
--   précèdent, en déclarations ou en déclarants (spécialité : en déclarations)
-- absence : trop peu de mois connus avant lui dans la même source : aucune hausse n'est cherchée
-- source : TrustMed, ou déclarations closes rendues publiques (historique) ; une seule source par année
-- règle : IGAS 2025-002R, § 72 : augmentation soudaine de déclarants sur une présentation ou une aire thérapeutique ;
--   l'aire est la classe ATC principale
-- seuils : monthly_window_months, monthly_min_months, monthly_rise_ratio, monthly_rise_declarations,
--   monthly_rise_declarants, monthly_class_declarations, monthly_class_declarants
WITH subject AS (
    SELECT 'specialite' AS scope, speciality_key AS subject_key, speciality AS subject, dci_key, source_key, month,
        laboratory, laboratory_key
    FROM monthly_declaration WHERE is_counted
    UNION ALL
    SELECT 'dci' AS scope, dci_key AS subject_key, dci AS subject, dci_key, source_key, month, laboratory,
        laboratory_key
    FROM monthly_declaration WHERE is_counted AND dci_key IS NOT NULL
    UNION ALL
    SELECT 'classe' AS scope, atc_group AS subject_key, atc_group AS subject, NULL AS dci_key, source_key, month,
        laboratory, laboratory_key
    FROM monthly_declaration WHERE is_counted AND atc_group IS NOT NULL
),
by_month AS (
    SELECT
        scope, subject_key, MIN(subject) AS subject, MIN(dci_key) AS dci_key, source_key, month,
        COUNT(*) AS declarations,
        COUNT(DISTINCT laboratory_key) AS declarants, LIST(DISTINCT laboratory ORDER BY laboratory) AS laboratories
    FROM subject
    GROUP BY scope, subject_key, source_key, month
),
history_length AS (
    SELECT m.month, m.source_key, COUNT(*) AS known_months
    FROM monthly_span AS m
    CROSS JOIN parameter AS p
    INNER JOIN monthly_span AS k
        ON k.span = 'mois' AND k.source_key = m.source_key AND k.month < m.month
        AND date_diff('month', k.month, m.month) <= p.monthly_window_months
    WHERE m.span = 'mois'
    GROUP BY m.month, m.source_key
),
usual AS (
    SELECT
        n.scope, n.subject_key, n.source_key, n.month, SUM(b.declarations) AS declarations,
        SUM(b.declarants) AS declarants
    FROM by_month AS n
    CROSS JOIN parameter AS p
    INNER JOIN by_month AS b
        ON b.scope = n.scope AND b.subject_key = n.subject_key AND b.source_key = n.source_key AND b.month < n.month
        AND date_diff('month', b.month, n.month) <= p.monthly_window_months
    GROUP BY n.scope, n.subject_key, n.source_key, n.month
),
compared AS (
    SELECT
        n.*, k.known_months, COALESCE(u.declarations, 0) / k.known_months AS usual_declarations,
        COALESCE(u.declarants, 0) / k.known_months AS usual_declarants
    FROM by_month AS n
    INNER JOIN history_length AS k ON k.month = n.month AND k.source_key = n.source_key
    LEFT JOIN usual AS u
        ON u.scope = n.scope AND u.subject_key = n.subject_key AND u.source_key = n.source_key AND u.month = n.month
)
SELECT
    c.month, c.scope, c.subject_key, c.subject, c.dci_key, c.declarations, c.declarants, c.usual_declarations,
    c.usual_declarants, c.known_months, c.laboratories
FROM compared AS c
CROSS JOIN parameter AS p
WHERE c.known_months >= p.monthly_min_months AND (
    (c.declarations >= CASE c.scope WHEN 'classe' THEN p.monthly_class_declarations ELSE p.monthly_rise_declarations END
        AND c.declarations >= p.monthly_rise_ratio * c.usual_declarations)
    OR (c.scope <> 'specialite'
        AND c.declarants
            >= CASE c.scope WHEN 'classe' THEN p.monthly_class_declarants ELSE p.monthly_rise_declarants END
        AND c.declarants >= p.monthly_rise_ratio * c.usual_declarants)
)
ORDER BY c.month, c.scope, c.declarations DESC, c.subject_key
