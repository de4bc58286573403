-- Couverture des officines par région : les jours sortent, comme ceux des départements ; aucune boîte n'y est.
SELECT * FROM restricted.region_coverage
