CREATE TABLE t (id int NOT NULL, n int, v text NOT NULL);
INSERT INTO t VALUES (1, 10, 'one'), (2, 20, 'two');
CREATE TABLE k (id int CONSTRAINT k_key PRIMARY KEY, n int CONSTRAINT k_unique UNIQUE, CONSTRAINT k_check CHECK (n > 0));
INSERT INTO k VALUES (1, 10), (2, 20);
CREATE TABLE parts (id int NOT NULL, v text) PARTITION BY RANGE (id);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
INSERT INTO parts VALUES (1, 'one'), (50, 'fifty');

--- constraint.created
--- main
ALTER TABLE t ADD CONSTRAINT t_key PRIMARY KEY (id), ADD CONSTRAINT t_check CHECK (n > 0), ADD CONSTRAINT t_far FOREIGN KEY (id) REFERENCES k,
    ADD CONSTRAINT t_apart EXCLUDE USING btree (v WITH =), ADD CONSTRAINT t_unique UNIQUE (n) DEFERRABLE;
COMMENT ON CONSTRAINT t_check ON t IS 'is new';

--- constraint.renamed
--- main
ALTER TABLE t ADD CONSTRAINT t_key PRIMARY KEY (id);
--- stand-in
ALTER TABLE t ADD CONSTRAINT t_other_key PRIMARY KEY (id);

--- constraint.definition
--- rebuilt
--- main
ALTER TABLE t ADD CONSTRAINT t_check CHECK (n > 0);
--- stand-in
ALTER TABLE t ADD CONSTRAINT t_check CHECK (n > 1);

--- constraint.definition: another type
--- also: constraint.type, constraint.no_inherit, constraint.clustered
--- rebuilt
--- main
ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0);
--- stand-in
ALTER TABLE t ADD CONSTRAINT c UNIQUE (n);

--- constraint.definition: deferrable
--- also: constraint.deferrable
--- main
ALTER TABLE t ADD CONSTRAINT t_far FOREIGN KEY (id) REFERENCES k DEFERRABLE;
--- stand-in
ALTER TABLE t ADD CONSTRAINT t_far FOREIGN KEY (id) REFERENCES k;

--- constraint.definition: deferred
--- also: constraint.deferred
--- main
ALTER TABLE t ADD CONSTRAINT t_far FOREIGN KEY (id) REFERENCES k DEFERRABLE INITIALLY DEFERRED;
--- stand-in
ALTER TABLE t ADD CONSTRAINT t_far FOREIGN KEY (id) REFERENCES k DEFERRABLE;

--- constraint.definition: a deferrable key
--- also: constraint.deferrable
--- rebuilt
--- main
ALTER TABLE t ADD CONSTRAINT t_key PRIMARY KEY (id) DEFERRABLE;
--- stand-in
ALTER TABLE t ADD CONSTRAINT t_key PRIMARY KEY (id);

--- constraint.definition: no inherit
--- also: constraint.no_inherit
--- rebuilt
--- main
ALTER TABLE t ADD CONSTRAINT t_check CHECK (n > 0) NO INHERIT;
--- stand-in
ALTER TABLE t ADD CONSTRAINT t_check CHECK (n > 0);

--- constraint.definition: not valid
--- also: constraint.validated
--- rebuilt there
--- main
ALTER TABLE t ADD CONSTRAINT t_check CHECK (n > 0) NOT VALID;
--- stand-in
ALTER TABLE t ADD CONSTRAINT t_check CHECK (n > 0);

--- constraint.inherited
CREATE TABLE parent (id int, CONSTRAINT positive CHECK (id > 0));
CREATE TABLE child () INHERITS (parent);
INSERT INTO child VALUES (1);
--- main
ALTER TABLE child ADD CONSTRAINT positive CHECK (id > 0);

--- constraint.parent_constraint
--- also: constraint, constraint.inherited
ALTER TABLE parts_low ADD CONSTRAINT low_key PRIMARY KEY (id);
--- main
ALTER TABLE parts ADD CONSTRAINT parts_key PRIMARY KEY (id);

