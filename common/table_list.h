/* The tables of a database whose rows are compared, with their shapes; a few round trips whatever their number. */
#pragma once

#include "common/catalog/catalog.h"
#include "common/selection.h"
#include "common/table_shape.h"

/* What a partitioned table is made of: its partitions of every level. */
struct listed_partition {
    char *schema, *name;
    unsigned level; /* from 1 */
    bool has_rows;  /* of its own: it has no partitions */
    uint64_t blocks;
};

struct listed_table {
    struct table_shape shape; /* `unique` as this database has it */
    char *extension;          /* of a configuration table: whose it is; else NULL */
    char *root;               /* of a partition: the partitioned table, quoted and qualified; else NULL */
    char *present_name;       /* where it has its new one already: renames_rename_list() in plan/renames; else NULL */
    struct listed_partition
        *partitions; /* of a partitioned table that is compared as a whole: by level, schema and name */
    size_t partition_count;
    bool partitioned;  /* it is such a table */
    char *apart;       /* why it, or the table that it is a partition of, is not compared so; NULL: no need */
    char *source;      /* what stands for ONLY and it in FROM, alias t included; NULL: it does itself */
    bool whole;        /* read in one piece: the source is a query */
    uint64_t blocks;   /* of the heap */
    bool has_children; /* other tables inherit it, or did */
    bool all_visible;  /* nearly all of them: an index is read without them */
    bool sorts_alike;  /* the leading key column's type sorts alike on every server: CHUNK_BY_RANGE is possible */
};

struct table_list {
    struct listed_table *items; /* by schema, then name, in byte order */
    size_t count;
    char **partitioned; /* every root, as in listed_table.root */
    size_t partitioned_count;
};

/* `catalog` is that of the same snapshot and selection: it has the columns. */
bool table_list_read(struct connection *connection, const struct selection *selection, const struct catalog *catalog,
                     struct table_list *list, struct error *err) must_check;
/* Takes the items that are marked out of the list, and adds those of the other list, which is empty afterwards. */
void table_list_replace(struct table_list *list, const bool *marked, struct table_list *others);
void table_list_free(struct table_list *list); /* also for the cleanup attribute */

bool table_list_has_root(const struct table_list *list, const char *root);

/* The table of that name, or NULL. */
struct listed_table *table_list_find(const struct table_list *list, const char *schema, const char *name);
