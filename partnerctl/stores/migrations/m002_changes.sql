-- The log of changes: what each run made the store say otherwise. Rows are only added; a row that the
-- versions no longer bear out loses its `stands`. It is filled from the versions of the store as it is.

CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    day TEXT NOT NULL,
    noun TEXT NOT NULL,
    org_id TEXT,
    subscription_id TEXT,
    product TEXT,
    told INTEGER NOT NULL,
    stands INTEGER NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX changes_day ON changes (day);
-- License figures are by far the most, and are not looked up one by one: they are in neither of these.
CREATE INDEX changes_org ON changes (org_id) WHERE org_id IS NOT NULL;
CREATE INDEX changes_subscription ON changes (subscription_id) WHERE noun = 'subscriptions';
CREATE INDEX changes_withdrawn ON changes (day) WHERE stands = 0;

-- Every version of customers, subscriptions and license figures is one row (4096: a new thing); of tags and
-- administrators every other list; of customers also when all their subscriptions were absent, or no more.
-- A row is of the newest run that spoke of the thing on that day.
INSERT INTO changes (run_id, day, noun, org_id, subscription_id, product, told, stands, before, after)
WITH tag_groups AS (
    SELECT DISTINCT v.org_id, json_extract(m.value, '$[0]') AS subscription_id
    FROM tag_sets_versions v, json_each(v.members) m
),
tag_lists AS (
    SELECT v.org_id, g.subscription_id, v.valid_from, (
            SELECT json_array(json(json_group_array(o.tag))) FROM (
                SELECT json_extract(m.value, '$[1]') AS tag FROM json_each(v.members) m
                WHERE json_extract(m.value, '$[0]') = g.subscription_id ORDER BY 1
            ) o
        ) AS list
    FROM tag_sets_versions v JOIN tag_groups g ON g.org_id = v.org_id
),
tag_steps AS (
    SELECT org_id, subscription_id, valid_from, list,
        LAG(list, 1, '[[]]') OVER (PARTITION BY org_id, subscription_id ORDER BY valid_from) AS before
    FROM tag_lists
),
admin_lists AS (
    SELECT org_id, valid_from, json_array(json(COALESCE(members, '[]'))) AS list
    FROM assignment_sets_versions
),
admin_steps AS (
    SELECT org_id, valid_from, list,
        LAG(list, 1, '[[]]') OVER (PARTITION BY org_id ORDER BY valid_from) AS before
    FROM admin_lists
),
absences AS (
    SELECT v.org_id, v.valid_from, v.valid_to, v.status = 'absent' AS absent FROM subscriptions_versions v
    WHERE v.org_id IN (SELECT a.org_id FROM subscriptions_versions a WHERE a.status = 'absent')
),
absence_days AS (
    SELECT org_id, valid_from AS day FROM absences UNION SELECT org_id, valid_to FROM absences
),
presences AS (
    SELECT d.org_id, d.day, COUNT(CASE WHEN COALESCE(a.absent, 0) = 0 THEN 1 END) > 0 AS there
    FROM absence_days d JOIN absences a
        ON a.org_id = d.org_id AND a.valid_from <= d.day AND a.valid_to > d.day
    GROUP BY d.org_id, d.day
),
presence_states AS (
    SELECT org_id, day, CASE WHEN NOT there AND MAX(there) OVER (
            PARTITION BY org_id ORDER BY day ROWS UNBOUNDED PRECEDING
        ) THEN 1 ELSE 0 END AS gone
    FROM presences
),
presence_steps AS (
    SELECT org_id, day, gone, LAG(gone, 1, 0) OVER (PARTITION BY org_id ORDER BY day) AS before
    FROM presence_states
)
SELECT COALESCE(r.run_id, (SELECT MAX(run_id) FROM runs)), r.day, r.noun, r.org_id, r.subscription_id,
    r.product, r.mask, r.mask, r.before, r.after
