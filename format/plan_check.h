/* The steps of plan_open(), for `verify`, which goes on after a fault. */
#pragma once

#include "format/plan_reader.h"

/* Opens the file, checks the manifest, and computes where everything must lie. */
bool plan_open_unchecked(struct plan *plan, const char *path, struct error *err) must_check;

bool plan_check_size(const struct plan *plan, struct error *err) must_check;

/* The header, the stored bytes' hash and the padding of an entry. */
bool plan_check_entry(const struct plan *plan, size_t entry, struct error *err) must_check;
bool plan_check_trailer(const struct plan *plan, struct error *err) must_check;
