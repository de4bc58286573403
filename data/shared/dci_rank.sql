-- Rang et récurrence des DCI d'une liste. Ce qui suit les ventes d'un laboratoire (plus grande part, boîtes, scores de
-- vulnérabilité et d'impact, score d'ensemble) et les sites déclarés restent à l'ANSM.
SELECT
    list, dci_key, dci, place, recurrence_score, specialities, laboratories AS holders, alternatives AS other_dci,
    needed_route_specialities,
    declarations_24, declarations_36, known_months_36, search_text
FROM restricted.anticipation_rank
