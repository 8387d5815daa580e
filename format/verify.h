/*
 * `verify`: everything about a plan file that can be known without a database. Unlike plan_open(), which stops at the
 * first fault, it looks at all of the file and names every fault; unlike plan_open() it also unpacks every entry.
 */
#pragma once

#include "common/error.h"

#include <stdio.h>

/* Prints what was verified to `out`. Faults are ERROR_ARCHIVE, one line each in the detail. */
bool plan_verify(const char *path, FILE *out, struct error *err) must_check;
