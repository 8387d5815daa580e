/*
 * Servers of different major versions word the same definition differently. Which of their texts mean the same is
 * decided here, by rules for what is known to differ (docs/catalog.md); what no rule covers counts as different.
 *
 * One server, too, may print an expression differently once it has read its own text: such a text is not settled.
 */
#pragma once

#include "common/catalog/catalog.h"
#include "common/text.h"

/*
 * Do the values of a field of two objects of the class, read from servers of these versions, say the same? Either may
 * be NULL, for SQL NULL. Of servers of the same major version they do when they are, or settle to, the same text.
 */
bool same_wording(enum object_class class, const char *field, const char *a, int a_version, const char *b,
                  int b_version);

/* Does the field hold SQL as the server words it? */
bool is_worded(const char *field);

/* 0: a server that reads the text prints the same text. Else it prints one with a smaller number. NULL is 0. */
size_t count_unsettled(const char *sql);

/* Appends the common form of a definition, in which only tokens count; `view` for the query of a view. */
void wording_append(struct text *form, const char *sql, bool view);
