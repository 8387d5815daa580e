/*
 * The second reader of a catalog, `--schema-source=pgdump`: the same model (docs/catalog.md) from the table of contents
 * of `pg_dump -Fc --schema-only`.
 *
 * The custom format and not plain SQL: its table of contents says for every definition what it is of, by the oid in the
 * system catalogs too, who owns it, which schema, tablespace and access method it has. That leaves only the definition
 * itself to be parsed, and the oids lead from pg_depend's edges to the objects. What pg_dump does not say, the server
 * is asked, in the same snapshot (docs/catalog.md lists it).
 */
#pragma once

#include "common/catalog/reader.h"

/* `program` is pg_dump's name or path. `snapshot` is the one of the connection's transaction. */
bool dump_read(struct connection *connection, const char *program, const char *snapshot,
               const struct catalog_options *options, struct catalog **catalog, struct error *err) must_check;
