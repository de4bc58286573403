-- Quelles expressions plusieurs requêtes partagent-elles ?
-- Macros, run first by each connection that builds an artefact. They live no longer than it: pages and the review read
-- columns.

-- Text without case or accents, to search and to match.
CREATE TEMP MACRO folded(words) AS LOWER(strip_accents(words));

-- Weeks as days that can be added to a date.
CREATE TEMP MACRO week_days(weeks) AS CAST(7 * weeks AS INTEGER);

-- Weeks from one Monday to another.
CREATE TEMP MACRO weeks_between(since, until) AS CAST(date_diff('day', since, until) / 7 AS INTEGER);

-- Boxes are added as decimals, not as floating point: a sum is the same in any order, and a bound is met or not.
CREATE TEMP MACRO exact_boxes(boxes) AS CAST(boxes AS DECIMAL(18, 3));

-- A mean keeps eighteen decimals, a quotient twelve: thirds that add up to a whole are a whole.
CREATE TEMP MACRO exact_mean(boxes, readings) AS CAST(boxes / readings AS DECIMAL(38, 18));
CREATE TEMP MACRO exact_units(boxes, units) AS CAST(CAST(boxes AS DOUBLE) * units AS DECIMAL(38, 9));
CREATE TEMP MACRO exact_ratio(above, below) AS ROUND(above / NULLIF(below, 0), 12);

-- Names of a set of lines, each once, in their order.
CREATE TEMP MACRO distinct_names(name) AS STRING_AGG(DISTINCT name, ', ' ORDER BY name);

-- Short names of the sources of stocks, as shown beside figures.
CREATE TEMP MACRO source_name(source_key) AS CASE source_key
    WHEN 'tracstocks' THEN 'TracStocks'
    WHEN 'pointstock' THEN 'Point Stock'
    WHEN 'grossistes' THEN 'fichier hebdomadaire'
END;

CREATE TEMP MACRO left_out_name(denomination, cip13, sender) AS
    COALESCE(denomination || ' ', '') || '(' || cip13 || ', fichier de ' || sender || ')';

-- A number as it was written: 30, or 30,5.
CREATE TEMP MACRO number_words(value) AS REPLACE(REGEXP_REPLACE(CAST(value AS VARCHAR), '\.0+$', ''), '.', ',');

-- A count in a sentence: 80 743, with the ordinary space that French typography makes a narrow one.
CREATE TEMP MACRO count_words(value) AS REPLACE(FORMAT('{:,}', CAST(ROUND(value) AS BIGINT)), ',', ' ');

-- A part is never written as nothing, nor as the whole.
CREATE TEMP MACRO part_words(share_pct) AS CASE
    WHEN share_pct > 0 AND share_pct < 1 THEN 'moins de 1'
    WHEN share_pct > 99 AND share_pct < 100 THEN 'plus de 99'
    ELSE COALESCE(CAST(CAST(ROUND(share_pct, 0) AS INTEGER) AS VARCHAR), '?')
END;

CREATE TEMP MACRO sales_share_words(share_pct) AS part_words(share_pct) || ' % des ventes).';

-- A sentence names two of a list and counts the others.
CREATE TEMP MACRO first_names(names) AS array_to_string(string_split(names, ' ; ')[:2], ' ; ')
    || CASE WHEN LEN(string_split(names, ' ; ')) > 2
        THEN ' et ' || CAST(LEN(string_split(names, ' ; ')) - 2 AS VARCHAR) || ' de plus' ELSE '' END;

-- A year has 365.25 days: sales of a month as a daily demand, sales of a week as those of a month.
CREATE TEMP MACRO monthly_to_daily(boxes) AS boxes * 12 / 365.25;
CREATE TEMP MACRO monthly_to_weekly(boxes) AS exact_mean(boxes * 84, 365.25);
CREATE TEMP MACRO weekly_to_monthly(boxes) AS boxes * 365.25 / 84;

