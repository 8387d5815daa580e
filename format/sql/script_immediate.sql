-- Deferrable unique constraints that were not silent must be done with before the tables can be altered.
DO $pgsyncer$
BEGIN
    IF NOT current_setting('pgsyncer.replica')::boolean THEN
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
END
$pgsyncer$;
