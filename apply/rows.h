/* Carries out the rows half of the plan: every table's delta by set-based statements, and the sequences. */
#pragma once

#include "apply/job.h"

/* Does the stand-in say of the extensions' configuration tables what the plan does: which rows are the user's? Else
 * ERROR_REFUSED. */
bool rows_check_configuration(struct apply_job *job, struct error *err) must_check;

/* Every touched table, in the plan's order, but for large objects (large_objects.h). A row that is not as the plan saw
 * it is ERROR_CONFLICT. */
bool rows_apply(struct apply_job *job, struct error *err) must_check;

/* One of them, by its place in the manifest; nothing where its rows do not change. */
bool rows_apply_table(struct apply_job *job, size_t number, struct error *err) must_check;

/* last_value and is_called; rolled back with the transaction, unlike setval() alone. */
bool sequences_apply(struct apply_job *job, struct error *err) must_check;
