/* The question before anything is changed. */
#pragma once

#include "apply/job.h"

/* Shows the summary and asks on the terminal; nothing with --yes, --dry-run. ERROR_DECLINED for any answer but yes, and
 * where there is no terminal to ask on. */
bool confirm(const struct apply_job *job, struct error *err) must_check;
