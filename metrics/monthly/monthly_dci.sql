-- Quelles DCI sont les plus déclarées, à quel niveau, et est-ce la première fois ?
-- grain : mois × période × DCI
-- unité : déclarations, situations, mois
-- formule : déclarations et situations de la DCI dans la période ; réitération : mois avec au moins une déclaration
--   parmi les derniers mois jusqu'à celui-ci
-- absence : DCI inconnue : la spécialité n'est comptée que dans les totaux
-- source : TrustMed, ou déclarations closes rendues publiques (historique) ; une seule source par année
-- règle : réitération sur 24 mois, comme le critère de la grille de risque ; known_months dit combien de ces mois sont
--   connus (IGAS 2025-002R, § 72)
-- seuils : repetition_months
WITH declared AS (
    SELECT dci_key, month, COUNT(*) AS declarations
    FROM monthly_declaration
    WHERE is_counted AND dci_key IS NOT NULL
    GROUP BY dci_key, month
),
months AS (
    SELECT DISTINCT month FROM monthly_span
),
history_length AS (
    SELECT m.month, COUNT(*) AS known_months
    FROM months AS m
    CROSS JOIN parameter AS p
    INNER JOIN months AS k ON k.month <= m.month AND date_diff('month', k.month, m.month) < p.repetition_months
    GROUP BY m.month
),
repeated AS (
    SELECT m.month, d.dci_key, COUNT(*) AS declared_months, CAST(SUM(d.declarations) AS BIGINT) AS repeated_declarations
    FROM months AS m
    CROSS JOIN parameter AS p
    INNER JOIN declared AS d ON d.month <= m.month AND date_diff('month', d.month, m.month) < p.repetition_months
    GROUP BY m.month, d.dci_key
),
situations AS (
    SELECT
        month, span, dci_key, MIN(dci) AS dci, MIN(atc_group) AS atc_group,
        CAST(SUM(declarations) AS BIGINT) AS declarations,
        COUNT(*) AS situations, MAX(level_rank) AS level_rank, MAX_BY(level, level_rank) AS level
    FROM monthly_situation
    WHERE dci_key IS NOT NULL
    GROUP BY month, span, dci_key
)
SELECT
    s.month, s.span, s.dci_key, s.dci, s.atc_group, s.declarations, s.situations, s.level, s.level_rank,
    r.declared_months, r.repeated_declarations, k.known_months
FROM situations AS s
INNER JOIN repeated AS r ON r.month = s.month AND r.dci_key = s.dci_key
INNER JOIN history_length AS k ON k.month = s.month
ORDER BY s.month, s.span, s.declarations DESC, s.dci_key
