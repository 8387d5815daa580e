CREATE TABLE t (id int PRIMARY KEY, v text, w text);
INSERT INTO t VALUES (1, 'one', 'x'), (2, 'two', 'y');
CREATE VIEW shown AS SELECT id, v FROM t WHERE id > 0;
CREATE MATERIALIZED VIEW kept AS SELECT id, v FROM t;
CREATE INDEX kept_by_id ON kept (id);

--- view.created
--- main
CREATE VIEW new WITH (security_barrier = true) AS SELECT id, v FROM shown WITH LOCAL CHECK OPTION;
ALTER VIEW new ALTER v SET DEFAULT 'none';
COMMENT ON VIEW new IS 'is new';
COMMENT ON COLUMN new.v IS 'is new';
GRANT SELECT ON new TO reader;

--- view.owner
--- main
ALTER VIEW shown OWNER TO keeper;

--- view.definition
CREATE VIEW above AS SELECT id FROM shown;
--- main
CREATE OR REPLACE VIEW shown AS SELECT id, v FROM t WHERE id > 1;

--- view.definition: other columns
--- also: view.columns, view column
--- rebuilt
CREATE VIEW under AS SELECT id, v, w FROM t;
--- main
CREATE VIEW changes AS SELECT id, v, w FROM under;
GRANT SELECT ON changes TO reader;
CREATE VIEW above AS SELECT id FROM changes;
COMMENT ON VIEW above IS 'is kept';
--- stand-in
CREATE VIEW changes AS SELECT id, w FROM under;
GRANT SELECT ON changes TO reader;
CREATE VIEW above AS SELECT id FROM changes;
COMMENT ON VIEW above IS 'is kept';

--- view.options
--- main
ALTER VIEW shown SET (security_barrier = true, check_option = local);
--- stand-in
ALTER VIEW shown SET (security_invoker = true);

--- materialized view.created
--- main
CREATE MATERIALIZED VIEW new AS SELECT id, v FROM shown;
CREATE UNIQUE INDEX new_by_id ON new (id);
COMMENT ON MATERIALIZED VIEW new IS 'is new';
GRANT SELECT ON new TO reader;

--- materialized view.owner
GRANT SELECT ON t TO keeper;
--- main
ALTER MATERIALIZED VIEW kept OWNER TO keeper;

--- materialized view.definition
--- main
CREATE MATERIALIZED VIEW changes AS SELECT id, v FROM t WHERE id > 1;
CREATE INDEX changes_by_id ON changes (id);
COMMENT ON INDEX changes_by_id IS 'is kept';
CREATE VIEW above AS SELECT id FROM changes;
--- stand-in
CREATE MATERIALIZED VIEW changes AS SELECT id, v FROM t WHERE id > 0;
CREATE INDEX changes_by_id ON changes (id);
COMMENT ON INDEX changes_by_id IS 'is kept';
CREATE VIEW above AS SELECT id FROM changes;

--- materialized view.options
--- main
ALTER MATERIALIZED VIEW kept SET (fillfactor = 70);

--- materialized view.toast_options
--- main
ALTER MATERIALIZED VIEW kept SET (toast.autovacuum_enabled = false);

--- materialized view.tablespace = *, NULL
--- main
ALTER MATERIALIZED VIEW kept SET TABLESPACE elsewhere;

--- materialized view.access_method
--- since: 15
--- alone
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
--- main
ALTER MATERIALIZED VIEW kept SET ACCESS METHOD heap_too;

--- materialized view.populated
--- main
CREATE MATERIALIZED VIEW filled AS SELECT id FROM t;
--- stand-in
CREATE MATERIALIZED VIEW filled AS SELECT id FROM t WITH NO DATA;

--- materialized view.depends_on_extensions
--- main
ALTER MATERIALIZED VIEW kept DEPENDS ON EXTENSION plpgsql;

--- view column.created
--- also: view.definition, view.columns
--- main
CREATE OR REPLACE VIEW shown AS SELECT id, v, w FROM t WHERE id > 0;

--- view column.storage
--- main
ALTER MATERIALIZED VIEW kept ALTER v SET STORAGE EXTERNAL;

--- view column.compression = *, NULL
--- since: 14
--- main
ALTER MATERIALIZED VIEW kept ALTER v SET COMPRESSION pglz;

--- view column.statistics = *, NULL
--- main
ALTER MATERIALIZED VIEW kept ALTER v SET STATISTICS 500;

--- view column.options
--- main
ALTER MATERIALIZED VIEW kept ALTER v SET (n_distinct = 100);
