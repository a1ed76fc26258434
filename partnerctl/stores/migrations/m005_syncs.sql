-- What came of the last time that each part was fetched from Webex; reports have a row per template and region.

CREATE TABLE synced_parts (
    part TEXT NOT NULL,
    template TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL,
    day TEXT,
    at TEXT NOT NULL,
    customers INTEGER,
    failed INTEGER,
    rows INTEGER NOT NULL,
    run_id INTEGER REFERENCES runs (run_id),
    error TEXT,
    PRIMARY KEY (part, template, region)
) STRICT
