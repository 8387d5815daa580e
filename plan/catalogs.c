/* Reads the catalogs of both databases at once, and lists their tables. */
#include "plan/catalogs.h"

#include "common/memory.h"
#include "common/text.h"
#include "plan/both.h"
#include "plan/dump/dump_reader.h"

#include <malloc.h>

/* The option and the pattern, in selection_match()'s order. */
static void append_pattern(struct text *lines, const struct selection *selection, size_t number)
{
    size_t excluded = selection->table_count, schemas = excluded + selection->excluded_count;
    const char *option = number < excluded ? "--table" : number < schemas ? "--exclude-table" : "--schema";
    const char *pattern = number < excluded  ? selection->tables[number]
                          : number < schemas ? selection->excluded[number - excluded]
                                             : selection->schemas[number - schemas];

    text_appendf(lines, "%s%s %s", lines->length > 0 ? "\n" : "", option, pattern);
}

bool selection_check(struct database *main, struct database *standin, const struct selection *selection,
                     struct error *err)
{
    size_t tables = selection->table_count + selection->excluded_count, count = tables + selection->schema_count;
    cleanup(text_free) struct text lines = {0};

    bool *matched = allocate(count, sizeof *matched);
    bool good = selection_match(&main->connections[0], selection, matched, err) &&
                selection_match(&standin->connections[0], selection, matched, err);
    for (size_t i = 0; good && i < tables; i++)
        if (!matched[i])
            append_pattern(&lines, selection, i);
    bool of_tables = lines.length > 0;
    /* With --table, schemas are where it looks; and '*' is right where there is none. */
    for (size_t i = tables; good && i < count && selection->table_count == 0; i++)
        if (!matched[i] && strcmp(selection->schemas[i - tables], "*") != 0)
            append_pattern(&lines, selection, i);
    free(matched);
    if (!good || lines.length == 0)
        return good;
    error_set(err, ERROR_REFUSED, "no %s of main or of the stand-in matches", of_tables ? "table" : "schema");
    error_detail(err, "%s", lines.data);
    if (!of_tables)
        return error_hint(err, "Letters fold to lower case outside of double quotes. --schema='*' is every schema.");
    return error_hint(err,
                      "Without a schema in the pattern, the table must be in one that --schema chooses (public, where "
                      "it is not given).");
}

static bool is_partition(const struct outside *outside, const struct object *table)
{
    return outside->needs && outside->object == table && outside->partition_of != NULL &&
           strcmp(outside->partition_of, table->identity) == 0;
}

void warn_of_partitions(const struct catalog *main, struct string_list *warnings)
{
    /* What lies outside is by the number of the object that it is tied to. */
    for (size_t i = 0, end; i < main->outside_count; i = end) {
        const struct object *table = main->outside[i].object;
        const char *example = NULL;
        size_t count = 0;

        for (end = i; end < main->outside_count && main->outside[end].object == table; end++)
            if (is_partition(&main->outside[end], table) && count++ == 0)
                example = main->outside[end].identity;
        if (count == 0)
            continue;
        cleanup(free_string) char *warning =
            format_string("%s has %zu partition(s) that are not chosen, such as %s: rows in them are not compared",
                          table->identity, count, example);
        string_list_add(warnings, warning);
    }
}

struct reading_side {
    struct database *database;
    const struct catalog_options *options;
    const char *pgdump;
    struct catalog **catalog, **dump;
    struct table_list *tables;       /* NULL: not listed */
    struct catalog_entries *entries; /* NULL: the catalog may change yet */
};

static bool read_side(void *context, struct error *err)
{
    const struct reading_side *side = context;
    struct connection *connection = &side->database->connections[0];

    if (!catalog_read(connection, side->options, side->catalog, err))
        return false;
    if (side->entries != NULL)
        catalog_entries_write_base(side->entries, *side->catalog);
    return (side->tables == NULL ||
            table_list_read(connection, &side->options->selection, *side->catalog, side->tables, err)) &&
           (side->pgdump == NULL ||
            dump_read(connection, side->pgdump, side->database->identity.snapshot, side->options, side->dump, err));
}

bool catalogs_read(struct database *main, struct database *standin, const struct catalog_options *options,
                   const char *pgdump, bool list_tables, struct catalog_entries *entries, struct catalogs *catalogs,
                   struct error *err)
{
    struct reading_side of_main = {.database = main,
                                   .options = options,
                                   .pgdump = pgdump,
                                   .catalog = &catalogs->main,
                                   .dump = &catalogs->main_dump,
                                   .tables = list_tables ? &catalogs->main_tables : NULL};
    struct reading_side of_standin = {.database = standin,
                                      .options = options,
                                      .pgdump = pgdump,
                                      .catalog = &catalogs->standin,
                                      .dump = &catalogs->standin_dump,
                                      .tables = list_tables ? &catalogs->standin_tables : NULL,
                                      .entries = entries};
    bool read = run_both(read_side, &of_main, &of_standin, err);

    malloc_trim(0); /* the results of queries were large, and what follows needs their room */
    return read;
}

void catalogs_free(struct catalogs *catalogs)
{
    catalog_free(catalogs->main);
    catalog_free(catalogs->standin);
    catalog_free(catalogs->main_dump);
    catalog_free(catalogs->standin_dump);
    table_list_free(&catalogs->main_tables);
    table_list_free(&catalogs->standin_tables);
}
