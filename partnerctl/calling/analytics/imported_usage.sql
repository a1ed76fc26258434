-- Rows of Partner Hub's own Calling usage reports whose period lies within the days that are asked for.
SELECT *
FROM imported_usage u
