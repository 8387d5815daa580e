CREATE SUBSCRIPTION :name CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false);

--- subscription.created
--- warned
--- main
CREATE SUBSCRIPTION :new CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);
COMMENT ON SUBSCRIPTION :new IS 'is new';

--- subscription.owner
--- main
ALTER SUBSCRIPTION :name OWNER TO chief;

--- subscription.enabled = true, false
--- main
ALTER SUBSCRIPTION :name ENABLE;

--- subscription.publications
--- main
ALTER SUBSCRIPTION :name SET PUBLICATION q, p WITH (refresh = false);

--- subscription.slot_name = *, NULL
--- main
ALTER SUBSCRIPTION :name SET (slot_name = another);
--- stand-in
ALTER SUBSCRIPTION :name SET (slot_name = NONE);

--- subscription.binary
--- main
ALTER SUBSCRIPTION :name SET (binary = true);

--- subscription.streaming
--- main
ALTER SUBSCRIPTION :name SET (streaming = true);

--- subscription.synchronous_commit
--- main
ALTER SUBSCRIPTION :name SET (synchronous_commit = 'local');

--- subscription.two_phase
--- warned
--- main
CREATE SUBSCRIPTION :new CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, two_phase = true);
--- stand-in
CREATE SUBSCRIPTION :new CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);

--- subscription.failover
--- since: 17
--- warned
--- main
CREATE SUBSCRIPTION :new CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, failover = true);
--- stand-in
CREATE SUBSCRIPTION :new CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);

--- subscription.disable_on_error
--- main
ALTER SUBSCRIPTION :name SET (disable_on_error = true);

--- subscription.origin = *, NULL
--- since: 16
--- main
ALTER SUBSCRIPTION :name SET (origin = none);

--- subscription.password_required = *, NULL
--- since: 16
--- main
ALTER SUBSCRIPTION :name SET (password_required = false);

--- subscription.run_as_owner = *, NULL
--- since: 16
--- main
ALTER SUBSCRIPTION :name SET (run_as_owner = true);