-- Bounds of a plan are included as written; no days, no status.
CREATE TEMP MACRO coverage_status(days, satisfactory_days, acceptable_days) AS CASE
    WHEN days >= satisfactory_days THEN 'satisfaisante'
    WHEN days >= acceptable_days THEN 'acceptable'
    WHEN days IS NOT NULL THEN 'insatisfaisante'
END;

-- 0 is the gravest; 3 is not measured.
CREATE TEMP MACRO status_gravity(status) AS CASE status
    WHEN 'insatisfaisante' THEN 0
    WHEN 'acceptable' THEN 1
    WHEN 'satisfaisante' THEN 2
    ELSE 3
END;

-- Coverage in % of the bound that decides its status: the lower one, or the satisfactory one once it is reached. To the
-- millionth, in decimals: an equal share is a tie whatever the machine. No bound above zero, no share.
CREATE TEMP MACRO bound_share_pct(days, satisfactory_days, acceptable_days) AS CAST(
    ROUND(
        100 * days / NULLIF(CASE WHEN days >= satisfactory_days THEN satisfactory_days ELSE acceptable_days END, 0), 6
    ) AS DECIMAL(38, 6)
);

-- 1 is the weakest link of the subject: the gravest status, then the smallest share of its own bound, then the first of
-- the chain. A link without a status has no rank.
CREATE TEMP MACRO weakness_rank(subject_id, gravity, bound_share, order_no) AS CASE
    WHEN gravity < 3 THEN ROW_NUMBER() OVER (
        PARTITION BY subject_id ORDER BY gravity, bound_share NULLS LAST, order_no
    )
END;

-- Class of a tension, from the gravest link of the country and the departments. NULL: not enough is known.
-- unknown_links: links of the plan without a figure; late: departments of the panel still expected to answer.
CREATE TEMP MACRO tension_class(gravest, unknown_links, insufficient, measured, late, diffuse_pct, answer_pct) AS CASE
    WHEN gravest = 0 THEN 'nationale'
    WHEN measured = 0 OR 100 * measured < CAST(answer_pct AS DECIMAL(9, 4)) * (measured + late) THEN NULL
    WHEN insufficient > 1 AND 100 * insufficient > CAST(diffuse_pct AS DECIMAL(9, 4)) * measured THEN 'diffuse'
    WHEN insufficient > 0 THEN 'localisee'
    WHEN unknown_links = 0 THEN 'aucune'
END;

-- A presentation whose end of marketing is declared; an unknown state withdraws nothing.
CREATE TEMP MACRO is_withdrawn(marketing_state) AS COALESCE(REGEXP_MATCHES(folded(marketing_state), 'arret'), FALSE);

-- A presentation on the market: its marketing is declared, neither stopped nor suspended. Unknown is not on the market.
CREATE TEMP MACRO is_marketed(marketing_state) AS
    COALESCE(folded(marketing_state) = 'declaration de commercialisation', FALSE);

-- Line by line: of the lines of a key, the one received last. A key of several columns is written between parentheses.
CREATE TEMP MACRO last_line(source, key) AS TABLE
SELECT * EXCLUDE (rank)
FROM (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY key ORDER BY load_id DESC, line DESC) AS rank
    FROM query_table(source)
) AS ranked
WHERE rank = 1;

-- Of the declared share of a circuit, what others absorb: never more than they serve, than the DCI's part of their
-- reserve, nor than what is declared. Reserves are in horizons of demand; an unknown one absorbs nothing. Of others
-- that sell nothing yet (of_others unknown) the stock alone decides, unless the whole market is declared.
CREATE TEMP MACRO absorbed_pct(declared_pct, of_others, of_dci) AS CASE
    WHEN declared_pct IS NULL THEN NULL
    WHEN of_dci IS NULL OR declared_pct >= 100 THEN 0
    ELSE GREATEST(0, LEAST(declared_pct, COALESCE((100 - declared_pct) * of_others, declared_pct), 100 * of_dci))
END;
