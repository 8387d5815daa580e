CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
CREATE PUBLICATION :name;

--- publication.created
--- main
CREATE PUBLICATION :new FOR TABLE t WHERE (id > 0), TABLES IN SCHEMA :name WITH (publish = 'insert, delete', publish_via_partition_root = true);
COMMENT ON PUBLICATION :new IS 'is new';

--- publication.owner
--- main
ALTER PUBLICATION :name OWNER TO keeper;

--- publication.all_tables
--- main
CREATE PUBLICATION :new FOR ALL TABLES;
--- stand-in
CREATE PUBLICATION :new;

--- publication.generated_columns = *, NULL
--- since: 18
--- main
ALTER PUBLICATION :name SET (publish_generated_columns = stored);

--- publication.publish
--- main
ALTER PUBLICATION :name SET (publish = 'insert, truncate');

--- publication.via_partition_root
--- main
ALTER PUBLICATION :name SET (publish_via_partition_root = true);

--- publication table.created
--- main
ALTER PUBLICATION :name ADD TABLE t;

--- publication table.columns
--- main
ALTER PUBLICATION :name ADD TABLE t (id);
--- stand-in
ALTER PUBLICATION :name ADD TABLE t (id, v);

--- publication table.row_filter
--- main
ALTER PUBLICATION :name ADD TABLE t WHERE (id > 0);
--- stand-in
ALTER PUBLICATION :name ADD TABLE t WHERE (id > 1);

--- publication schema.created
--- main
ALTER PUBLICATION :name ADD TABLES IN SCHEMA :name;
