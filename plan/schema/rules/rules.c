/* The rule table: all that the tool does about a difference in a schema, one row per class and field. */
#include "plan/schema/rules/rules.h"

#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"

const char ANY_VALUE[] = "any value", NO_VALUE[] = "no value";

#define EXCLUSIVE "lock:ACCESS EXCLUSIVE"
#define SHARE_UPDATE "lock:SHARE UPDATE EXCLUSIVE"

/* Every class with an owner: what was just created belongs to whoever runs apply. */
#define OWNER(owned)                                                                                                   \
    {                                                                                                                  \
        .class = owned, .field = "owner", .value = ANY_VALUE, .how = HOW_ALTER, .sql = "ALTER %k %o OWNER TO %i;",     \
        .risks = EXCLUSIVE, .at_creation = AFTER_CREATE, .initial = ANY_VALUE                                          \
    }

#define IGNORE(of_class, of_field)                                                                                     \
    {                                                                                                                  \
        .class = of_class, .field = of_field, .value = ANY_VALUE, .how = HOW_IGNORE, .at_creation = IN_CREATE          \
    }

#define FOLLOWS(of_class, of_field, of_leader)                                                                         \
    {                                                                                                                  \
        .class = of_class, .field = of_field, .value = ANY_VALUE, .how = HOW_FOLLOWS, .leader = of_leader,             \
        .at_creation = IN_CREATE                                                                                       \
    }

#define PARENT(of_class, of_field)                                                                                     \
    {                                                                                                                  \
        .class = of_class, .field = of_field, .value = ANY_VALUE, .how = HOW_PARENT, .at_creation = IN_CREATE          \
    }

#define NEVER(of_class, of_field)                                                                                      \
    {                                                                                                                  \
        .class = of_class, .field = of_field, .value = ANY_VALUE, .how = HOW_NEVER, .at_creation = IN_CREATE           \
    }

/* A template for each value that the field may take. */
#define ALTER(of_class, of_field, for_value, template, ...)                                                            \
    {                                                                                                                  \
        .class = of_class, .field = of_field, .value = for_value, .how = HOW_ALTER, .sql = template, __VA_ARGS__       \
    }

#define CUSTOM(of_class, of_field, function, ...)                                                                      \
    {                                                                                                                  \
        .class = of_class, .field = of_field, .value = ANY_VALUE, .how = HOW_CUSTOM, .custom = function, __VA_ARGS__   \
    }

#define REBUILD(of_class, of_field)                                                                                    \
    {                                                                                                                  \
        .class = of_class, .field = of_field, .value = ANY_VALUE, .how = HOW_REBUILD, .refers = true,                  \
        .at_creation = IN_CREATE                                                                                       \
    }

#define REPLACE(of_class, of_field, predicate)                                                                         \
    {                                                                                                                  \
        .class = of_class, .field = of_field, .value = ANY_VALUE, .how = HOW_REPLACE, .allowed = predicate,            \
        .refers = true, .at_creation = IN_CREATE                                                                       \
    }

/* Members of extensions' lists, default privileges: the list that is, and the one that was there in the beginning. */
#define LISTED_GRANT(of_class) CUSTOM(of_class, "privileges", alter_listed_grant), NEVER(of_class, "initial")

#define DEFINITION(of_class) OWNER(of_class), REBUILD(of_class, "definition")

#define DEPENDS_ON_EXTENSIONS(of_class) CUSTOM(of_class, "depends_on_extensions", alter_extension_dependence, SETS)

/* ENABLE and DISABLE, of triggers and rules. */
#define ENABLED(of_class, what, lock)                                                                                  \
    ALTER(of_class, "enabled", "origin", "ALTER TABLE %p ENABLE " what " %n;", SETS, .risks = lock,                    \
          .initial = "origin", .timing = TIMING_AFTER),                                                                \
        ALTER(of_class, "enabled", "disabled", "ALTER TABLE %p DISABLE " what " %n;", SETS, .risks = lock,             \
              .initial = "origin", .timing = TIMING_AFTER),                                                            \
        ALTER(of_class, "enabled", "replica", "ALTER TABLE %p ENABLE REPLICA " what " %n;", SETS, .risks = lock,       \
              .initial = "origin", .timing = TIMING_AFTER),                                                            \
        ALTER(of_class, "enabled", "always", "ALTER TABLE %p ENABLE ALWAYS " what " %n;", SETS, .risks = lock,         \
              .initial = "origin", .timing = TIMING_AFTER)

#define SETS .at_creation = AFTER_CREATE /* CREATE cannot say it, or says it less plainly */

