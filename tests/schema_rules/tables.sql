CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
CREATE TABLE parent (id int, v text);
INSERT INTO parent VALUES (7, 'seven');
CREATE TABLE parts (id int NOT NULL, v text) PARTITION BY RANGE (id);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
INSERT INTO parts VALUES (1, 'one'), (50, 'fifty');

--- table.created
--- main
CREATE UNLOGGED TABLE new (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text DEFAULT 'x' CHECK (v <> ''));
INSERT INTO new (v) VALUES ('one'), ('two');
COMMENT ON TABLE new IS 'is new';
GRANT SELECT ON new TO reader;
ALTER TABLE new OWNER TO keeper;

--- table.owner
--- main
ALTER TABLE t OWNER TO keeper;

--- table.kind
--- also: table.partition_key, table.access_method, table
--- rows
--- main
CREATE TABLE k (id int NOT NULL, v text) PARTITION BY RANGE (id);
CREATE TABLE k_low PARTITION OF k FOR VALUES FROM (0) TO (100);
INSERT INTO k VALUES (1, 'one'), (2, 'two');
--- stand-in
CREATE TABLE k (id int NOT NULL, v text);
INSERT INTO k VALUES (1, 'one'), (2, 'two');

--- table.partition_key
--- main
CREATE TABLE k (id int NOT NULL, v text) PARTITION BY RANGE (id);
--- stand-in
CREATE TABLE k (id int NOT NULL, v text) PARTITION BY HASH (id);

--- table.persistence = unlogged, permanent
--- rewritten
--- main
ALTER TABLE t SET UNLOGGED;

--- table.partition_of
--- also: table.partition_bound, column.inherited
CREATE TABLE parts_high (id int NOT NULL, v text);
INSERT INTO parts_high VALUES (150, 'x');
--- main
ALTER TABLE parts ATTACH PARTITION parts_high FOR VALUES FROM (100) TO (200);

--- table.partition_bound
--- main
ALTER TABLE parts DETACH PARTITION parts_low;
ALTER TABLE parts ATTACH PARTITION parts_low FOR VALUES FROM (0) TO (99);

--- table.inherits
CREATE TABLE child (id int, v text);
INSERT INTO child VALUES (9, 'nine');
--- main
ALTER TABLE child INHERIT parent;

--- table.options: their order
--- main
ALTER TABLE t SET (parallel_workers = 2, autovacuum_enabled = false, fillfactor = 70);
--- stand-in
ALTER TABLE t SET (autovacuum_enabled = false, fillfactor = 80, parallel_workers = 2);

--- table.options
--- main
ALTER TABLE t SET (fillfactor = 70, autovacuum_enabled = false);
--- stand-in
ALTER TABLE t SET (fillfactor = 80, parallel_workers = 2);

--- table.toast_options
--- main
ALTER TABLE t SET (toast.autovacuum_enabled = false);

--- table.tablespace = *, NULL
--- rewritten
--- main
ALTER TABLE t SET TABLESPACE elsewhere;

--- table.access_method = *, NULL: of a partitioned table
--- since: 17
--- alone
CREATE ACCESS METHOD heap_other TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE by_method (a int) PARTITION BY LIST (a);
--- main
ALTER TABLE by_method SET ACCESS METHOD heap_other;

--- table.access_method = *, *
--- rewritten
--- alone
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
--- main
ALTER TABLE t SET ACCESS METHOD heap_too;

--- table.of_type = *, NULL
CREATE TYPE row_type AS (id int, v text);
CREATE TABLE typed (id int, v text);
INSERT INTO typed VALUES (1, 'one');
--- main
ALTER TABLE typed OF row_type;

--- table.replica_identity: all columns
--- main
ALTER TABLE t REPLICA IDENTITY FULL;

--- table.replica_identity: an index
CREATE UNIQUE INDEX t_by_v ON t (v);
ALTER TABLE t ALTER v SET NOT NULL;
--- main
ALTER TABLE t REPLICA IDENTITY USING INDEX t_by_v;
--- stand-in
ALTER TABLE t REPLICA IDENTITY NOTHING;

--- table.row_security = true, false
--- main
ALTER TABLE t ENABLE ROW LEVEL SECURITY;

--- table.force_row_security = true, false
--- main
ALTER TABLE t FORCE ROW LEVEL SECURITY;
