/* Reads the catalogs of both databases at once. */
#include "plan/catalogs.h"

#include "common/memory.h"
#include "common/text.h"
#include "plan/both.h"
#include "plan/dump/dump_reader.h"

#include <malloc.h>

bool selection_check(struct database *main, struct database *standin, const struct selection *selection,
                     struct error *err)
{
    size_t count = selection->table_count + selection->excluded_count;
    cleanup(text_free) struct text lines = {0};

    if (count == 0)
        return true;
    bool *matched = allocate(count, sizeof *matched);
    bool good = selection_match(&main->connections[0], selection, matched, err) &&
                selection_match(&standin->connections[0], selection, matched, err);
    for (size_t i = 0; good && i < count; i++)
        if (!matched[i])
            text_appendf(&lines, "%s%s %s", lines.length > 0 ? "\n" : "",
                         i < selection->table_count ? "--table" : "--exclude-table",
                         i < selection->table_count ? selection->tables[i]
                                                    : selection->excluded[i - selection->table_count]);
    free(matched);
    if (!good || lines.length == 0)
        return good;
    error_set(err, ERROR_REFUSED, "no table of main or of the stand-in matches");
    error_detail(err, "%s", lines.data);
    return error_hint(err,
                      "Without a schema in the pattern, the table must be in one that --schema chooses (public, where "
                      "it is not given).");
}

static bool is_partition(const struct outside *outside, const struct object *table)
{
    return outside->needs && outside->object == table &&
           (strcmp(outside->type, "table") == 0 || strcmp(outside->type, "foreign table") == 0);
}

void warn_of_partitions(const struct catalog *main, struct string_list *warnings)
{
    /* What lies outside is by the number of the object that it is tied to. */
    for (size_t i = 0, end; i < main->outside_count; i = end) {
        const struct object *table = main->outside[i].object;
        const char *kind = table->class == CLASS_TABLE ? object_field(table, "kind") : NULL, *example = NULL;
        size_t count = 0;

        for (end = i; end < main->outside_count && main->outside[end].object == table; end++)
            if (is_partition(&main->outside[end], table) && count++ == 0)
                example = main->outside[end].identity;
        if (count == 0 || kind == NULL || strcmp(kind, "partitioned") != 0)
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
};

static bool read_side(void *context, struct error *err)
{
    const struct reading_side *side = context;
    struct connection *connection = &side->database->connections[0];

    return catalog_read(connection, side->options, side->catalog, err) &&
           (side->pgdump == NULL ||
            dump_read(connection, side->pgdump, side->database->identity.snapshot, side->options, side->dump, err));
}

bool catalogs_read(struct database *main, struct database *standin, const struct catalog_options *options,
                   const char *pgdump, struct catalogs *catalogs, struct error *err)
{
    struct reading_side of_main = {main, options, pgdump, &catalogs->main, &catalogs->main_dump};
    struct reading_side of_standin = {standin, options, pgdump, &catalogs->standin, &catalogs->standin_dump};

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
}
