-- The store: runs and audit, observations, what is folded from them, inventories.
-- Days are ISO text, instants RFC 3339 text in UTC, booleans 0 and 1; folded names stand beside names.

CREATE TABLE facts (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    run_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    started TEXT NOT NULL,
    subject TEXT,
    undone_by INTEGER REFERENCES runs (run_id)
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;

CREATE TABLE report_runs (
    run_id INTEGER NOT NULL PRIMARY KEY REFERENCES runs (run_id),
    template TEXT NOT NULL,
    schedule TEXT,
    due TEXT,
    status TEXT NOT NULL,
    path TEXT,
    rows INTEGER,
    bytes INTEGER,
    sha256 TEXT,
    region TEXT,
    since TEXT,
    until TEXT,
    data_as_of TEXT,
    started TEXT,
    finished TEXT,
    error TEXT,
    UNIQUE (schedule, due)
) STRICT;

-- Customers ---------------------------------------------------------------------------------------

CREATE TABLE customers_observed (
    org_id TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    name TEXT,
    region TEXT,
    country TEXT,
    industry TEXT,
    planned_users INTEGER,
    managed_by TEXT,
    external_id TEXT,
    total_users INTEGER,
    verified_users INTEGER,
    created_date TEXT,
    last_admin_login TEXT,
    merged_into TEXT,
    PRIMARY KEY (org_id, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE customers (
    org_id TEXT NOT NULL PRIMARY KEY,
    name TEXT,
    region TEXT,
    country TEXT,
    industry TEXT,
    planned_users INTEGER,
    managed_by TEXT,
    external_id TEXT,
    total_users INTEGER,
    verified_users INTEGER,
    created_date TEXT,
    last_admin_login TEXT,
    merged_into TEXT,
    name_folded TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX customers_name ON customers (
    name, org_id, region, country, managed_by, created_date, last_admin_login, last_seen, merged_into,
    name_folded, industry, planned_users, total_users, verified_users, external_id
);
CREATE INDEX customers_name_folded ON customers (name_folded, name, org_id);

CREATE TABLE customers_versions (
    org_id TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    name TEXT,
    region TEXT,
    country TEXT,
    industry TEXT,
    planned_users INTEGER,
    managed_by TEXT,
    external_id TEXT,
    total_users INTEGER,
    verified_users INTEGER,
    created_date TEXT,
    last_admin_login TEXT,
    merged_into TEXT,
    name_folded TEXT,
    PRIMARY KEY (org_id, valid_from)
) STRICT, WITHOUT ROWID;

-- People ------------------------------------------------------------------------------------------

CREATE TABLE users_observed (
    email TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    org_id TEXT,
    name TEXT,
    user_uuid TEXT,
    PRIMARY KEY (email, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    email TEXT NOT NULL PRIMARY KEY,
    org_id TEXT,
    name TEXT,
    user_uuid TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX users_org ON users (org_id);

CREATE TABLE admins_observed (
    email TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    name TEXT,
    role TEXT,
    PRIMARY KEY (email, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE admins (
    email TEXT NOT NULL PRIMARY KEY,
    name TEXT,
    role TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE assignment_sets_observed (
    org_id TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    members TEXT,
    PRIMARY KEY (org_id, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignment_sets (
    org_id TEXT NOT NULL PRIMARY KEY,
    members TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE assignment_sets_versions (
    org_id TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    members TEXT,
    PRIMARY KEY (org_id, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignments (
    org_id TEXT NOT NULL,
    email TEXT NOT NULL,
    PRIMARY KEY (org_id, email)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignments_email ON assignments (email);

-- Tags --------------------------------------------------------------------------------------------

CREATE TABLE tag_sets_observed (
    org_id TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    members TEXT,
    PRIMARY KEY (org_id, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag_sets (
    org_id TEXT NOT NULL PRIMARY KEY,
    members TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tag_sets_versions (
    org_id TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    members TEXT,
    PRIMARY KEY (org_id, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    org_id TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    tag_folded TEXT NOT NULL,
    PRIMARY KEY (org_id, subscription_id, tag)
) STRICT, WITHOUT ROWID;

-- Subscriptions and trials ------------------------------------------------------------------------

CREATE TABLE subscriptions_observed (
    subscription_id TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    org_id TEXT,
    kind TEXT,
    subscription_type TEXT,
    status TEXT,
    start_date TEXT,
    end_date TEXT,
    auto_renew INTEGER,
    invoice TEXT,
    PRIMARY KEY (subscription_id, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
    subscription_id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT,
    kind TEXT,
    subscription_type TEXT,
    status TEXT,
    start_date TEXT,
    end_date TEXT,
    auto_renew INTEGER,
    invoice TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL,
    total INTEGER DEFAULT 0,
    assigned INTEGER DEFAULT 0,
    used_7d INTEGER DEFAULT 0,
    used_3m INTEGER DEFAULT 0,
    used_ever INTEGER DEFAULT 0,
    over_limit INTEGER DEFAULT 0,
    products TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_org ON subscriptions (
    org_id, status, kind, start_date, end_date, auto_renew, total, assigned, over_limit, products
);

CREATE TABLE subscriptions_versions (
    subscription_id TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    org_id TEXT,
    kind TEXT,
    subscription_type TEXT,
    status TEXT,
    start_date TEXT,
    end_date TEXT,
    auto_renew INTEGER,
    invoice TEXT,
    PRIMARY KEY (subscription_id, valid_from)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_versions_org ON subscriptions_versions (org_id);

-- A report that was said to be complete: what it does not list is absent from its day on.
CREATE TABLE complete_reports (
    run_id INTEGER NOT NULL PRIMARY KEY REFERENCES runs (run_id),
    day TEXT NOT NULL,
    region TEXT
) STRICT;

-- License figures ---------------------------------------------------------------------------------

CREATE TABLE licenses_observed (
    subscription_id TEXT NOT NULL,
    product TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    total INTEGER,
    assigned INTEGER,
    used_7d INTEGER,
    used_3m INTEGER,
    used_ever INTEGER,
    ended INTEGER,
    PRIMARY KEY (subscription_id, product, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE licenses (
    subscription_id TEXT NOT NULL,
    product TEXT NOT NULL,
    total INTEGER,
    assigned INTEGER,
    used_7d INTEGER,
    used_3m INTEGER,
    used_ever INTEGER,
    ended INTEGER,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL,
    PRIMARY KEY (subscription_id, product)
) STRICT, WITHOUT ROWID;

CREATE TABLE licenses_versions (
    subscription_id TEXT NOT NULL,
    product TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    total INTEGER,
    assigned INTEGER,
    used_7d INTEGER,
    used_3m INTEGER,
    used_ever INTEGER,
    ended INTEGER,
    PRIMARY KEY (subscription_id, product, valid_from)
) STRICT, WITHOUT ROWID;

-- Orders and locations ----------------------------------------------------------------------------

CREATE TABLE orders_observed (
    order_id TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    subscription_id TEXT,
    ordered_date TEXT,
    product TEXT,
    quantity INTEGER,
    status TEXT,
    invoice TEXT,
    PRIMARY KEY (order_id, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
    order_id TEXT NOT NULL PRIMARY KEY,
    subscription_id TEXT,
    ordered_date TEXT,
    product TEXT,
    quantity INTEGER,
    status TEXT,
    invoice TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_subscription ON orders (subscription_id);

CREATE TABLE locations_observed (
    location_id TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    spoken INTEGER NOT NULL,
    org_id TEXT,
    name TEXT,
    country TEXT,
    PRIMARY KEY (location_id, day, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE locations (
    location_id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT,
    name TEXT,
    country TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    spoken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Inventories: a file holds the whole inventory of each customer it names ---------------------------
-- An inventory that repeats an older one shares its rows (`content_id`).

CREATE TABLE inventories_observed (
    entity TEXT NOT NULL,
    org_id TEXT NOT NULL,
    day TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    content_id INTEGER NOT NULL,
    PRIMARY KEY (entity, org_id, day, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inventories_observed_content ON inventories_observed (content_id);

CREATE TABLE inventories (
    entity TEXT NOT NULL,
    org_id TEXT NOT NULL,
    day TEXT NOT NULL,
    content_id INTEGER NOT NULL,
    PRIMARY KEY (entity, org_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inventory_contents (
    content_id INTEGER PRIMARY KEY AUTOINCREMENT,
    entity TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    rows INTEGER NOT NULL,
    UNIQUE (entity, sha256)
) STRICT;

CREATE TABLE devices (
    content_id INTEGER NOT NULL REFERENCES inventory_contents (content_id),
    position INTEGER NOT NULL,
    location_id TEXT,
    location TEXT,
    product TEXT,
    mac TEXT,
    firmware TEXT,
    phone_number TEXT,
    extension TEXT,
    user_id TEXT,
    user_uuid TEXT,
    external_id TEXT,
    PRIMARY KEY (content_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE phone_numbers (
    content_id INTEGER NOT NULL REFERENCES inventory_contents (content_id),
    position INTEGER NOT NULL,
    location_id TEXT,
    location TEXT,
    country TEXT,
    phone_number TEXT,
    extension TEXT,
    pstn_connection TEXT,
    active INTEGER,
    user_type TEXT,
    number_type TEXT,
    user_id TEXT,
    user_uuid TEXT,
    external_id TEXT,
    PRIMARY KEY (content_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE app_versions (
    content_id INTEGER NOT NULL REFERENCES inventory_contents (content_id),
    position INTEGER NOT NULL,
    app_type TEXT,
    platform TEXT,
    version TEXT,
    os_version TEXT,
    users INTEGER,
    PRIMARY KEY (content_id, position)
) STRICT, WITHOUT ROWID;
