/* What a plan's statements need of the stand-in and its server, and do not bring themselves. */
#pragma once

#include "common/catalog/catalog.h"

/* As JSON, for missing_find() (common/missing.h), from what main has and the stand-in has not, or has otherwise. free()
 * it. */
char *needs_describe(const struct catalog *main, const struct catalog *base);
