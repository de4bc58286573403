-- Quelle est la pression des épidémies, ici et au niveau national ?
-- grain : indicateur × territoire (FR ou département) × semaine ISO
-- unité : pour 100 000 passages, hospitalisations ou actes codés
-- formule : taux publiés, tous âges
-- absence : pas d'association SOS Médecins dans le département, ou semaine non publiée ; ne se lit pas comme zéro
-- source : Santé publique France (Odissé)
-- règle : les taux portent sur les actes codés, pas sur la population
-- état : spf
SELECT indicator, level, territory, week, er_rate, hospital_rate, sos_rate
FROM last_line('spf_activity', (indicator, level, territory, week, LOWER(age_class)))
WHERE LOWER(age_class) = 'tous âges'
ORDER BY indicator, level, territory, week
