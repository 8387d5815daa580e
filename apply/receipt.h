/* What was applied and proved: as JSON to carry back, as the journal's row, and as the last line of output. */
#pragma once

#include "apply/job.h"

#include <jansson.h>

json_t *receipt_journal_row(const struct apply_job *job); /* named as the journal's columns; json_decref() it */

/* Can the receipt be written where it is wanted? Asked before anything is changed; ERROR_USAGE. */
bool receipt_check(const struct apply_options *options, struct error *err) must_check;

/* Writes the receipt to options->receipt_path, if there is one, replacing what stands there as a whole. */
bool receipt_write(const struct apply_job *job, struct error *err) must_check;

/* `Applied: …`, or `Dry run: …` with the locks and the WAL before it. */
void receipt_print(const struct apply_job *job, FILE *out);
