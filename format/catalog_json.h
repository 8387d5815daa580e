/*
 * A catalog as text: schema/main.json.zst and schema/base.json.zst. JSON Lines, each line canonical: a first one
 * {"objects":N,"server_version":V,"warnings":["…"]}, then an object per line in the catalog's order, so that equal
 * catalogs are equal bytes and memory need not hold the whole text. Before the first object of a class, and where they
 * change, a line names the fields whose values follow:
 *
 *     {"class":"column","fields":["type","default"]}
 *     {"class":"column","depends":[3],"identity":"public.t.c","name":"c","parent":3,"schema":"public",
 *      "values":["integer",null]}
 *
 * Other objects are named by their place, from 0. A member without a value (schema, parent) is left out.
 */
#pragma once

#include "common/catalog/catalog.h"
#include "format/plan_reader.h"
#include "format/plan_writer.h"

bool catalog_json_write(const struct catalog *catalog, struct plan_part *part, struct error *err) must_check;
bool catalog_json_parse(const char *bytes, size_t length, struct catalog **catalog, struct error *err) must_check;
bool catalog_json_read(const struct plan *plan, const char *entry, struct catalog **catalog,
                       struct error *err) must_check;
