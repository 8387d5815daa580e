/* What the rows half knows of a table. */
#include "common/table_shape.h"

#include <stdlib.h>
#include <string.h>

const struct column_shape *table_shape_column(const struct table_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->column_count; i++)
        if (strcmp(shape->columns[i].name, name) == 0)
            return &shape->columns[i];
    return NULL;
}

void table_shape_free(struct table_shape *shape)
{
    for (size_t i = 0; i < shape->column_count; i++) {
        free(shape->columns[i].name);
        free(shape->columns[i].type);
        free(shape->columns[i].send);
        free(shape->columns[i].equality_schema);
        free(shape->columns[i].key_collation);
    }
    free(shape->columns);
    free(shape->key);
    free(shape->schema);
    free(shape->name);
    free(shape->condition);
    *shape = (struct table_shape){0};
}

void chunking_free(struct chunking *chunking)
{
    if (chunking->bounds != NULL)
        for (size_t i = 0; i + 1 < chunking->slice_count; i++)
            free(chunking->bounds[i]);
    free(chunking->bounds);
    *chunking = (struct chunking){0};
}
