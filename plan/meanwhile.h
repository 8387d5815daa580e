/*
 * What is to be done for each of the two databases and needs nothing of the other one: its catalog goes into the plan,
 * its tables are listed. It is done while the schemas are compared.
 */
#pragma once

#include "common/database.h"
#include "common/table_list.h"
#include "format/plan_writer.h"
#include "plan/both.h"

struct meanwhile { /* `struct meanwhile meanwhile = {0}` is an idle one. Must stay where it is. */
    struct both both;
    struct meanwhile_side {
        const struct catalog *catalog, *written; /* `written` by the other side; NULL where that is nothing */
        struct plan_part *part;
        struct connection *connection;
        const struct selection *selection; /* NULL: tables are not listed */
        struct table_list tables;
        bool same; /* the catalog is the written one: it has not been written again */
    } sides[2];
};

/*
 * `main` and `base` are the catalogs of what the databases are now: they become the plan's entries, and must not change
 * from here on. Tables are listed where `selection` is not NULL, which must live as long. Until meanwhile_finish(),
 * callers use the first connections alone; where there is but one, this waits for the end.
 */
bool meanwhile_start(struct meanwhile *meanwhile, struct database *databases[2], const struct catalog *main,
                     const struct catalog *base, const struct selection *selection, struct plan_writer *writer,
                     struct error *err) must_check;

/* Waits for the end. The lists are in sides[].tables then: main's and the stand-in's. */
bool meanwhile_finish(struct meanwhile *meanwhile, struct error *err) must_check;

void meanwhile_release(struct meanwhile *meanwhile); /* waits, too */
