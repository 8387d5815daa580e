-- The versions of the libraries that sort for the collations $1 (identities, one per line), where the server knows them.
SELECT c.identity, c.version
FROM (SELECT format('%I.%I', n.nspname, c.collname) AS identity, pg_collation_actual_version(c.oid) AS version
      FROM pg_collation c
      JOIN pg_namespace n ON n.oid = c.collnamespace
      WHERE c.collprovider IN ('c', 'i') AND c.collencoding IN (-1, (SELECT encoding FROM pg_database WHERE datname = current_database()))) c
WHERE c.identity = ANY (string_to_array($1, E'\n')) AND c.version IS NOT NULL
ORDER BY c.identity COLLATE "C";
