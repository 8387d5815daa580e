/* Runs one of PostgreSQL's programs to its end, and takes what it says. */
#pragma once

#include "common/child.h"

/*
 * Appends its standard output, of 1 GiB at most; its standard error is a warning, and the detail of the error where it
 * fails. Not started: ERROR_USAGE; ended by a signal or with another status than 0: ERROR_CONNECTION.
 */
bool child_run(const struct strings *arguments, const struct strings *environment, struct text *output,
               struct error *err) must_check;

/* The major version that `program --version` says; ERROR_USAGE where it says none. `name`: "psql", for the message. */
bool child_version(const char *program, const char *name, long *version, struct error *err) must_check;
