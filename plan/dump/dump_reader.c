/* Makes a catalog from what pg_dump writes. */
#include "plan/dump/dump_reader.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "plan/dump/entries.h"
#include "plan/dump/rest.h"
#include "plan/dump/run.h"
#include "plan/dump/sql.h"

/* What is read first: objects that stand on their own or on tables; then what belongs to any object. */
enum pass { OBJECTS, TABLE_PARTS, SATELLITES, IGNORED };

static const struct {
    const char *description;
    enum pass pass;
    entry_parser parse;
} parsers[] = {
    {"SCHEMA", OBJECTS, parse_schema},
    {"PROCEDURAL LANGUAGE", OBJECTS, parse_language},
    {"ACCESS METHOD", OBJECTS, parse_access_method},
    {"TYPE", OBJECTS, parse_type},
    {"DOMAIN", OBJECTS, parse_domain},
    {"COLLATION", OBJECTS, parse_collation},
    {"CONVERSION", OBJECTS, parse_conversion},
    {"FUNCTION", OBJECTS, parse_function},
    {"PROCEDURE", OBJECTS, parse_function},
    {"AGGREGATE", OBJECTS, parse_aggregate},
    {"OPERATOR", OBJECTS, parse_operator},
    {"OPERATOR FAMILY", OBJECTS, parse_operator_family},
    {"OPERATOR CLASS", OBJECTS, parse_operator_class},
    {"CAST", OBJECTS, parse_cast},
    {"TRANSFORM", OBJECTS, parse_transform},
    {"TEXT SEARCH PARSER", OBJECTS, parse_text_search_parser},
    {"TEXT SEARCH TEMPLATE", OBJECTS, parse_text_search_template},
    {"TEXT SEARCH DICTIONARY", OBJECTS, parse_text_search_dictionary},
    {"TEXT SEARCH CONFIGURATION", OBJECTS, parse_text_search_configuration},
    {"FOREIGN DATA WRAPPER", OBJECTS, parse_foreign_data_wrapper},
    {"SERVER", OBJECTS, parse_server},
    {"FOREIGN SERVER", OBJECTS, parse_server},
    {"USER MAPPING", OBJECTS, parse_user_mapping},
    {"TABLE", OBJECTS, parse_table},
    {"FOREIGN TABLE", OBJECTS, parse_table},
    {"SEQUENCE", OBJECTS, parse_sequence},
    {"VIEW", OBJECTS, parse_view},
    {"MATERIALIZED VIEW", OBJECTS, parse_materialized_view},
    {"EVENT TRIGGER", OBJECTS, parse_event_trigger},
    {"PUBLICATION", OBJECTS, parse_publication},
    {"TABLE ATTACH", TABLE_PARTS, parse_table_attach},
    {"CONSTRAINT", TABLE_PARTS, parse_constraint},
    {"CHECK CONSTRAINT", TABLE_PARTS, parse_constraint},
    {"FK CONSTRAINT", TABLE_PARTS, parse_constraint},
    {"INDEX", TABLE_PARTS, parse_index},
    {"STATISTICS", TABLE_PARTS, parse_statistics},
    {"RULE", TABLE_PARTS, parse_rule},
    {"TRIGGER", TABLE_PARTS, parse_trigger},
    {"POLICY", TABLE_PARTS, parse_policy},
    {"ROW SECURITY", TABLE_PARTS, parse_row_security},
    {"SEQUENCE OWNED BY", TABLE_PARTS, parse_sequence_owned_by},
    {"PUBLICATION TABLE", TABLE_PARTS, parse_publication_table},
    {"PUBLICATION TABLES IN SCHEMA", TABLE_PARTS, parse_publication_schema},
    {"INDEX ATTACH", SATELLITES, parse_index_attach},
    {"DEFAULT", SATELLITES, parse_default},
    {"COMMENT", SATELLITES, parse_comment},
    {"SECURITY LABEL", SATELLITES, parse_security_label},
    {"ACL", SATELLITES, parse_acl},
    {"DEFAULT ACL", SATELLITES, parse_default_acl},
    {"DATABASE", IGNORED, NULL},
    {"DATABASE PROPERTIES", IGNORED, NULL},
    {"ENCODING", IGNORED, NULL},
    {"STDSTRINGS", IGNORED, NULL},
    {"SEARCHPATH", IGNORED, NULL},
    {"SHELL TYPE", IGNORED, NULL}, /* of a base or range type; one of its own is a TYPE */
    {"EXTENSION", IGNORED, NULL},  /* these two are read from the server */
    {"SUBSCRIPTION", IGNORED, NULL},
    {"BLOB", IGNORED, NULL}, /* counted by uncovered.sql */
    {"BLOBS", IGNORED, NULL},
    {"BLOB METADATA", IGNORED, NULL},
    {"TABLE DATA", IGNORED, NULL},
    {"SEQUENCE SET", IGNORED, NULL},
    {"MATERIALIZED VIEW DATA", IGNORED, NULL},
    {"STATISTICS DATA", IGNORED, NULL},
};

