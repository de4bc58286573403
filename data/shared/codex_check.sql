-- Comptes de spécialités commercialisées selon deux bases : ni spécialité, ni laboratoire, ni DCI.
SELECT * FROM restricted.codex_check
