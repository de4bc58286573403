-- Les parts de marché d'un sujet ne font pas 100 %, ou une part déclarée dépasse celle de son laboratoire.
SELECT subject_id,
    SUM(share_pct) AS total FROM market_share GROUP BY subject_id HAVING ABS(SUM(share_pct) - 100) > 0.001
UNION ALL
SELECT subject_id, declared_share_pct AS total FROM market_share WHERE declared_share_pct > share_pct + 0.001