static const struct rule rules[] = {
    OWNER(CLASS_SCHEMA),

    ALTER(CLASS_EXTENSION, "schema", ANY_VALUE, "ALTER EXTENSION %n SET SCHEMA %i;", .refers = true),
    ALTER(CLASS_EXTENSION, "version", ANY_VALUE, "ALTER EXTENSION %n UPDATE TO %l;", .allowed = version_reachable),

    LISTED_GRANT(CLASS_EXTENSION_GRANT),
    NEVER(CLASS_EXTENSION_GRANT, "on"),
    NEVER(CLASS_EXTENSION_GRANT, "grantee"),

    LISTED_GRANT(CLASS_DEFAULT_PRIVILEGES),
    NEVER(CLASS_DEFAULT_PRIVILEGES, "role"),
    NEVER(CLASS_DEFAULT_PRIVILEGES, "in_schema"),
    NEVER(CLASS_DEFAULT_PRIVILEGES, "object_type"),
    NEVER(CLASS_DEFAULT_PRIVILEGES, "grantee"),

    DEFINITION(CLASS_LANGUAGE),
    OWNER(CLASS_SHELL_TYPE),
    DEFINITION(CLASS_BASE_TYPE),

    OWNER(CLASS_ENUM),
    PARENT(CLASS_ENUM_LABEL, "position"), /* enum.c */

    OWNER(CLASS_DOMAIN),
    REBUILD(CLASS_DOMAIN, "type"),
    REBUILD(CLASS_DOMAIN, "collation"),
    ALTER(CLASS_DOMAIN, "default", NO_VALUE, "ALTER DOMAIN %o DROP DEFAULT;", .refers = true),
    ALTER(CLASS_DOMAIN, "default", ANY_VALUE, "ALTER DOMAIN %o SET DEFAULT %v;", .refers = true,
          .allowed = default_settable),
    CUSTOM(CLASS_DOMAIN, "not_null", alter_domain_not_null),
    CUSTOM(CLASS_DOMAIN, "not_null_name", alter_domain_not_null),
    CUSTOM(CLASS_DOMAIN, "not_null_comment", alter_domain_not_null_comment, .at_creation = OWN_STEP),

    OWNER(CLASS_COMPOSITE_TYPE),
    PARENT(CLASS_ATTRIBUTE, "position"), /* swap.c */
    CUSTOM(CLASS_ATTRIBUTE, "type", alter_attribute, .refers = true),
    CUSTOM(CLASS_ATTRIBUTE, "collation", alter_attribute, .refers = true),

    DEFINITION(CLASS_RANGE_TYPE),
    DEFINITION(CLASS_COLLATION),

    OWNER(CLASS_FUNCTION),
    DEPENDS_ON_EXTENSIONS(CLASS_FUNCTION),
    REPLACE(CLASS_FUNCTION, "definition", function_replaceable),
    FOLLOWS(CLASS_FUNCTION, "arguments", "definition"), /* this and the next ones: for function_replaceable */
    FOLLOWS(CLASS_FUNCTION, "result", "definition"),
    FOLLOWS(CLASS_FUNCTION, "kind", "definition"),
    FOLLOWS(CLASS_FUNCTION, "language", "definition"),
    FOLLOWS(CLASS_FUNCTION, "input_names", "definition"),
    FOLLOWS(CLASS_FUNCTION, "output_columns", "definition"),
    FOLLOWS(CLASS_FUNCTION, "default_count", "definition"),

    OWNER(CLASS_PROCEDURE),
    DEPENDS_ON_EXTENSIONS(CLASS_PROCEDURE),
    REPLACE(CLASS_PROCEDURE, "definition", function_replaceable),
    FOLLOWS(CLASS_PROCEDURE, "arguments", "definition"),
    FOLLOWS(CLASS_PROCEDURE, "identity_arguments", "definition"),
    FOLLOWS(CLASS_PROCEDURE, "language", "definition"),
    FOLLOWS(CLASS_PROCEDURE, "input_names", "definition"),
    FOLLOWS(CLASS_PROCEDURE, "output_columns", "definition"),
    FOLLOWS(CLASS_PROCEDURE, "default_count", "definition"),

    DEFINITION(CLASS_AGGREGATE),
    DEFINITION(CLASS_OPERATOR),
    OWNER(CLASS_OPERATOR_FAMILY),
    CUSTOM(CLASS_OPERATOR_FAMILY, "members", alter_members, .refers = true, .at_creation = OWN_STEP),
    DEFINITION(CLASS_OPERATOR_CLASS),
    REBUILD(CLASS_OPERATOR_FAMILY_MEMBER, "definition"),
    NEVER(CLASS_OPERATOR_FAMILY_MEMBER, "family"),
    REBUILD(CLASS_CAST, "definition"),
    REBUILD(CLASS_TRANSFORM, "definition"),
    DEFINITION(CLASS_CONVERSION),
    REBUILD(CLASS_ACCESS_METHOD, "definition"),

    REBUILD(CLASS_TEXT_SEARCH_PARSER, "definition"),
    REBUILD(CLASS_TEXT_SEARCH_TEMPLATE, "definition"),
    OWNER(CLASS_TEXT_SEARCH_DICTIONARY),
    REBUILD(CLASS_TEXT_SEARCH_DICTIONARY, "template"),
    REBUILD(CLASS_TEXT_SEARCH_DICTIONARY, "options"),
    OWNER(CLASS_TEXT_SEARCH_CONFIGURATION),
    REBUILD(CLASS_TEXT_SEARCH_CONFIGURATION, "parser"),
    CUSTOM(CLASS_TEXT_SEARCH_MAPPING, "dictionaries", alter_text_search_mapping, .refers = true),

    OWNER(CLASS_FOREIGN_DATA_WRAPPER),
    ALTER(CLASS_FOREIGN_DATA_WRAPPER, "handler", NO_VALUE, "ALTER FOREIGN DATA WRAPPER %o NO HANDLER;", .refers = true),
    ALTER(CLASS_FOREIGN_DATA_WRAPPER, "handler", ANY_VALUE, "ALTER FOREIGN DATA WRAPPER %o HANDLER %v;",
          .refers = true),
    ALTER(CLASS_FOREIGN_DATA_WRAPPER, "validator", NO_VALUE, "ALTER FOREIGN DATA WRAPPER %o NO VALIDATOR;",
          .refers = true),
    ALTER(CLASS_FOREIGN_DATA_WRAPPER, "validator", ANY_VALUE, "ALTER FOREIGN DATA WRAPPER %o VALIDATOR %v;",
          .refers = true),
    CUSTOM(CLASS_FOREIGN_DATA_WRAPPER, "options", alter_foreign_options),
    OWNER(CLASS_SERVER),
    REBUILD(CLASS_SERVER, "wrapper"),
    REBUILD(CLASS_SERVER, "type"),
    ALTER(CLASS_SERVER, "version", ANY_VALUE, "ALTER SERVER %o VERSION %l;"),
    CUSTOM(CLASS_SERVER, "options", alter_foreign_options),
    CUSTOM(CLASS_USER_MAPPING, "options", alter_foreign_options),

    CUSTOM(CLASS_SEQUENCE, "owner", alter_sequence_owner, .at_creation = OWN_STEP, .initial = ANY_VALUE),
    CUSTOM(CLASS_SEQUENCE, "owned_by", alter_sequence_owner, .refers = true, .at_creation = OWN_STEP),
    ALTER(CLASS_SEQUENCE, "persistence", "unlogged", "ALTER SEQUENCE %o SET UNLOGGED;"),
    ALTER(CLASS_SEQUENCE, "persistence", "permanent", "ALTER SEQUENCE %o SET LOGGED;"),
    CUSTOM(CLASS_SEQUENCE, "type", alter_sequence),
    CUSTOM(CLASS_SEQUENCE, "start", alter_sequence),
    CUSTOM(CLASS_SEQUENCE, "increment", alter_sequence),
    CUSTOM(CLASS_SEQUENCE, "minimum", alter_sequence),
    CUSTOM(CLASS_SEQUENCE, "maximum", alter_sequence),
    CUSTOM(CLASS_SEQUENCE, "cache", alter_sequence),
    CUSTOM(CLASS_SEQUENCE, "cycle", alter_sequence),

    OWNER(CLASS_TABLE),
    REBUILD(CLASS_TABLE, "kind"),
    REBUILD(CLASS_TABLE, "partition_key"),
    ALTER(CLASS_TABLE, "persistence", "unlogged", "ALTER TABLE %o SET UNLOGGED;", .risks = EXCLUSIVE ";rewrite"),
    ALTER(CLASS_TABLE, "persistence", "permanent", "ALTER TABLE %o SET LOGGED;", .risks = EXCLUSIVE ";rewrite"),
    CUSTOM(CLASS_TABLE, "partition_of", alter_partition, .refers = true, .at_creation = OWN_STEP),
    CUSTOM(CLASS_TABLE, "partition_bound", alter_partition, .refers = true, .at_creation = OWN_STEP),
    CUSTOM(CLASS_TABLE, "inherits", alter_inherits, .refers = true),
    CUSTOM(CLASS_TABLE, "options", alter_options),
    CUSTOM(CLASS_TABLE, "toast_options", alter_options),
    ALTER(CLASS_TABLE, "tablespace", NO_VALUE, "ALTER TABLE %o SET TABLESPACE pg_default;",
          .risks = EXCLUSIVE ";rewrite"),
    ALTER(CLASS_TABLE, "tablespace", ANY_VALUE, "ALTER TABLE %o SET TABLESPACE %i;", .risks = EXCLUSIVE ";rewrite"),
    ALTER(CLASS_TABLE, "access_method", NO_VALUE, "ALTER TABLE %o SET ACCESS METHOD DEFAULT;", .risks = EXCLUSIVE),
    ALTER(CLASS_TABLE, "access_method", ANY_VALUE, "ALTER TABLE %o SET ACCESS METHOD %i;",
          .risks = EXCLUSIVE ";rewrite", .refers = true),
    CUSTOM(CLASS_TABLE, "of_type", alter_of_type, .refers = true, .risks = EXCLUSIVE, SETS),
    ALTER(CLASS_TABLE, "replica_identity", ANY_VALUE, "ALTER TABLE ONLY %o REPLICA IDENTITY %v;", .risks = EXCLUSIVE,
          .timing = TIMING_FINISH, .at_creation = OWN_STEP, .initial = "DEFAULT"),
    ALTER(CLASS_TABLE, "row_security", "true", "ALTER TABLE %o ENABLE ROW LEVEL SECURITY;", SETS, .risks = EXCLUSIVE,
          .initial = "false"),
    ALTER(CLASS_TABLE, "row_security", "false", "ALTER TABLE %o DISABLE ROW LEVEL SECURITY;", SETS, .risks = EXCLUSIVE,
          .initial = "false"),
    ALTER(CLASS_TABLE, "force_row_security", "true", "ALTER TABLE %o FORCE ROW LEVEL SECURITY;", SETS,
          .risks = EXCLUSIVE, .initial = "false"),
    ALTER(CLASS_TABLE, "force_row_security", "false", "ALTER TABLE %o NO FORCE ROW LEVEL SECURITY;", SETS,
          .risks = EXCLUSIVE, .initial = "false"),

    OWNER(CLASS_FOREIGN_TABLE),
    REBUILD(CLASS_FOREIGN_TABLE, "server"),
    CUSTOM(CLASS_FOREIGN_TABLE, "options", alter_foreign_options),
    CUSTOM(CLASS_FOREIGN_TABLE, "partition_of", alter_partition, .refers = true, .at_creation = OWN_STEP),
    CUSTOM(CLASS_FOREIGN_TABLE, "partition_bound", alter_partition, .refers = true, .at_creation = OWN_STEP),
    CUSTOM(CLASS_FOREIGN_TABLE, "inherits", alter_inherits, .refers = true),

    IGNORE(CLASS_COLUMN, "position"), /* ALTER cannot change it, and nothing depends on it */
    CUSTOM(CLASS_COLUMN, "type", alter_column_type, .refers = true, .allowed = column_type_alterable),
    CUSTOM(CLASS_COLUMN, "collation", alter_column_type, .refers = true, .allowed = column_type_alterable),
    CUSTOM(CLASS_COLUMN, "not_null", alter_not_null, .risks = EXCLUSIVE),
    CUSTOM(CLASS_COLUMN, "not_null_name", alter_not_null, .risks = EXCLUSIVE),
    IGNORE(CLASS_COLUMN, "not_null_inherited_name"), /* no ALTER renames what a child inherits */
    CUSTOM(CLASS_COLUMN, "not_null_no_inherit", alter_not_null, .risks = EXCLUSIVE),
    CUSTOM(CLASS_COLUMN, "not_null_validated", alter_not_null, .risks = EXCLUSIVE, .at_creation = OWN_STEP),
    CUSTOM(CLASS_COLUMN, "not_null_comment", alter_not_null_comment, .at_creation = OWN_STEP),
    CUSTOM(CLASS_COLUMN, "identity", alter_identity),
    FOLLOWS(CLASS_COLUMN, "identity_sequence", "identity"),
    CUSTOM(CLASS_COLUMN, "identity_start", alter_identity),
    CUSTOM(CLASS_COLUMN, "identity_increment", alter_identity),
    CUSTOM(CLASS_COLUMN, "identity_minimum", alter_identity),
    CUSTOM(CLASS_COLUMN, "identity_maximum", alter_identity),
    CUSTOM(CLASS_COLUMN, "identity_cache", alter_identity),
    CUSTOM(CLASS_COLUMN, "identity_cycle", alter_identity),
    CUSTOM(CLASS_IDENTITY_SEQUENCE, "sequence_name", alter_sequence_name, .at_creation = IN_CREATE),
    CUSTOM(CLASS_IDENTITY_SEQUENCE, "sequence_type", alter_sequence_type, SETS, .refers = true, .initial = ANY_VALUE),
    CUSTOM(CLASS_COLUMN, "identity_persistence", alter_identity_persistence, .at_creation = OWN_STEP),
    {.class = CLASS_COLUMN,
     .field = "generated",
     .value = NO_VALUE,
     .how = HOW_CUSTOM,
     .custom = drop_generation,
     .allowed = generation_droppable,
     .refers = true,
     .risks = EXCLUSIVE},
    CUSTOM(CLASS_COLUMN, "generated", set_generation, .allowed = generation_settable, .refers = true,
           .at_creation = IN_CREATE),
    {.class = CLASS_COLUMN,
     .field = "generated_kind",
     .value = NO_VALUE,
     .how = HOW_FOLLOWS,
     .leader = "generated",
     .at_creation = IN_CREATE},
    REBUILD(CLASS_COLUMN, "generated_kind"),
    CUSTOM(CLASS_COLUMN, "storage", alter_storage, .risks = EXCLUSIVE, SETS),
    ALTER(CLASS_COLUMN, "compression", NO_VALUE, "ALTER TABLE ONLY %p ALTER COLUMN %n SET COMPRESSION default;",
          .risks = EXCLUSIVE, SETS),
    ALTER(CLASS_COLUMN, "compression", ANY_VALUE, "ALTER TABLE ONLY %p ALTER COLUMN %n SET COMPRESSION %v;",
          .risks = EXCLUSIVE, SETS),
    ALTER(CLASS_COLUMN, "statistics", NO_VALUE, "ALTER TABLE ONLY %p ALTER COLUMN %n SET STATISTICS -1;",
          .risks = SHARE_UPDATE, SETS),
    ALTER(CLASS_COLUMN, "statistics", ANY_VALUE, "ALTER TABLE ONLY %p ALTER COLUMN %n SET STATISTICS %v;",
          .risks = SHARE_UPDATE, SETS),
    CUSTOM(CLASS_COLUMN, "options", alter_options, SETS),
    CUSTOM(CLASS_COLUMN, "foreign_options", alter_foreign_options),
    PARENT(CLASS_COLUMN, "inherited"), /* locality.c */

    ALTER(CLASS_DEFAULT, "expression", ANY_VALUE, "ALTER TABLE ONLY %P ALTER COLUMN %N SET DEFAULT %v;", .refers = true,
          .risks = EXCLUSIVE),

    OWNER(CLASS_VIEW),
    REPLACE(CLASS_VIEW, "definition", view_replaceable),
    CUSTOM(CLASS_VIEW, "options", alter_options),
    FOLLOWS(CLASS_VIEW, "columns", "definition"),

    OWNER(CLASS_MATERIALIZED_VIEW),
    REBUILD(CLASS_MATERIALIZED_VIEW, "definition"),
    CUSTOM(CLASS_MATERIALIZED_VIEW, "options", alter_options),
    CUSTOM(CLASS_MATERIALIZED_VIEW, "toast_options", alter_options),
    ALTER(CLASS_MATERIALIZED_VIEW, "tablespace", NO_VALUE, "ALTER MATERIALIZED VIEW %o SET TABLESPACE pg_default;",
          .risks = EXCLUSIVE ";rewrite"),
    ALTER(CLASS_MATERIALIZED_VIEW, "tablespace", ANY_VALUE, "ALTER MATERIALIZED VIEW %o SET TABLESPACE %i;",
          .risks = EXCLUSIVE ";rewrite"),
    ALTER(CLASS_MATERIALIZED_VIEW, "access_method", ANY_VALUE, "ALTER MATERIALIZED VIEW %o SET ACCESS METHOD %i;",
          .risks = EXCLUSIVE ";rewrite", .refers = true),
    CUSTOM(CLASS_MATERIALIZED_VIEW, "populated", refresh, .timing = TIMING_FINISH, .at_creation = OWN_STEP,
           .initial = "false", .refers = true),
    DEPENDS_ON_EXTENSIONS(CLASS_MATERIALIZED_VIEW),
    CUSTOM(CLASS_VIEW_COLUMN, "storage", alter_storage, .risks = EXCLUSIVE, SETS),
    ALTER(CLASS_VIEW_COLUMN, "compression", NO_VALUE,
          "ALTER MATERIALIZED VIEW %p ALTER COLUMN %n SET COMPRESSION default;", .risks = EXCLUSIVE, SETS),
    ALTER(CLASS_VIEW_COLUMN, "compression", ANY_VALUE, "ALTER MATERIALIZED VIEW %p ALTER COLUMN %n SET COMPRESSION %v;",
          .risks = EXCLUSIVE, SETS),
    ALTER(CLASS_VIEW_COLUMN, "statistics", NO_VALUE, "ALTER MATERIALIZED VIEW %p ALTER COLUMN %n SET STATISTICS -1;",
          .risks = SHARE_UPDATE, SETS),
    ALTER(CLASS_VIEW_COLUMN, "statistics", ANY_VALUE, "ALTER MATERIALIZED VIEW %p ALTER COLUMN %n SET STATISTICS %v;",
          .risks = SHARE_UPDATE, SETS),
    CUSTOM(CLASS_VIEW_COLUMN, "options", alter_options, SETS),

    CUSTOM(CLASS_CONSTRAINT, "definition", alter_constraint, .refers = true, .allowed = constraint_alterable),
    FOLLOWS(CLASS_CONSTRAINT, "type", "definition"),
    FOLLOWS(CLASS_CONSTRAINT, "deferrable", "definition"),
    FOLLOWS(CLASS_CONSTRAINT, "deferred", "definition"),
    FOLLOWS(CLASS_CONSTRAINT, "validated", "definition"),
    FOLLOWS(CLASS_CONSTRAINT, "no_inherit", "definition"),
    PARENT(CLASS_CONSTRAINT, "inherited"), /* locality.c */
    CUSTOM(CLASS_CONSTRAINT, "parent_constraint", attach_index, .at_creation = OWN_STEP, .allowed = index_attachable),
    CUSTOM(CLASS_CONSTRAINT, "index_options", alter_options, SETS),
    CUSTOM(CLASS_CONSTRAINT, "index_tablespace", alter_index_tablespace, SETS),
    CUSTOM(CLASS_CONSTRAINT, "clustered", alter_clustered, SETS, .initial = "false"),
    CUSTOM(CLASS_CONSTRAINT, "index_comment", alter_index_comment, SETS),

    FOLLOWS(CLASS_INDEX, "definition", "structure"), /* structure and options say the same, apart */
    {.class = CLASS_INDEX,
     .field = "structure",
     .value = ANY_VALUE,
     .how = HOW_REBUILD,
     .allowed = same_index_structure, /* only the name differs, which is altered: see rename.c */
     .refers = true,
     .at_creation = IN_CREATE},
    CUSTOM(CLASS_INDEX, "options", alter_options),
    CUSTOM(CLASS_INDEX, "tablespace", alter_index_tablespace, SETS),
    CUSTOM(CLASS_INDEX, "clustered", alter_clustered, SETS, .initial = "false"),
    IGNORE(CLASS_INDEX, "valid"),
    CUSTOM(CLASS_INDEX, "parent_index", attach_index, .at_creation = OWN_STEP, .allowed = index_attachable),
    CUSTOM(CLASS_INDEX, "statistics", alter_index_statistics, SETS),

    DEPENDS_ON_EXTENSIONS(CLASS_INDEX),

    DEFINITION(CLASS_STATISTICS),
    ALTER(CLASS_STATISTICS, "statistics", NO_VALUE, "ALTER STATISTICS %o SET STATISTICS -1;", SETS),
    ALTER(CLASS_STATISTICS, "statistics", ANY_VALUE, "ALTER STATISTICS %o SET STATISTICS %v;", SETS),

    REBUILD(CLASS_RULE, "definition"),
    ENABLED(CLASS_RULE, "RULE", EXCLUSIVE),

    REBUILD(CLASS_TRIGGER, "definition"),
    DEPENDS_ON_EXTENSIONS(CLASS_TRIGGER),
    ENABLED(CLASS_TRIGGER, "TRIGGER", "lock:SHARE ROW EXCLUSIVE"),
    IGNORE(CLASS_TRIGGER, "cloned"),

    REBUILD(CLASS_POLICY, "permissive"),
    REBUILD(CLASS_POLICY, "command"),
    CUSTOM(CLASS_POLICY, "roles", alter_policy, .risks = EXCLUSIVE),
    CUSTOM(CLASS_POLICY, "using", alter_policy, .risks = EXCLUSIVE, .refers = true, .allowed = policy_alterable),
    CUSTOM(CLASS_POLICY, "check", alter_policy, .risks = EXCLUSIVE, .refers = true, .allowed = policy_alterable),

    DEFINITION(CLASS_EVENT_TRIGGER),
    ALTER(CLASS_EVENT_TRIGGER, "enabled", "origin", "ALTER EVENT TRIGGER %o ENABLE;", SETS, .initial = "origin",
          .timing = TIMING_FINISH),
    ALTER(CLASS_EVENT_TRIGGER, "enabled", "disabled", "ALTER EVENT TRIGGER %o DISABLE;", SETS, .initial = "origin"),
    ALTER(CLASS_EVENT_TRIGGER, "enabled", "replica", "ALTER EVENT TRIGGER %o ENABLE REPLICA;", SETS,
          .initial = "origin", .timing = TIMING_FINISH),
    ALTER(CLASS_EVENT_TRIGGER, "enabled", "always", "ALTER EVENT TRIGGER %o ENABLE ALWAYS;", SETS, .initial = "origin",
          .timing = TIMING_FINISH),

    OWNER(CLASS_PUBLICATION),
    REBUILD(CLASS_PUBLICATION, "all_tables"),
    ALTER(CLASS_PUBLICATION, "generated_columns", NO_VALUE,
          "ALTER PUBLICATION %o SET (publish_generated_columns = none);", SETS),
    ALTER(CLASS_PUBLICATION, "generated_columns", ANY_VALUE,
          "ALTER PUBLICATION %o SET (publish_generated_columns = stored);", SETS),
    ALTER(CLASS_PUBLICATION, "publish", ANY_VALUE, "ALTER PUBLICATION %o SET (publish = %l);"),
    ALTER(CLASS_PUBLICATION, "via_partition_root", ANY_VALUE,
          "ALTER PUBLICATION %o SET (publish_via_partition_root = %v);"),
    NEVER(CLASS_PUBLICATION_TABLE, "table"),
    REBUILD(CLASS_PUBLICATION_TABLE, "columns"),
    REBUILD(CLASS_PUBLICATION_TABLE, "row_filter"),

    OWNER(CLASS_SUBSCRIPTION),
    ALTER(CLASS_SUBSCRIPTION, "enabled", "true", "ALTER SUBSCRIPTION %o ENABLE;", .timing = TIMING_FINISH),
    ALTER(CLASS_SUBSCRIPTION, "enabled", "false", "ALTER SUBSCRIPTION %o DISABLE;"),
    CUSTOM(CLASS_SUBSCRIPTION, "publications", alter_subscription_publications),
    ALTER(CLASS_SUBSCRIPTION, "slot_name", NO_VALUE, "ALTER SUBSCRIPTION %o SET (slot_name = NONE);"),
    ALTER(CLASS_SUBSCRIPTION, "slot_name", ANY_VALUE, "ALTER SUBSCRIPTION %o SET (slot_name = %l);"),
    ALTER(CLASS_SUBSCRIPTION, "binary", ANY_VALUE, "ALTER SUBSCRIPTION %o SET (binary = %v);"),
    ALTER(CLASS_SUBSCRIPTION, "streaming", ANY_VALUE, "ALTER SUBSCRIPTION %o SET (streaming = %v);"),
    ALTER(CLASS_SUBSCRIPTION, "synchronous_commit", ANY_VALUE, "ALTER SUBSCRIPTION %o SET (synchronous_commit = %l);"),
    CUSTOM(CLASS_SUBSCRIPTION, "two_phase", keep_slot_options),
    CUSTOM(CLASS_SUBSCRIPTION, "failover", keep_slot_options),
    ALTER(CLASS_SUBSCRIPTION, "disable_on_error", ANY_VALUE, "ALTER SUBSCRIPTION %o SET (disable_on_error = %v);"),
    ALTER(CLASS_SUBSCRIPTION, "origin", NO_VALUE, "ALTER SUBSCRIPTION %o SET (origin = any);", SETS),
    ALTER(CLASS_SUBSCRIPTION, "origin", ANY_VALUE, "ALTER SUBSCRIPTION %o SET (origin = %l);", SETS),
    ALTER(CLASS_SUBSCRIPTION, "password_required", NO_VALUE, "ALTER SUBSCRIPTION %o SET (password_required = true);",
          SETS),
    ALTER(CLASS_SUBSCRIPTION, "password_required", ANY_VALUE, "ALTER SUBSCRIPTION %o SET (password_required = %v);",
          SETS),
    ALTER(CLASS_SUBSCRIPTION, "run_as_owner", NO_VALUE, "ALTER SUBSCRIPTION %o SET (run_as_owner = false);", SETS),
    ALTER(CLASS_SUBSCRIPTION, "run_as_owner", ANY_VALUE, "ALTER SUBSCRIPTION %o SET (run_as_owner = %v);", SETS),

    CUSTOM(CLASS_COMMENT, "text", alter_comment),

    NEVER(CLASS_SECURITY_LABEL, "provider"),
    ALTER(CLASS_SECURITY_LABEL, "label", ANY_VALUE, "SECURITY LABEL FOR %{provider} ON %K %p IS %l;"),
    CUSTOM(CLASS_GRANT, "privileges", alter_grant, .allowed = grant_alterable),
    NEVER(CLASS_GRANT, "grantee"),
    REBUILD(CLASS_GRANT, "of_owner"), /* another one owns the object now */
    NEVER(CLASS_GRANT, "grantor"),
};

