/*
 * The proof that ends the transaction: fingerprints of the stand-in's rows, computed anew, against main's in the plan.
 * The schema's part is in base_state.h.
 */
#pragma once

#include "apply/job.h"

struct proof_failure {
    size_t table;
    uint64_t slice;
    bool whole;              /* all rows of the table instead of a slice */
    struct fingerprint base; /* what the plan found on the stand-in */
};

struct proof_failures {
    struct proof_failure *items;
    size_t count, capacity;
};

/* What another session found: rows that are not main's. */
struct proof_difference {
    size_t table;
    uint64_t slice;
    bool whole;
    struct fingerprint found;
};

struct proof_differences {
    struct proof_difference *items;
    size_t count, capacity;
};

/* ERROR_REFUSED where --verify=full wants what the plan does not know; needs the file alone. */
bool proof_is_possible(const struct apply_job *job, struct error *err) must_check;

/* As options->verify says. Slices that differ are ERROR_VERIFICATION, named by table and key range, and listed in
 * `failures` (free() its items) for proof_explain(). */
bool proof_of_rows(struct apply_job *job, struct proof_failures *failures, struct error *err) must_check;

/* The same failure, from differences that were found elsewhere; replaces the error. False where the plan cannot be
 * read.
 */
bool proof_adopt(struct apply_job *job, const struct proof_differences *differences, struct proof_failures *failures,
                 struct error *err) must_check;

/*
 * Rows that came straight from main, against main's chunks in the plan; those that differ are noted in job->moved, by
 * their slices.
 */
bool proof_of_copy(struct apply_job *job, size_t number, struct error *err) must_check;

/*
 * After the rollback: was the fault in the stand-in? Looks in a second transaction, which is rolled back too, whether
 * the slices that failed held what the plan had found there. Where they did not, the error becomes ERROR_BASE_STATE.
 */
void proof_explain(struct apply_job *job, const struct proof_failures *failures, struct error *err);
