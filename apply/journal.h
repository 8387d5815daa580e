/* The stand-in's journal, pgsyncer.journal: which plans were applied to it. */
#pragma once

#include "apply/job.h"

/* When the plan was applied here, as text; NULL where it was not, or there is no journal that this role may read. */
bool journal_find(struct apply_job *job, char **applied_at, struct error *err) must_check;

/* ERROR_ALREADY_APPLIED where the plan was applied here. With --no-journal nobody looks. */
bool journal_check(struct apply_job *job, struct error *err) must_check;

/* The plan's row, in the transaction. Makes the journal where there is none, unless the plan carries no rows. */
bool journal_write(struct apply_job *job, struct error *err) must_check;
