-- Rang et récurrence des DCI d'une liste, sans ce qui suit les ventes d'un laboratoire.
-- Plus grande part, boîtes, scores de vulnérabilité et d'impact, score d'ensemble et sites déclarés restent à l'ANSM.
SELECT
    list, dci_key, dci, place, recurrence_score, specialities, laboratories AS holders, alternatives AS other_dci,
    needed_route_specialities,
    declarations_24, declarations_36, known_months_36, search_text
FROM restricted.anticipation_rank
