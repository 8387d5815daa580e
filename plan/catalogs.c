/* Reads the catalogs of both databases at once. */
#include "plan/catalogs.h"

#include "plan/dump/dump_reader.h"

#include <threads.h>

/* One database's share of the work: what its thread reads and leaves. */
struct reading_side {
    struct database *database;
    const struct catalog_options *options;
    const char *pgdump;
    struct catalog **catalog, **dump;
    struct error err;
};

static int read_side(void *argument)
{
    struct reading_side *side = argument;
    struct connection *connection = &side->database->connections[0];

    return catalog_read(connection, side->options, side->catalog, &side->err) &&
           (side->pgdump == NULL || dump_read(connection, side->pgdump, side->database->identity.snapshot,
                                              side->options, side->dump, &side->err));
}

bool catalogs_read(struct database *main, struct database *standin, const struct catalog_options *options,
                   const char *pgdump, struct catalogs *catalogs, struct error *err)
{
    struct reading_side main_side = {main, options, pgdump, &catalogs->main, &catalogs->main_dump, {0}};
    struct reading_side standin_side = {standin, options, pgdump, &catalogs->standin, &catalogs->standin_dump, {0}};
    thrd_t thread;
    int standin_done = 0;

    if (thrd_create(&thread, read_side, &standin_side) != thrd_success)
        return error_set(err, ERROR_INTERNAL, "cannot start a thread");
    bool main_done = read_side(&main_side) != 0;
    thrd_join(thread, &standin_done);
    if (main_done && standin_done)
        return true;
    *err = main_done ? standin_side.err : main_side.err;
    if (!main_done)
        error_clear(&standin_side.err);
    return false;
}

void catalogs_free(struct catalogs *catalogs)
{
    catalog_free(catalogs->main);
    catalog_free(catalogs->standin);
    catalog_free(catalogs->main_dump);
    catalog_free(catalogs->standin_dump);
}
