-- De quels groupes suivis, de quelle DCI et de quels plans un signal d'agence parle-t-il ?
-- grain : ce dont on compte (groupe suivi, DCI ou plan) × signal
-- unité : signal
-- formule : par la présentation ou la spécialité désignée ; un signal qui ne nomme qu'une DCI vaut pour chacun de ses
--   groupes suivis
-- absence : signal dont aucun code ni aucune DCI n'est au référentiel
-- source : SISAC, référentiel public (BDPM)
-- règle : un signal porte une seule fois sur un même sujet, et n'est jamais, seul, dans la version partageable
-- état : sisac
SELECT a.about, a.signal_no
FROM signal_about AS a
ORDER BY a.about, a.signal_no
