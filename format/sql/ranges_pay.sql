-- Are ranges of the column $2 of the table $1, $3 of them, read quicker by an index than the whole table is? Not without an
-- index that the planner will take, nor where rows that follow each other by key lie anywhere in the table: as its statistics
-- say, or where there are none, as such types are.
SELECT EXISTS (
    SELECT
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indkey[0] = a.attnum
    JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[0] AND o.opcdefault
    JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'
    WHERE a.attrelid = $1::regclass AND a.attname = $2::name
      AND i.indisvalid AND i.indpred IS NULL AND NOT i.indcheckxmin
      AND ($3::int <= 64 OR coalesce((SELECT abs(s.correlation) > 0.5
                                      FROM pg_catalog.pg_class c
                                      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                                      JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname
                                      WHERE c.oid = a.attrelid AND s.attname = a.attname AND NOT s.inherited),
                                     a.atttypid <> 'uuid'::regtype)));