static bool find_parser(const char *description, size_t *parser)
{
    for (*parser = 0; *parser < array_length(parsers); ++*parser)
        if (strcmp(parsers[*parser].description, description) == 0)
            return true;
    return false;
}

/* Comments and grants may be left out. */
static bool is_wanted(const struct dump *dump, const char *description)
{
    const struct catalog_options *options = dump->reading->options;

    if (strcmp(description, "COMMENT") == 0)
        return options->comments;
    if (strcmp(description, "ACL") == 0 || strcmp(description, "DEFAULT ACL") == 0)
        return options->privileges;
    return true;
}

static bool parse_entry(struct dump *dump, const struct archive_entry *archive, entry_parser parse, struct error *err)
{
    struct entry entry = {.dump = dump, .archive = archive};

    if (!dump_tokens_read(dump->arena, archive->definition, &entry.cursor))
        return unexpected(&entry, err);
    if (!parse(&entry, err))
        return false;
    if (entry.object == NULL)
        return true;
    map_add(&dump->objects, arena_format(dump->arena, "%u", archive->dump_id), entry.object);
    if (archive->object != 0)
        addresses_add(&dump->reading->addresses, (struct address){archive->class, archive->object, 0}, entry.object);
    return true;
}

static bool parse_pass(struct dump *dump, enum pass pass, struct error *err)
{
    for (size_t i = 0; i < dump->archive.entry_count; i++) {
        const struct archive_entry *archive = &dump->archive.entries[i];
        size_t parser;
        if (!find_parser(archive->description, &parser)) {
            error_set(err, ERROR_REFUSED, "pg_dump's archive has an entry of an unknown kind: %s %s",
                      archive->description, archive->tag);
            return error_hint(err, "Leave out --schema-source=pgdump.");
        }
        if (parsers[parser].pass == pass && is_wanted(dump, archive->description) &&
            !parse_entry(dump, archive, parsers[parser].parse, err))
            return false;
    }
    return true;
}

/* The names of the chosen schemas, for pg_dump's --schema; none where the whole database is chosen. */
static bool list_schemas(struct dump *dump, const char *const **names, size_t *count, struct error *err)
{
    cleanup(result_clear) PGresult *result = NULL;

    *count = 0;
    if (!connection_query(dump->reading->connection, sql_schemas, 0, NULL, &result, err))
        return false;
    const char **list = arena_allocate(dump->arena, (size_t)PQntuples(result) + 1, sizeof *list);
    for (int row = 0; row < PQntuples(result); row++)
        list[(*count)++] = arena_string(dump->arena, PQgetvalue(result, row, 0));
    *names = list;
    return true;
}

