/*
 * A catalog as text: schema/main.json.zst and schema/base.json.zst. JSON Lines, each line canonical: a first one
 * {"objects":N,"server_version":V,"warnings":["…"]}, then an object per line in the catalog's order, so that equal
 * catalogs are equal bytes and memory need not hold the whole text:
 *
 *     {"class":"column","depends":[["table","public.t"]],"fields":[["type","integer"],["default",null]],
 *      "identity":"public.t.c","name":"c","parent":["table","public.t"],"schema":"public"}
 *
 * Fields are pairs because their order counts. A member without a value (schema, parent) is left out.
 */
#pragma once

#include "common/catalog/catalog.h"
#include "format/plan_reader.h"
#include "format/plan_writer.h"

bool catalog_json_write(const struct catalog *catalog, struct plan_writer *writer, const char *entry,
                        struct error *err) must_check;
bool catalog_json_parse(const char *bytes, size_t length, struct catalog **catalog, struct error *err) must_check;
bool catalog_json_read(const struct plan *plan, const char *entry, struct catalog **catalog,
                       struct error *err) must_check;
