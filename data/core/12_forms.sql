-- Sous quelle forme et par quelle voie chaque spécialité se prend-elle ?
-- The one classification of pharmaceutical forms. The form of the BDPM is free text (360 wordings in 2026); the routes
-- settle what words alone do not: a capsule may be vaginal, drops may be for the ear.
CREATE TEMP TABLE speciality_use AS
WITH worded AS (
    SELECT
        cis, dci, dci_key, form, folded(COALESCE(form, '')) AS words, string_split(routes, ';') AS routes,
        routes IS NULL OR list_has_any(string_split(routes, ';'), ['orale', 'sublinguale']) AS is_by_mouth,
        routes IS NULL OR list_contains(string_split(routes, ';'), 'orale') AS is_swallowed,
        list_has_any(string_split(routes, ';'), ['intraveineuse', 'intramusculaire', 'sous-cutanée']) AS is_by_needle
    FROM speciality
),
classed AS (
    SELECT
        *,
        CASE
            -- First, so that a solution to inject or to drink replaces what is injected.
            WHEN REGEXP_MATCHES(words, 'inject|perfusion|parenteral')
                OR (is_by_needle AND REGEXP_MATCHES(words, '^(poudre|lyophilisat|solution|suspension)'))
                THEN 'injectable'
            WHEN REGEXP_MATCHES(words, 'inhal') OR routes = ['inhalée'] THEN 'à inhaler'
            WHEN is_by_mouth AND (
                REGEXP_MATCHES(words, 'buvable|sirop|goutte')
                OR REGEXP_MATCHES(words, '^(poudre pour )?(solution|suspension|liquide)( ou| et)?$')
            ) THEN 'orale liquide'
            -- Granules in a capsule are a capsule.
            WHEN is_by_mouth AND NOT REGEXP_MATCHES(words, 'en (gelule|comprime)')
                AND REGEXP_MATCHES(
                    words, 'dispersible|effervescent|granul|lyophilisat|croquer|^poudre|^gel(ee)?( |$)|^pate$'
                )
                THEN 'orale facile à avaler'
            WHEN is_swallowed AND REGEXP_MATCHES(words, 'liberation (prolongee|modifiee)|osmotique')
                THEN 'orale solide, à libération modifiée'
            WHEN is_swallowed AND REGEXP_MATCHES(words, 'comprime|gelule|capsule') THEN 'orale solide'
            WHEN REGEXP_MATCHES(words, 'comprime|gelule|capsule') THEN 'solide, à ne pas avaler'
            ELSE COALESCE(form, 'non précisée')
        END AS form_kind
    FROM worded
)
-- ``needed_route``: a way of giving that some patients cannot do without; NULL for the others, which are not counted.
SELECT
    cis, dci_key, routes, form_kind,
    CASE
        WHEN form_kind IN ('orale liquide', 'orale facile à avaler') THEN 'orale, facile à avaler'
        WHEN form_kind = 'injectable' THEN 'injectable'
        WHEN list_contains(routes, 'rectale') THEN 'rectale'
    END AS needed_route
FROM classed
WHERE dci_key IS NOT NULL;
