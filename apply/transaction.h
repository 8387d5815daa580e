/* The one transaction of apply: its locks, its end, and what is said of it when the end cannot be seen. */
#pragma once

#include "apply/job.h"

/*
 * BEGIN, the advisory lock that keeps a second apply out, locks on the touched tables in the plan's order (and on those
 * that foreign keys tie to them), all under lock_timeout.
 */
bool transaction_begin(struct apply_job *job, struct error *err) must_check;

/* Where a connection is lost during COMMIT, asks the server on a new one how it ended: done is no error, rolled back is
 * ERROR_CONNECTION, no answer is ERROR_OUTCOME_UNKNOWN. */
bool transaction_commit(struct apply_job *job, struct error *err) must_check;

bool transaction_roll_back(struct apply_job *job, struct error *err) must_check;

/* Fills job->locks and ->wal_bytes: what the transaction holds and has written so far. */
bool transaction_measure(struct apply_job *job, struct error *err) must_check;

/* The enum labels of the pre-commit phase, in a transaction of their own; nothing where the stand-in has them. */
bool transaction_pre_commit(struct apply_job *job, struct error *err) must_check;

/*
 * Another session has run job->transaction_id and failed, or is gone: waits until its transaction has ended. Where it
 * may have been committed (`may_be_committed`), asks how: committed is success, and clears the error; an outcome that
 * nobody can tell is ERROR_OUTCOME_UNKNOWN. Else the error stays what it is. Also after an interrupt.
 */
bool transaction_settle(struct apply_job *job, bool may_be_committed, struct error *err) must_check;
