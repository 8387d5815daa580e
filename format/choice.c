/* What a plan's options choose of a database: for the reader of its catalog. */
#include "format/choice.h"

struct catalog_options manifest_choice(const struct manifest *manifest)
{
    return (struct catalog_options){
        .selection = {.schemas = (const char *const *)manifest->options.schemas.items,
                      .schema_count = manifest->options.schemas.count,
                      .tables = (const char *const *)manifest->options.tables.items,
                      .table_count = manifest->options.tables.count,
                      .excluded = (const char *const *)manifest->options.excluded_tables.items,
                      .excluded_count = manifest->options.excluded_tables.count},
        .owners = manifest->options.owners,
        .privileges = manifest->options.privileges,
        .comments = manifest->options.comments,
    };
}
