-- What was taken back stays here, so that an undo can itself be undone; and whose each change was.

-- One observation of a run that was taken back: the table it stood in, and its row as a JSON array.
CREATE TABLE withdrawn (
    run_id INTEGER NOT NULL REFERENCES runs (run_id),
    place TEXT NOT NULL,
    position INTEGER NOT NULL,
    content TEXT NOT NULL,
    content_id INTEGER,
    PRIMARY KEY (run_id, place, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawn_content ON withdrawn (content_id) WHERE content_id IS NOT NULL;

ALTER TABLE runs ADD COLUMN takes_back INTEGER REFERENCES runs (run_id);
ALTER TABLE audit ADD COLUMN org_id TEXT;
UPDATE runs SET takes_back = CAST(SUBSTR(subject, 5) AS INTEGER) WHERE kind = 'undo' AND subject LIKE 'run %'