--- constraint.parent_constraint: of a foreign key that is another one
--- also: constraint, constraint.inherited, constraint.definition, constraint.deferrable
--- rebuilt there
CREATE TABLE referenced (id int PRIMARY KEY); INSERT INTO referenced VALUES (1), (50);
--- main
ALTER TABLE parts ADD CONSTRAINT parts_key FOREIGN KEY (id) REFERENCES referenced DEFERRABLE;
--- stand-in
ALTER TABLE parts_low ADD CONSTRAINT parts_key FOREIGN KEY (id) REFERENCES referenced;

--- constraint.index_options
--- main
ALTER INDEX k_key SET (fillfactor = 70);

--- constraint.index_tablespace
--- main
ALTER INDEX k_key SET TABLESPACE elsewhere;

--- constraint.clustered
--- main
ALTER TABLE k CLUSTER ON k_key;
--- stand-in
ALTER TABLE k CLUSTER ON k_unique;

--- constraint.index_comment
--- main
COMMENT ON INDEX k_key IS 'of the index, not of the constraint';

--- index.created
--- main
CREATE UNIQUE INDEX t_by_v ON t USING btree (lower(v) COLLATE "C" DESC NULLS LAST, n) INCLUDE (id) WITH (fillfactor = 70) TABLESPACE elsewhere WHERE n > 0;
CREATE INDEX t_by_n ON t (n);
ALTER TABLE t CLUSTER ON t_by_n;
COMMENT ON INDEX t_by_v IS 'is new';

--- index.structure
--- also: index.definition
--- rebuilt
--- main
CREATE INDEX i ON t (n);
--- stand-in
CREATE INDEX i ON t (v);

--- index.renamed
CREATE INDEX parts_by_v ON parts (v);
--- main
ALTER INDEX parts_low_v_idx RENAME TO low_by_v;

--- index.options
--- also: index.definition
CREATE INDEX i ON t (n);
--- main
ALTER INDEX i SET (fillfactor = 70, deduplicate_items = off);
--- stand-in
ALTER INDEX i SET (fillfactor = 80);

--- index.tablespace
CREATE INDEX i ON t (n);
--- main
ALTER INDEX i SET TABLESPACE elsewhere;

--- index.clustered
CREATE INDEX i ON t (n);
--- main
ALTER TABLE t CLUSTER ON i;

--- index.valid
--- also: index.parent_index
--- rebuilt back
CREATE INDEX low_by_v ON parts_low (v);
CREATE INDEX parts_by_v ON ONLY parts (v);
--- main
ALTER INDEX parts_by_v ATTACH PARTITION low_by_v;

--- index.parent_index
--- also: index.valid
CREATE INDEX low_by_id ON parts_low (id);
CREATE INDEX parts_by_id ON ONLY parts (id);
--- main
ALTER INDEX parts_by_id ATTACH PARTITION low_by_id;

--- index.statistics
CREATE INDEX i ON t (n, lower(v));
--- main
ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 500;

--- index.depends_on_extensions
CREATE INDEX i ON t (n);
--- main
ALTER INDEX i DEPENDS ON EXTENSION plpgsql;

--- statistics.created
--- main
CREATE STATISTICS st (ndistinct, dependencies) ON id, n FROM t;
ALTER STATISTICS st SET STATISTICS 500;
COMMENT ON STATISTICS st IS 'is new';

--- statistics.owner
CREATE STATISTICS st ON id, n FROM t;
--- main
ALTER STATISTICS st OWNER TO keeper;

--- statistics.definition
--- main
CREATE STATISTICS st (ndistinct) ON id, n FROM t;
--- stand-in
CREATE STATISTICS st (mcv) ON id, v FROM t;

--- statistics.statistics = *, NULL
--- since: 13
CREATE STATISTICS st ON id, n FROM t;
--- main
ALTER STATISTICS st SET STATISTICS 500;