FROM (
    SELECT (
            SELECT MAX(o.run_id) FROM customers_observed o
            WHERE o.org_id = v.org_id AND o.day = v.valid_from
        ) AS run_id, v.valid_from AS day, 'customers' AS noun,
        v.org_id, NULL AS subscription_id, NULL AS product,
        CASE WHEN p.org_id IS NULL THEN 4096 ELSE
            (CASE WHEN p.name IS NOT v.name THEN 1 ELSE 0 END)
            + (CASE WHEN p.region IS NOT v.region THEN 2 ELSE 0 END)
            + (CASE WHEN p.country IS NOT v.country THEN 4 ELSE 0 END)
            + (CASE WHEN p.industry IS NOT v.industry THEN 8 ELSE 0 END)
            + (CASE WHEN p.planned_users IS NOT v.planned_users THEN 16 ELSE 0 END)
            + (CASE WHEN p.managed_by IS NOT v.managed_by THEN 32 ELSE 0 END)
            + (CASE WHEN p.external_id IS NOT v.external_id THEN 64 ELSE 0 END)
            + (CASE WHEN p.total_users IS NOT v.total_users THEN 128 ELSE 0 END)
            + (CASE WHEN p.verified_users IS NOT v.verified_users THEN 256 ELSE 0 END)
            + (CASE WHEN p.created_date IS NOT v.created_date THEN 512 ELSE 0 END)
            + (CASE WHEN p.last_admin_login IS NOT v.last_admin_login THEN 1024 ELSE 0 END)
            + (CASE WHEN p.merged_into IS NOT v.merged_into THEN 2048 ELSE 0 END)
        END AS mask,
        CASE WHEN p.org_id IS NOT NULL THEN json_array(
            p.name, p.region, p.country, p.industry, p.planned_users, p.managed_by, p.external_id,
            p.total_users, p.verified_users, p.created_date, p.last_admin_login, p.merged_into
        ) END AS before,
        json_array(
            v.name, v.region, v.country, v.industry, v.planned_users, v.managed_by, v.external_id,
            v.total_users, v.verified_users, v.created_date, v.last_admin_login, v.merged_into
        ) AS after
    FROM customers_versions v
    LEFT JOIN customers_versions p ON p.org_id = v.org_id AND p.valid_to = v.valid_from
    UNION ALL
    SELECT (
            SELECT MAX(o.run_id) FROM subscriptions_observed o
            WHERE o.subscription_id = v.subscription_id AND o.day = v.valid_from
        ) AS run_id, v.valid_from AS day, 'subscriptions' AS noun,
        NULL AS org_id, v.subscription_id, NULL AS product,
        CASE WHEN p.subscription_id IS NULL THEN 4096 ELSE
            (CASE WHEN p.org_id IS NOT v.org_id THEN 1 ELSE 0 END)
            + (CASE WHEN p.kind IS NOT v.kind THEN 2 ELSE 0 END)
            + (CASE WHEN p.subscription_type IS NOT v.subscription_type THEN 4 ELSE 0 END)
            + (CASE WHEN p.status IS NOT v.status THEN 8 ELSE 0 END)
            + (CASE WHEN p.start_date IS NOT v.start_date THEN 16 ELSE 0 END)
            + (CASE WHEN p.end_date IS NOT v.end_date THEN 32 ELSE 0 END)
            + (CASE WHEN p.auto_renew IS NOT v.auto_renew THEN 64 ELSE 0 END)
            + (CASE WHEN p.invoice IS NOT v.invoice THEN 128 ELSE 0 END)
        END AS mask,
        CASE WHEN p.subscription_id IS NOT NULL THEN json_array(
            p.org_id, p.kind, p.subscription_type, p.status, p.start_date, p.end_date, p.auto_renew,
            p.invoice
        ) END AS before,
        json_array(
            v.org_id, v.kind, v.subscription_type, v.status, v.start_date, v.end_date, v.auto_renew,
            v.invoice
        ) AS after
    FROM subscriptions_versions v
    LEFT JOIN subscriptions_versions p ON p.subscription_id = v.subscription_id AND p.valid_to = v.valid_from
    UNION ALL
    SELECT (
            SELECT MAX(o.run_id) FROM licenses_observed o
            WHERE o.subscription_id = v.subscription_id AND o.product = v.product AND o.day = v.valid_from
        ) AS run_id, v.valid_from AS day, 'licenses' AS noun,
        NULL AS org_id, v.subscription_id, v.product,
        CASE WHEN p.subscription_id IS NULL THEN
            4096 + (CASE WHEN v.total IS NOT NULL THEN 1 ELSE 0 END)
            + (CASE WHEN v.assigned IS NOT NULL THEN 2 ELSE 0 END)
        ELSE
            (CASE WHEN p.total IS NOT v.total THEN 1 ELSE 0 END)
            + (CASE WHEN p.assigned IS NOT v.assigned THEN 2 ELSE 0 END)
            + (CASE WHEN p.used_7d IS NOT v.used_7d THEN 4 ELSE 0 END)
            + (CASE WHEN p.used_3m IS NOT v.used_3m THEN 8 ELSE 0 END)
            + (CASE WHEN p.used_ever IS NOT v.used_ever THEN 16 ELSE 0 END)
            + (CASE WHEN p.ended IS NOT v.ended THEN 32 ELSE 0 END)
        END AS mask,
        CASE WHEN p.subscription_id IS NOT NULL THEN json_array(
            p.total, p.assigned, p.used_7d, p.used_3m, p.used_ever, p.ended
        ) END AS before,
        json_array(
            v.total, v.assigned, v.used_7d, v.used_3m, v.used_ever, v.ended
        ) AS after
    FROM licenses_versions v
    LEFT JOIN licenses_versions p ON p.subscription_id = v.subscription_id AND p.product = v.product
        AND p.valid_to = v.valid_from
    UNION ALL
    SELECT (
            SELECT MAX(o.run_id) FROM tag_sets_observed o WHERE o.org_id = v.org_id AND o.day = v.valid_from
        ), v.valid_from, 'tags', v.org_id, NULLIF(v.subscription_id, ''), NULL, 1, v.before, v.list
    FROM tag_steps v WHERE v.list != v.before
    UNION ALL
    SELECT (
            SELECT MAX(o.run_id) FROM assignment_sets_observed o
            WHERE o.org_id = v.org_id AND o.day = v.valid_from
        ), v.valid_from, 'admins', v.org_id, NULL, NULL, 1, v.before, v.list
    FROM admin_steps v WHERE v.list != v.before
    UNION ALL
    SELECT (
            SELECT MAX(o.run_id) FROM subscriptions_versions b JOIN subscriptions_observed o
            ON o.subscription_id = b.subscription_id AND o.day = v.day WHERE b.org_id = v.org_id
        ), v.day, 'presence', v.org_id, NULL, NULL, 1, json_array(v.before), json_array(v.gone)
    FROM presence_steps v WHERE v.gone != v.before
) r
ORDER BY 1, r.day, CASE r.noun
        WHEN 'customers' THEN 1 WHEN 'subscriptions' THEN 2 WHEN 'licenses' THEN 3 WHEN 'tags' THEN 4
        WHEN 'admins' THEN 5 ELSE 6
    END, r.org_id, r.subscription_id, r.product;
