-- Les parts de marché d'un sujet ne font pas 100 %.
SELECT subject_id,
    SUM(share_pct) AS total FROM market_share GROUP BY subject_id HAVING ABS(SUM(share_pct) - 100) > 0.001
