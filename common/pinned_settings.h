/*
 * What would change the text of a value or the way of a statement is the same in every session of ours, and in that of
 * the script for psql, whatever the role, the database or postgresql.conf say.
 */
#pragma once

#include <stddef.h>

struct pinned_setting {
    const char *name, *value;
    int since; /* the first server version that has it; 0: all that we know have */
};

extern const struct pinned_setting pinned_settings[];
extern const size_t pinned_setting_count;
