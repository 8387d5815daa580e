/* What people see of a plan: `show` of both programs and the review/ entries. Everything from the plan is escaped for
 * terminals. */
#pragma once

#include "format/plan_reader.h"

#include <stdio.h>

bool show_summary(const struct plan *plan, FILE *out, struct error *err) must_check;
bool show_json(const struct plan *plan, FILE *out, struct error *err) must_check; /* the document of docs/cli.md */
bool show_script(const struct plan *plan, FILE *out,
                 struct error *err) must_check; /* one script for psql, in place of apply */
