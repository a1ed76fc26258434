-- What measured legs were made on, for the table `endpoints` of endpoint types.
SELECT DISTINCT coalesce(m.client_type, '') AS client_type, coalesce(m.model, '') AS model
FROM media m