static const struct class_rule class_rules[CLASS_COUNT] = {
    [CLASS_SCHEMA] = {.create = create_schema, .drop = "DROP SCHEMA %o;", .drop_risks = "destructive"},
    [CLASS_EXTENSION] = {.create = create_extension,
                         .drop = "DROP EXTENSION %n;",
                         .drop_risks = "destructive",
                         .precious = true},
    [CLASS_EXTENSION_GRANT] = {.create = create_listed_grant, .drop_custom = drop_listed_grant},
    [CLASS_DEFAULT_PRIVILEGES] = {.create = create_listed_grant,
                                  .drop_custom = drop_listed_grant,
                                  .create_timing = TIMING_FINISH},
    [CLASS_LANGUAGE] = {.create = create_definition, .drop = "DROP LANGUAGE %o;"},
    [CLASS_SHELL_TYPE] = {.create = create_base_type, .drop = "DROP TYPE %o;"},
    [CLASS_BASE_TYPE] = {.create = create_base_type, .drop = "DROP TYPE %o;"},
    [CLASS_ENUM] = {.create = create_enum, .drop = "DROP TYPE %o;"},
    [CLASS_ENUM_LABEL] = {.with_parent = true},
    [CLASS_DOMAIN] = {.create = create_domain, .drop = "DROP DOMAIN %o;"},
    [CLASS_COMPOSITE_TYPE] = {.create = create_composite_type, .drop = "DROP TYPE %o;"},
    [CLASS_ATTRIBUTE] = {.create = create_attribute,
                         .drop = "ALTER TYPE %p DROP ATTRIBUTE %n;",
                         .drop_risks = "destructive"},
    [CLASS_RANGE_TYPE] = {.create = create_definition, .drop = "DROP TYPE %o;"},
    [CLASS_COLLATION] = {.create = create_definition, .drop = "DROP COLLATION %o;"},
    [CLASS_FUNCTION] = {.create = create_function, .drop = "DROP FUNCTION %o;"},
    [CLASS_PROCEDURE] = {.create = create_function, .drop = "DROP PROCEDURE %o;"},
    [CLASS_AGGREGATE] = {.create = create_definition, .drop = "DROP AGGREGATE %o;"},
    [CLASS_OPERATOR] = {.create = create_definition, .drop = "DROP OPERATOR %o;"},
    [CLASS_OPERATOR_FAMILY] = {.create = create_operator_family, .drop = "DROP OPERATOR FAMILY %o;"},
    [CLASS_OPERATOR_CLASS] = {.create = create_definition, .drop = "DROP OPERATOR CLASS %o;"},
    [CLASS_OPERATOR_FAMILY_MEMBER] = {.create = create_family_member, .drop_custom = drop_family_member},
    [CLASS_CAST] = {.create = create_definition, .drop = "DROP CAST %o;"},
    [CLASS_TRANSFORM] = {.create = create_definition, .drop = "DROP TRANSFORM %o;"},
    [CLASS_CONVERSION] = {.create = create_definition, .drop = "DROP CONVERSION %o;"},
    [CLASS_ACCESS_METHOD] = {.create = create_definition, .drop = "DROP ACCESS METHOD %o;"},
    [CLASS_TEXT_SEARCH_PARSER] = {.create = create_definition, .drop = "DROP TEXT SEARCH PARSER %o;"},
    [CLASS_TEXT_SEARCH_TEMPLATE] = {.create = create_definition, .drop = "DROP TEXT SEARCH TEMPLATE %o;"},
    [CLASS_TEXT_SEARCH_DICTIONARY] = {.create = create_text_search_dictionary,
                                      .drop = "DROP TEXT SEARCH DICTIONARY %o;"},
    [CLASS_TEXT_SEARCH_CONFIGURATION] = {.create = create_text_search_configuration,
                                         .drop = "DROP TEXT SEARCH CONFIGURATION %o;"},
    [CLASS_TEXT_SEARCH_MAPPING] = {.create = create_text_search_mapping,
                                   .drop = "ALTER TEXT SEARCH CONFIGURATION %p DROP MAPPING FOR %n;"},
    [CLASS_FOREIGN_DATA_WRAPPER] = {.create = create_foreign_data_wrapper, .drop = "DROP FOREIGN DATA WRAPPER %o;"},
    [CLASS_SERVER] = {.create = create_server, .drop = "DROP SERVER %o;"},
    [CLASS_USER_MAPPING] = {.create = create_user_mapping, .drop_custom = drop_user_mapping},
    [CLASS_SEQUENCE] = {.create = create_sequence, .drop = "DROP SEQUENCE %o;", .drop_risks = "destructive"},
    [CLASS_TABLE] = {.create = create_table,
                     .drop = "DROP TABLE %o;",
                     .drop_risks = "destructive;" EXCLUSIVE,
                     .precious = true},
    [CLASS_FOREIGN_TABLE] = {.create = create_table, .drop = "DROP FOREIGN TABLE %o;"},
    [CLASS_COLUMN] = {.create = create_column,
                      .drop_custom = drop_column,
                      .create_risks = EXCLUSIVE,
                      .drop_risks = "destructive;" EXCLUSIVE,
                      .precious = true},
    [CLASS_IDENTITY_SEQUENCE] = {.create = create_identity_sequence,
                                 .drop = "ALTER TABLE %P ALTER COLUMN %N DROP IDENTITY;",
                                 .create_timing = TIMING_AFTER,
                                 .create_risks = EXCLUSIVE,
                                 .drop_risks = EXCLUSIVE,
                                 .attribute = true},
    [CLASS_DEFAULT] = {.create = create_default,
                       .drop = "ALTER TABLE ONLY %P ALTER COLUMN %N DROP DEFAULT;",
                       .create_risks = EXCLUSIVE,
                       .drop_risks = EXCLUSIVE,
                       .attribute = true},
    [CLASS_VIEW] = {.create = create_view, .drop = "DROP VIEW %o;"},
    [CLASS_MATERIALIZED_VIEW] = {.create = create_materialized_view, .drop = "DROP MATERIALIZED VIEW %o;"},
    [CLASS_VIEW_COLUMN] = {.with_parent = true},
    [CLASS_CONSTRAINT] = {.create = create_constraint,
                          .drop_custom = drop_constraint,
                          .create_timing = TIMING_AFTER,
                          .drop_risks = EXCLUSIVE},
    [CLASS_INDEX] = {.create = create_index,
                     .drop = "DROP INDEX %o;",
                     .create_timing = TIMING_AFTER,
                     .create_risks = "lock:SHARE;scan",
                     .drop_risks = EXCLUSIVE},
    [CLASS_STATISTICS] = {.create = create_definition,
                          .drop = "DROP STATISTICS %o;",
                          .create_risks = SHARE_UPDATE,
                          .drop_risks = SHARE_UPDATE},
    [CLASS_RULE] = {.create = create_rule,
                    .drop = "DROP RULE %n ON %p;",
                    .create_timing = TIMING_AFTER,
                    .create_risks = EXCLUSIVE,
                    .drop_risks = EXCLUSIVE},
    [CLASS_TRIGGER] = {.create = create_trigger,
                       .drop_custom = drop_trigger,
                       .create_timing = TIMING_AFTER,
                       .create_risks = "lock:SHARE ROW EXCLUSIVE",
                       .drop_risks = EXCLUSIVE},
    [CLASS_POLICY] = {.create = create_policy,
                      .drop = "DROP POLICY %n ON %p;",
                      .create_risks = EXCLUSIVE,
                      .drop_risks = EXCLUSIVE},
    [CLASS_EVENT_TRIGGER] = {.create = create_definition,
                             .drop = "DROP EVENT TRIGGER %o;",
                             .create_timing = TIMING_FINISH},
    /* What is published must have a replica identity before its rows change. */
    [CLASS_PUBLICATION] = {.create = create_publication, .drop = "DROP PUBLICATION %o;", .create_timing = TIMING_AFTER},
    [CLASS_PUBLICATION_TABLE] = {.create = create_publication_table,
                                 .drop = "ALTER PUBLICATION %p DROP TABLE ONLY %{table};",
                                 .create_timing = TIMING_AFTER},
    [CLASS_PUBLICATION_SCHEMA] = {.create = create_publication_schema,
                                  .drop = "ALTER PUBLICATION %p DROP TABLES IN SCHEMA %n;",
                                  .create_timing = TIMING_AFTER},
    [CLASS_SUBSCRIPTION] = {.create = create_subscription, .drop_custom = drop_subscription},
    [CLASS_COMMENT] = {.create = create_comment, .drop_custom = drop_comment, .attribute = true},
    [CLASS_SECURITY_LABEL] = {.create = create_security_label, .drop_custom = drop_security_label, .attribute = true},
    [CLASS_GRANT] = {.create = create_grant, .drop_custom = drop_grant},
};

const struct rule *rule_table(size_t *count)
{
    *count = sizeof rules / sizeof rules[0];
    return rules;
}

const struct rule *rule_find(enum object_class class, const char *field, const char *value)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const struct rule *rule = &rules[i];

        if (rule->class != class || strcmp(rule->field, field) != 0)
            continue;
        if (rule->value == ANY_VALUE ||
            (rule->value == NO_VALUE ? value == NULL : value != NULL && strcmp(rule->value, value) == 0))
            return rule;
    }
    return NULL;
}

const struct class_rule *class_rule(enum object_class class)
{
    const struct class_rule *rule = &class_rules[class];

    return rule->create != NULL || rule->with_parent ? rule : NULL;
}
