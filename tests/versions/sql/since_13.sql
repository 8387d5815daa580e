-- What servers have from 13 on.
ALTER STATISTICS app.mcv SET STATISTICS 100;
CREATE TRIGGER before_row BEFORE UPDATE ON app.hashed FOR EACH ROW EXECUTE FUNCTION app.nothing();
CREATE TRIGGER per_statement AFTER UPDATE ON app.hashed REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION app.nothing();
ALTER TABLE app.hashed_0 DISABLE TRIGGER before_row;
CREATE PUBLICATION by_root FOR TABLE app.hashed WITH (publish_via_partition_root = true);
ALTER TABLE app.kinds ALTER COLUMN t SET STORAGE MAIN;
CREATE INDEX no_duplicates ON app.made (c) WITH (deduplicate_items = off);