/* The tables to name to pg_dump: those that are chosen, where tables are, else those that are left out. */
static bool list_tables(struct dump *dump, struct dump_request *request, struct error *err)
{
    const struct selection *selection = &dump->reading->options->selection;
    cleanup(result_clear) PGresult *result = NULL;

    request->tables_only = selection->table_count > 0;
    if (selection->table_count + selection->excluded_count == 0)
        return true;
    if (!connection_query(dump->reading->connection, sql_relations, 0, NULL, &result, err))
        return false;
    const char **names = arena_allocate(dump->arena, 2 * (size_t)PQntuples(result), sizeof *names);
    for (int row = 0; row < PQntuples(result); row++) {
        if ((strcmp(PQgetvalue(result, row, 2), "t") == 0) != request->tables_only)
            continue;
        names[2 * request->table_count] = arena_string(dump->arena, PQgetvalue(result, row, 0));
        names[2 * request->table_count + 1] = arena_string(dump->arena, PQgetvalue(result, row, 1));
        request->table_count++;
    }
    request->tables = names;
    return true;
}

static bool run(struct dump *dump, const char *program, const char *snapshot, bool *empty, struct error *err)
{
    cleanup(text_free) struct text output = {0};
    struct dump_request request = {.program = program, .snapshot = snapshot};

    if (!list_tables(dump, &request, err))
        return false;
    if (!selection_is_everything(&dump->reading->options->selection) && !request.tables_only &&
        !list_schemas(dump, &request.schemas, &request.schema_count, err))
        return false;
    /* No name at all would mean everything to pg_dump. */
    *empty = request.tables_only
                 ? request.table_count == 0
                 : !selection_is_everything(&dump->reading->options->selection) && request.schema_count == 0;
    return *empty || (dump_run(dump->reading->connection, &request, &output, err) &&
                      archive_read(dump->arena, output.data, output.length, &dump->archive, err));
}

static bool read_entries(struct dump *dump, struct error *err)
{
    struct reading *reading = dump->reading;

    return rest_read_columns(dump, err) && rest_read_views(dump, err) && rest_read_identity_types(dump, err) &&
           parse_pass(dump, OBJECTS, err) && parse_pass(dump, TABLE_PARTS, err) &&
           reading_class(reading, CLASS_VIEW_COLUMN, err) && reading_class(reading, CLASS_EXTENSION, err) &&
           reading_class(reading, CLASS_SUBSCRIPTION, err) &&
           reading_query(reading, CLASS_SCHEMA, sql_initial_schema, err) && rest_read_constraints(dump, err) &&
           rest_read_domains(dump, err) && rest_check_indexes(dump, err) && rest_read_user_mappings(dump, err) &&
           parse_pass(dump, SATELLITES, err) && reading_query(reading, CLASS_COMMENT, sql_initial_comment, err) &&
           reading_query(reading, CLASS_GRANT, sql_initial_grant, err) &&
           reading_class(reading, CLASS_EXTENSION_GRANT, err) &&
           reading_class(reading, CLASS_OPERATOR_FAMILY_MEMBER, err) &&
           (!reading->options->privileges || add_default_grants(dump, err));
}

static void dump_end(struct dump *dump)
{
    map_free(&dump->objects);
    map_free(&dump->columns);
    map_free(&dump->views);
    map_free(&dump->identity_types);
    map_free(&dump->granted);
    map_free(&dump->constraint_indexes);
}

bool dump_read(struct connection *connection, const char *program, const char *snapshot,
               const struct catalog_options *options, struct catalog **catalog, struct error *err)
{
    cleanup(reading_end) struct reading reading = {0};
    cleanup(dump_end) struct dump dump = {.reading = &reading};
    bool empty = false;

    if (!reading_begin(&reading, connection, options, err))
        return false;
    dump.catalog = reading.catalog;
    dump.arena = reading.catalog->arena;
    return run(&dump, program, snapshot, &empty, err) && (empty || read_entries(&dump, err)) &&
           reading_finish(&reading, catalog, err);
}
