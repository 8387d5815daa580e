/*
 * Is the stand-in's schema what the plan expects to find, or to leave? `session` is asked: ours, or psql's, whose
 * locks would keep others from reading.
 */
#pragma once

#include "apply/job.h"
#include "common/text.h"

/*
 * Reads the stand-in's catalog and compares it with the one that the plan was made against. Appends a line per
 * difference (at most 20) and counts them in *differences. Enum labels that the pre-commit phase adds may be there.
 */
bool base_state_compare(struct apply_job *job, struct connection *session, struct text *lines, size_t *differences,
                        struct error *err) must_check;

/* The same as an error: exit 7, the objects named. */
bool base_state_check(struct apply_job *job, struct connection *session, struct error *err) must_check;

/* After the statements: the schema against main's, or the base's where the plan leaves the schema alone. Exit 10. */
bool base_state_prove_result(struct apply_job *job, struct connection *session, struct error *err) must_check;
