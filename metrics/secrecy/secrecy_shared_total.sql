-- Quels totaux ont déjà été partagés, et de quoi étaient-ils faits la première fois ?
-- grain : série (stock, ventes, demande, dispensation) × sujet × semaine ISO
-- unité : empreinte des boîtes additionnées
-- formule : ce que l'instantané précédent avait partagé, et ce que celui-ci partage pour la première fois
-- absence : jamais partagé
-- source : instantanés publiés
-- règle : un total partagé ne change plus : s'il change à la source, il est masqué (l'écart désignerait un laboratoire)
SELECT series, subject_id, week, content FROM shared_total_before
UNION ALL
SELECT v.series, v.subject_id, v.week, v.content
FROM share_verdict AS v
ANTI JOIN shared_total_before AS b ON b.series = v.series AND b.subject_id = v.subject_id AND b.week = v.week
WHERE v.hidden_for IS NULL
ORDER BY series, subject_id, week
