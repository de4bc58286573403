-- Que prend chaque groupe suivi dans le référentiel, et que laisse-t-il de peu ?
-- grain : groupe suivi × spécialité prise, ou de même DCI et laissée, ou de DCI voisine et de mêmes forme et dosage
-- unité : –
-- formule : clauses de la règle (DCI, form, form_out, strengths, cis_in, cis_out) évaluées une à une ; dosages lus
--   dans la dénomination (quantité, unité, volume) et comparés comme des nombres exacts. Un dosage écrit pour 1 ml se
--   compare en concentration ; écrit pour un autre volume, en concentration pour un flacon à boire, sinon tel qu'écrit
-- absence : « strengths » vide : la dénomination ne dit aucun dosage lisible
-- source : BDPM, fichiers de data/reference/plans
-- règle : à relire à chaque changement de règle ou du référentiel ; « reason » nomme toutes les clauses qui écartent
-- état : bdpm
WITH stated_strength AS (
    SELECT cis, STRING_AGG(DISTINCT label, ' ou ' ORDER BY label) AS strengths
    FROM speciality_strength
    GROUP BY cis
),
boxes AS (
    SELECT cis, COUNT(*) AS presentations FROM presentation GROUP BY cis
)
SELECT
    r.plan, r.group_id, r.label AS group_label, s.cis, s.denomination, s.form, s.dci, t.strengths,
    COALESCE(b.presentations, 0) AS presentations, s.marketing_state,
    f.is_added OR (f.has_dci AND f.has_form AND NOT f.has_form_out AND f.has_strength AND NOT f.is_removed) AS is_taken,
    CASE
        WHEN f.is_added THEN 'ajoutée à la main'
        ELSE NULLIF(CONCAT_WS(
            ', ',
            CASE WHEN NOT f.has_dci THEN 'autre DCI' END,
            CASE WHEN NOT f.has_form THEN 'autre forme' END,
            CASE WHEN f.has_form_out THEN 'forme exclue' END,
            CASE
                WHEN f.has_strength THEN NULL
                WHEN t.cis IS NULL THEN 'dosage absent de la dénomination'
                ELSE 'autre dosage'
            END,
            CASE WHEN f.is_removed THEN 'retirée à la main' END
        ), '')
    END AS reason,
    r.order_no
FROM group_fit AS f
INNER JOIN group_rule AS r ON r.group_id = f.group_id
INNER JOIN speciality AS s ON s.cis = f.cis
LEFT JOIN stated_strength AS t ON t.cis = f.cis
LEFT JOIN boxes AS b ON b.cis = f.cis
WHERE f.has_dci OR f.is_added OR (f.has_form AND f.has_strength AND NOT f.has_form_out)
ORDER BY r.plan, r.order_no, is_taken DESC, reason, s.denomination, s.cis
