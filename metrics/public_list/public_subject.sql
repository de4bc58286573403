-- Combien de présentations de chaque médicament la liste publique dit-elle manquantes, et depuis quand ?
-- grain : sujet (groupe suivi ou DCI)
-- unité : présentations, déclarations
-- formule : présentations déclarées commercialisées, ou que la dernière photographie dit en rupture ou en tension ; une
--   ligne qui nomme la présentation l'emporte sur celle de toute la spécialité. Depuis : plus ancien début publié des
--   ruptures et des tensions. Retour : première et dernière dates publiées pour elles ; remise à disposition : la
--   dernière date publiée pour ce qui revient
-- absence : pas de date : début ou retour non publié ; « past_lines » vide : aucune déclaration diffusée
-- source : BDPM, fichiers CIS_CIP et CIS_CIP_Dispo_Spec ; déclarations closes rendues publiques (historique)
-- règle : seuls les MITM sans alternative sont publiés : aucune présentation listée ne veut pas dire disponible ; un
--   arrêt ou une remise à disposition n'est pas un manque ; les déclarations d'un groupe sont celles de ses spécialités
-- état : bdpm
WITH line AS (
    SELECT cis, cip13, code, started_on, returned_on
    FROM public_line
    WHERE rank = 1 AND photograph_no = (SELECT MAX(photograph_no) FROM photograph)
),
listed AS (
    SELECT
        p.cip13, p.cis, is_marketed(p.marketing_state) AS is_marketed, COALESCE(o.code, w.code) AS code,
        CASE WHEN o.code IS NULL THEN w.started_on ELSE o.started_on END AS started_on,
        CASE WHEN o.code IS NULL THEN w.returned_on ELSE o.returned_on END AS returned_on
    FROM presentation AS p
    LEFT JOIN line AS o ON o.cis = p.cis AND o.cip13 = p.cip13
    LEFT JOIN line AS w ON w.cis = p.cis AND w.cip13 = ''
),
counted AS (
    SELECT
        s.subject_id, COUNT(CASE WHEN l.is_marketed OR l.code IN ('1', '2') THEN 1 END) AS marketed,
        COUNT(CASE WHEN l.code = '1' THEN 1 END) AS ruptures, COUNT(CASE WHEN l.code = '2' THEN 1 END) AS tensions,
        COUNT(CASE WHEN l.code = '3' THEN 1 END) AS stops, COUNT(CASE WHEN l.code = '4' THEN 1 END) AS returns,
        COUNT(DISTINCT CASE WHEN l.code IN ('1', '2') THEN l.cis END) AS short_specialities,
        MIN(CASE WHEN l.code IN ('1', '2') THEN l.started_on END) AS since_on,
        MIN(CASE WHEN l.code IN ('1', '2') THEN l.returned_on END) AS first_return_on,
        MAX(CASE WHEN l.code IN ('1', '2') THEN l.returned_on END) AS last_return_on,
        MAX(CASE WHEN l.code = '4' THEN l.returned_on END) AS back_on,
        COUNT(CASE WHEN l.code IN ('1', '2') AND l.returned_on IS NULL THEN 1 END) AS without_return
    FROM subject_presentation AS s
    INNER JOIN listed AS l ON l.cip13 = s.cip13
    GROUP BY s.subject_id
),
-- Of a group, the declarations of its specialities; of a DCI, those of specialities that left the referential too.
past AS (
    SELECT m.subject_id, d.kind, d.event_on
    FROM (
        SELECT DISTINCT g.subject_id, p.cis
        FROM subject_presentation AS g
        INNER JOIN presentation AS p ON p.cip13 = g.cip13
        INNER JOIN subject AS t ON t.subject_id = g.subject_id AND t.kind = 'groupe'
    ) AS m
    INNER JOIN past_declaration AS d ON d.cis = m.cis
    UNION ALL
    SELECT 'dci:' || dci_key AS subject_id, kind, event_on FROM past_declaration WHERE dci_key IS NOT NULL
),
declared AS (
    SELECT
        subject_id, COUNT(*) AS past_lines, COUNT(CASE WHEN kind = 'rupture' THEN 1 END) AS past_ruptures,
        MAX(event_on) AS past_last_on
    FROM past
    GROUP BY subject_id
)
SELECT
    t.subject_id, COALESCE(c.marketed, 0) AS marketed,
    COALESCE(c.ruptures, 0) AS ruptures, COALESCE(c.tensions, 0) AS tensions, COALESCE(c.stops, 0) AS stops,
    COALESCE(c.returns, 0) AS returns, COALESCE(c.short_specialities, 0) AS short_specialities, c.since_on,
    c.first_return_on, c.last_return_on, c.back_on, COALESCE(c.without_return, 0) AS without_return, d.past_lines,
    d.past_ruptures, d.past_last_on
FROM subject AS t
LEFT JOIN counted AS c ON c.subject_id = t.subject_id
LEFT JOIN declared AS d ON d.subject_id = t.subject_id
ORDER BY t.subject_id
