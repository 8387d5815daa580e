/* Reads the catalogs of both databases at once. */
#include "plan/catalogs.h"

#include "plan/both.h"
#include "plan/dump/dump_reader.h"

#include <malloc.h>

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
