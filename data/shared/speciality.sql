-- Référentiel public (BDPM) sans nom propre : la dénomination d'un générique porte le nom de son laboratoire.
-- Only amounts with their units are taken from the denomination: no other word of it is shared.
SELECT
    cis,
    CONCAT_WS(
        ' ', COALESCE(dci, 'DCI inconnue'),
        NULLIF(ARRAY_TO_STRING(REGEXP_EXTRACT_ALL(
            folded(denomination),
            '\d+(?:[ .,]\d+)* ?'
            || '(?:%|(?:mg|mcg|microgrammes?|milligrammes?|grammes?|g|ml|ui|mui|unites?|mmol|mbq|pour cent)\b)'
            || '(?: ?/ ?(?:\d+(?:[.,]\d+)* ?)?(?:mg|g|ml|l|h|heures?|doses?)\b)*'
        ), '/'), ''),
        form
    ) AS denomination,
    form, routes, dci, dci_key, atc, is_mitm, marketing_state
FROM restricted.speciality
ORDER BY cis
