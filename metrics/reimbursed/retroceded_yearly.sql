-- Que dispensent les pharmacies d'hôpital aux patients qui rentrent chez eux ?
-- grain : année × unité commune de dispensation (UCD)
-- unité : UCD remboursées, euros
-- formule : unités publiées ; évolution = unités ÷ unités de l'année précédente − 1 ; DCI rapprochée par le premier
--   mot du libellé quand une seule DCI du référentiel porte ce nom
-- absence : code : lignes que le producteur agrège ; DCI : le premier mot du libellé n'en désigne pas une seule
-- source : Rétroced'AM (Assurance maladie), référentiel public (BDPM)
-- règle : une UCD est un comprimé ou un flacon, jamais une boîte : à ne pas ajouter aux autres sources. Le champ
--   change selon les années
-- état : retrocedam
SELECT
    n.year, n.ucd, n.label, n.units, n.base_eur, n.reimbursed_eur, o.units AS year_before_units,
    ROUND(exact_ratio(100 * (n.units - o.units), o.units), 1) AS change_pct, w.dci_key, w.dci
FROM retrocedam_year AS n
LEFT JOIN retrocedam_year AS o ON o.ucd = n.ucd AND o.year = n.year - 1
LEFT JOIN first_word_dci AS w ON n.ucd IS NOT NULL AND w.word = REGEXP_EXTRACT(folded(n.label), '^[a-z][a-z-]{3,}')
ORDER BY n.year, n.ucd, n.label
