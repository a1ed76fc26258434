-- What legs were made on, for the table `endpoints` of endpoint types.
SELECT DISTINCT l.client_type, l.model
FROM legs l
