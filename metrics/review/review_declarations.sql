-- Quelles déclarations sont arrivées, ont été mises à jour ou closes ?
-- grain : déclaration nouvelle, mise à jour ou close depuis la référence
-- unité : déclarations
-- formule : dernières versions de l'instantané en cours comparées à celles de référence
-- absence : rien n'a bougé
-- source : TrustMed, instantanés publiés
-- règle : nouvelles ruptures d'abord, puis risques, mises à jour, clôtures
-- calcul : à la lecture
SELECT
    n.declaration_no, n.dci, n.dci_key, n.denomination, n.laboratory, n.kind, n.status, n.updated_on, n.versions,
    n.expected_return_on, n.share_town_pct, n.share_hospital_pct, o.kind AS kind_before,
    CASE
        WHEN o.declaration_no IS NULL THEN 'nouvelle'
        WHEN n.status = 'close' AND o.status <> 'close' THEN 'close'
        WHEN n.kind = 'rupture' AND o.kind = 'risque' THEN 'passée en rupture'
        ELSE 'mise à jour'
    END AS movement
FROM snap.declaration AS n
LEFT JOIN ref.declaration AS o ON o.declaration_no = n.declaration_no
WHERE (o.declaration_no IS NULL AND n.status = 'ouverte') OR n.versions > o.versions OR n.status <> o.status
ORDER BY
    CASE movement WHEN 'passée en rupture' THEN 0 WHEN 'nouvelle' THEN 1 WHEN 'mise à jour' THEN 2 ELSE 3 END,
    CASE n.kind WHEN 'rupture' THEN 0 ELSE 1 END, n.share_town_pct DESC NULLS LAST, n.declaration_no
