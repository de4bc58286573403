-- Quels points chaque critère de la grille donne-t-il à une déclaration, et sur quelles valeurs ?
-- grain : déclaration × critère (A à M) ; un dossier clos est coté sur sa dernière version et le marché du jour
-- unité : points ; la valeur lue est dans l'unité du critère
-- formule : la bande de la grille dont la borne basse est la plus haute sous la valeur lue donne les points
-- absence : la valeur n'est pas dans les déclarations ; la grille dit combien de points retenir alors, marqués «
--   inconnu »
-- source : TrustMed ; référentiel et listes ; journal pour les deux critères de l'évaluateur
-- règle : treize critères A à M, chacun tracé à ses valeurs (IGAS 2025-002R, § 149, 156 et 171) ; points et bornes à
--   valider
-- seuils : repetition_months

-- Over 100 lines on purpose: one short SELECT per criterion of the grid, read beside the grid.
WITH slipped AS (
    -- The longest, not the sum: a return and a supply put off together are one delay.
    SELECT declaration_no, MAX(GREATEST(slip_days, 0)) AS days, COUNT(CASE WHEN slip_days > 0 THEN 1 END) AS slips
    FROM promise
    GROUP BY declaration_no
),
available AS (
    SELECT s.cis, s.dci_key, s.holder, u.needed_route
    FROM speciality AS s
    INNER JOIN speciality_use AS u ON u.cis = s.cis
    ANTI JOIN (SELECT cis FROM declaration WHERE status = 'ouverte') AS o ON o.cis = s.cis
    WHERE s.marketing_state = 'Commercialisée'
),
others AS (
    SELECT
        o.declaration_no,
        COUNT(DISTINCT CASE WHEN a.holder <> COALESCE(own.holder, '') THEN a.holder END) AS laboratories,
        MAX(u.needed_route) AS route,
        COUNT(DISTINCT CASE WHEN a.needed_route = u.needed_route THEN a.cis END) AS same_route
    FROM declaration AS o
    LEFT JOIN speciality AS own ON own.cis = o.cis
    LEFT JOIN speciality_use AS u ON u.cis = o.cis
    LEFT JOIN available AS a ON a.dci_key = o.dci_key
    WHERE o.dci_key IS NOT NULL
    GROUP BY o.declaration_no
),
listed AS (
    SELECT
        o.declaration_no, COUNT(l.list) AS lists,
        STRING_AGG(l.list, ', ' ORDER BY l.list) AS names
    FROM declaration AS o
    LEFT JOIN speciality_list AS l ON l.cis = o.cis AND l.list IN ('MITM', 'essentiel', 'critique UE')
    GROUP BY o.declaration_no
),
repeated AS (
    SELECT o.declaration_no, COUNT(e.declaration_no) AS earlier
    FROM declaration AS o
    CROSS JOIN parameter AS p
    LEFT JOIN declaration AS e
        ON e.cip13 = o.cip13 AND e.declaration_no <> o.declaration_no
        AND e.declared_on < o.declared_on
        AND e.declared_on >= o.declared_on - to_months(CAST(p.repetition_months AS INTEGER))
    GROUP BY o.declaration_no
),
reading AS (
    SELECT declaration_no, 'A' AS criterion,
        CASE WHEN list_contains(circuits, 'ville') THEN share_town_pct ELSE 0 END AS value,
        CASE WHEN NOT list_contains(circuits, 'ville') THEN 'circuit ville non touché' END AS detail
    FROM declaration
    UNION ALL
    SELECT declaration_no, 'B', CASE WHEN list_contains(circuits, 'hôpital') THEN share_hospital_pct ELSE 0 END,
        CASE WHEN NOT list_contains(circuits, 'hôpital') THEN 'circuit hôpital non touché' END
    FROM declaration
    UNION ALL
    SELECT declaration_no, 'C', COALESCE(
            duration_days,
            -- GREATEST forgets what is unknown: a missing date would make a length of zero.
            CASE
                WHEN expected_return_on IS NOT NULL THEN GREATEST(0, date_diff('day', start_on, expected_return_on))
            END
        ),
        CASE
            WHEN duration_days IS NOT NULL THEN 'durée annoncée'
            WHEN expected_return_on IS NOT NULL
                THEN 'du ' || STRFTIME(start_on, '%d/%m/%Y') || ' au ' || STRFTIME(expected_return_on, '%d/%m/%Y')
        END
    FROM declaration
    UNION ALL
    SELECT declaration_no, 'D', LEN(circuits), array_to_string(circuits, ', ')
    FROM declaration
    UNION ALL
    SELECT declaration_no, 'E', CASE kind WHEN 'rupture' THEN 1 ELSE 0 END, kind
    FROM declaration
    UNION ALL
    SELECT declaration_no, 'F',
        stock_boxes / NULLIF(monthly_to_daily(COALESCE(sales_town_boxes, 0) + COALESCE(sales_hospital_boxes, 0)), 0),
        count_words(stock_boxes) || CASE WHEN stock_boxes < 1.5 THEN ' boîte pour ' ELSE ' boîtes pour ' END
            || count_words(COALESCE(sales_town_boxes, 0) + COALESCE(sales_hospital_boxes, 0)) || ' par mois'
    FROM declaration
    UNION ALL
    SELECT o.declaration_no, 'G', COALESCE(s.days, 0),
        CASE
            WHEN s.slips > 1 THEN s.slips || ' reports, le plus long compté'
            WHEN s.slips = 1 THEN '1 report'
        END
    FROM declaration AS o
    LEFT JOIN slipped AS s ON s.declaration_no = o.declaration_no
    UNION ALL
    SELECT o.declaration_no, 'H', t.laboratories, CAST(NULL AS VARCHAR)
    FROM declaration AS o
    LEFT JOIN others AS t ON t.declaration_no = o.declaration_no
    UNION ALL
    SELECT o.declaration_no, 'I', CASE WHEN t.route IS NOT NULL THEN t.same_route END,
        CASE
            WHEN t.route IS NOT NULL THEN 'voie ' || t.route
            WHEN t.declaration_no IS NOT NULL THEN 'voie non comptée'
        END
    FROM declaration AS o
    LEFT JOIN others AS t ON t.declaration_no = o.declaration_no
    UNION ALL
    SELECT declaration_no, 'J', lists, names
    FROM listed
    UNION ALL
    SELECT declaration_no, 'K', earlier, CAST(NULL AS VARCHAR)
    FROM repeated
    UNION ALL
    SELECT o.declaration_no, c.criterion, e.points,
        e.reason || ' (' || e.login || ', ' || STRFTIME(CAST(e.evaluated_at AS TIMESTAMPTZ), '%d/%m/%Y') || ')'
    FROM declaration AS o
    CROSS JOIN (SELECT criterion FROM risk_criterion WHERE is_typed) AS c
    LEFT JOIN journal_evaluation AS e ON e.declaration_no = o.declaration_no AND e.criterion = c.criterion
)
SELECT
    r.declaration_no, r.criterion, c.order_no, c.title, c.unit, CAST(r.value AS DOUBLE) AS value,
    r.value IS NOT NULL AS is_known,
    CASE
        WHEN r.value IS NULL AND c.is_typed THEN 'à évaluer'
        WHEN r.value IS NULL AND r.detail = 'voie non comptée' THEN 'voie non comptée'
        WHEN r.value IS NULL THEN 'inconnu'
        ELSE b.label
    END AS band_label,
    r.detail, COALESCE(b.points, c.unknown_points) AS points, c.most_points, c.is_typed, c.grid_version
FROM reading AS r
INNER JOIN risk_criterion AS c ON c.criterion = r.criterion
LEFT JOIN risk_band AS b ON b.criterion = r.criterion AND r.value >= b.at_least AND r.value < b.below
ORDER BY r.declaration_no, c.order_no
