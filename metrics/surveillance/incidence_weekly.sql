-- Combien de malades les généralistes voient-ils, ici et dans le pays, et avec quelle incertitude ?
-- grain : syndrome × territoire (France, région, ou région d'avant 2016) × semaine ISO
-- unité : cas estimés, et cas pour 100 000 habitants, avec leur intervalle à 95 %
-- formule : estimations publiées, sans changement ; la dernière reçue fait foi
-- absence : estimation non publiée cette semaine-là ; ne se lit pas comme zéro
-- source : réseau Sentinelles (Inserm, Sorbonne Université)
-- règle : deux territoires dont les intervalles se recouvrent ne se classent pas. Pour 100 000 habitants : à ne pas
--   comparer aux taux d'Odissé, qui portent sur les passages
-- état : sentinelles
SELECT
    indicator, level, region, region_name, week, cases, cases_low, cases_high, incidence, incidence_low, incidence_high,
    week = MAX(week) OVER (PARTITION BY indicator, level) AS is_last
FROM last_line('sentinelles_incidence', (indicator, level, region, week))
ORDER BY indicator, level, region, week
