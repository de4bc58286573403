-- Quelles déclarations portent sur cette DCI, et que promettent-elles ?
-- grain : déclaration TrustMed (une par présentation), dans sa dernière version
-- unité : jours, boîtes, parts de marché en %
-- formule : dernière version reçue ; décalage = date de retour promise aujourd'hui − première date promise ; clôture =
--   première version de la dernière suite de versions closes, comme au tableau mensuel
-- absence : le laboratoire n'a pas renseigné le champ
-- source : TrustMed ; référentiel et liste publique de la BDPM
-- règle : une déclaration par présentation ; toutes celles d'une DCI sont réunies, quel que soit le laboratoire (IGAS
--   2025-002R, § 163)
-- seuils : slip_days
-- état : trustmed
WITH ranked AS (
    SELECT
        v.*,
        ROW_NUMBER() OVER (PARTITION BY declaration_no ORDER BY version_no DESC) AS rank,
        COUNT(*) OVER (PARTITION BY declaration_no) AS versions,
        MIN(version_on) OVER (PARTITION BY declaration_no) AS declared_on,
        FIRST_VALUE(expected_return_on IGNORE NULLS) OVER (
            PARTITION BY declaration_no ORDER BY version_no
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS first_expected_return_on
    FROM declaration_version AS v
),
public_sheet AS (
    SELECT cis, MAX(url) AS public_url, MIN(code) AS public_code
    FROM public_shortage
    GROUP BY cis
),
next_supply AS (
    SELECT declaration_no, MIN(planned_on) AS next_supply_on
    FROM promise
    CROSS JOIN parameter AS p
    WHERE promise = 'approvisionnement' AND is_latest AND state = 'prévu' AND planned_on >= p.as_of
    GROUP BY declaration_no
),
moved AS (
    SELECT declaration_no, COUNT(*) AS return_moves
    FROM promise
    WHERE promise = 'retour' AND nature IN ('report', 'avancée')
    GROUP BY declaration_no
)
SELECT
    r.declaration_no, p.dci, p.dci_key, r.cip13, p.cis, p.denomination, p.label AS presentation_label, r.laboratory,
    r.kind, r.causes, r.circuits, r.declared_on, r.version_on AS updated_on, r.start_on, r.duration_days,
    r.expected_return_on, r.first_expected_return_on,
    date_diff('day', r.first_expected_return_on, r.expected_return_on) AS return_slip_days,
    COALESCE(m.return_moves, 0) AS return_moves,
    r.status, k.closed_on,
    r.share_town_pct, r.share_hospital_pct, r.sales_town_boxes, r.sales_hospital_boxes, r.stock_boxes, r.alternatives,
    r.sites, r.comment, r.versions, p.atc, COALESCE(p.is_mitm, FALSE) AS is_mitm,
    u.public_url, u.public_code, n.next_supply_on,
    folded(
        r.declaration_no || ' ' || r.cip13 || ' ' || r.laboratory || ' ' || COALESCE(p.denomination, '') || ' '
        || COALESCE(p.dci, '')
    ) AS search_text
FROM ranked AS r
LEFT JOIN presentation AS p ON p.cip13 = r.cip13
LEFT JOIN public_sheet AS u ON u.cis = p.cis
LEFT JOIN next_supply AS n ON n.declaration_no = r.declaration_no
LEFT JOIN moved AS m ON m.declaration_no = r.declaration_no
INNER JOIN declaration_course AS k ON k.declaration_no = r.declaration_no
WHERE r.rank = 1
ORDER BY p.dci_key, r.declaration_no
