/* Carries out the rows half of the plan: every table's delta by set-based statements, and the sequences. */
#pragma once

#include "apply/job.h"

/* Does the stand-in say of the extensions' configuration tables what the plan does: which rows are the user's? Else
 * ERROR_REFUSED. */
bool rows_check_configuration(struct apply_job *job, struct error *err) must_check;

/* Large objects: makes their view and writes what the plan has of them. The view's triggers must be able to act: before
 * silence_begin(). */
bool rows_apply_large_objects(struct apply_job *job, struct error *err) must_check;

/* Every other touched table, in the plan's order. A row that is not as the plan saw it is ERROR_CONFLICT. */
bool rows_apply(struct apply_job *job, struct error *err) must_check;

/* last_value and is_called; rolled back with the transaction, unlike setval() alone. */
bool sequences_apply(struct apply_job *job, struct error *err) must_check;
