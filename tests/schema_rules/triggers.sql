CREATE TABLE t (id int PRIMARY KEY, v text);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE TRIGGER fires BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION fire();
CREATE RULE silent AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE POLICY allow ON t FOR UPDATE TO reader USING (id > 0) WITH CHECK (id > 0);

--- rule.created
--- main
CREATE RULE more AS ON UPDATE TO t WHERE new.id <> old.id DO INSTEAD NOTHING;
ALTER TABLE t DISABLE RULE more;
COMMENT ON RULE more ON t IS 'is new';

--- rule.definition
--- main
CREATE RULE changes AS ON INSERT TO t WHERE new.id > 5 DO INSTEAD NOTHING;
--- stand-in
CREATE RULE changes AS ON INSERT TO t WHERE new.id > 6 DO INSTEAD NOTHING;

--- rule.enabled = disabled, origin
--- main
ALTER TABLE t DISABLE RULE silent;

--- rule.enabled = replica, always
--- main
ALTER TABLE t ENABLE REPLICA RULE silent;
--- stand-in
ALTER TABLE t ENABLE ALWAYS RULE silent;

--- trigger.created
--- main
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.id > 5) EXECUTE FUNCTION fire('a', 'it''s');
ALTER TABLE t ENABLE REPLICA TRIGGER later;
COMMENT ON TRIGGER later ON t IS 'is new';

--- trigger.definition
--- main
CREATE TRIGGER changes BEFORE INSERT OR UPDATE OF v ON t FOR EACH ROW EXECUTE FUNCTION fire();
--- stand-in
CREATE TRIGGER changes AFTER INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION fire();

--- trigger.depends_on_extensions
--- main
ALTER TRIGGER fires ON t DEPENDS ON EXTENSION plpgsql;

--- trigger.enabled = disabled, origin
--- main
ALTER TABLE t DISABLE TRIGGER fires;

--- trigger.enabled = replica, always
--- main
ALTER TABLE t ENABLE REPLICA TRIGGER fires;
--- stand-in
ALTER TABLE t ENABLE ALWAYS TRIGGER fires;

--- trigger.cloned
--- also: trigger.definition, table.partition_of, table.partition_bound, column.inherited
--- rebuilt there
CREATE TABLE parts (id int NOT NULL, v text) PARTITION BY RANGE (id);
CREATE TRIGGER fires BEFORE UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION fire();
CREATE TABLE low (id int NOT NULL, v text);
INSERT INTO low VALUES (1, 'one');
--- main
ALTER TABLE parts ATTACH PARTITION low FOR VALUES FROM (0) TO (100);
ALTER TABLE low DISABLE TRIGGER fires;
--- stand-in
CREATE TRIGGER fires BEFORE UPDATE ON low FOR EACH ROW EXECUTE FUNCTION fire();
ALTER TABLE low DISABLE TRIGGER fires;

--- policy.created
--- main
CREATE POLICY more ON t AS RESTRICTIVE FOR SELECT TO reader, writer USING (id > 5);
COMMENT ON POLICY more ON t IS 'is new';

--- policy.permissive
--- main
CREATE POLICY changes ON t AS RESTRICTIVE;
--- stand-in
CREATE POLICY changes ON t AS PERMISSIVE;

--- policy.command
--- main
CREATE POLICY changes ON t FOR SELECT USING (id > 5);
--- stand-in
CREATE POLICY changes ON t FOR DELETE USING (id > 5);

--- policy.roles
--- main
ALTER POLICY allow ON t TO writer, PUBLIC;

--- policy.using
--- main
ALTER POLICY allow ON t USING (id > 1);

--- policy.using: none
--- rebuilt there
--- main
CREATE POLICY changes ON t FOR UPDATE WITH CHECK (id > 0);
--- stand-in
CREATE POLICY changes ON t FOR UPDATE USING (id > 0) WITH CHECK (id > 0);

--- policy.check
--- main
ALTER POLICY allow ON t WITH CHECK (id > 1);

--- event trigger.created
--- main
CREATE EVENT TRIGGER :name ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION note();
ALTER EVENT TRIGGER :name DISABLE;
COMMENT ON EVENT TRIGGER :name IS 'is new';

--- event trigger.owner
CREATE EVENT TRIGGER :name ON ddl_command_end EXECUTE FUNCTION note();
--- main
ALTER EVENT TRIGGER :name OWNER TO chief;

--- event trigger.definition
--- main
CREATE EVENT TRIGGER :name ON ddl_command_end EXECUTE FUNCTION note();
--- stand-in
CREATE EVENT TRIGGER :name ON ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION note();

--- event trigger.enabled = disabled, origin
CREATE EVENT TRIGGER :name ON ddl_command_end EXECUTE FUNCTION note();
--- main
ALTER EVENT TRIGGER :name DISABLE;

--- event trigger.enabled = replica, always
CREATE EVENT TRIGGER :name ON ddl_command_end EXECUTE FUNCTION note();
--- main
ALTER EVENT TRIGGER :name ENABLE REPLICA;
--- stand-in
ALTER EVENT TRIGGER :name ENABLE ALWAYS;
