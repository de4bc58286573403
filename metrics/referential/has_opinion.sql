-- Qu'a dit la Haute Autorité de santé du service médical rendu par chaque spécialité ?
-- grain : spécialité × dossier de la Commission de la transparence × service médical rendu
-- unité : date
-- formule : dernière photographie de CIS_HAS_SMR, jointe par le dossier à celle de HAS_LiensPageCT
-- absence : « url » vide : dossier sans page publiée ; spécialité sans ligne : aucun avis publié depuis 2002
-- source : BDPM, fichiers CIS_HAS_SMR et HAS_LiensPageCT (Haute Autorité de santé)
-- règle : avis tels que publiés ; le libellé nomme la spécialité : jamais dans la version partageable
-- état : bdpm
WITH page AS (
    SELECT l.opinion_no, MIN(l.url) AS url
    FROM bdpm_opinion_link AS l
    INNER JOIN in_force AS f ON f.kind = 'opinion_link' AND f.load_id = l.load_id
    GROUP BY l.opinion_no
)
SELECT DISTINCT o.cis, s.dci_key, o.opinion_no, o.opinion_on, o.reason, o.smr, o.smr_label, p.url
FROM bdpm_opinion AS o
INNER JOIN in_force AS f ON f.kind = 'opinion' AND f.load_id = o.load_id
LEFT JOIN speciality AS s ON s.cis = o.cis
LEFT JOIN page AS p ON p.opinion_no = o.opinion_no
ORDER BY o.cis, o.opinion_on DESC, o.opinion_no, o.smr, o.smr_label
