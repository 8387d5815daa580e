/*
 * A DSN before libpq sees it: a libpq URI or conninfo string. libpq's own messages about a malformed one repeat parts
 * of it, and of a malformed one nobody knows which part is the password: ours never do.
 */
#pragma once

#include "common/error.h"

/* False, ERROR_USAGE: the DSN is empty, malformed, or such that a part of its password would be taken for a host name.
 */
bool dsn_check(const char *side, const char *dsn, struct error *err) must_check;
