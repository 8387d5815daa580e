/*
 * The one place where names and values become SQL text. Identifiers are always quoted here or by the server's own
 * quote_ident; values go through parameters or COPY wherever SQL allows it, and only literals that DDL demands (a
 * comment, an enum label) come through quote_literal.
 */
#pragma once

#include "common/text.h"

/*
 * Appends name as PostgreSQL's quote_ident() would for any server version: in double quotes unless it is lower-case
 * letters, digits and underscores, does not start with a digit, and is no key word of any kind.
 */
void quote_identifier(struct text *sql, const char *name);

/* Appends schema.name, each quoted. schema may be NULL. */
void quote_qualified(struct text *sql, const char *schema, const char *name);

/* Appends value as a literal that means the same whatever standard_conforming_strings says (E'' where it has a
 * backslash). */
void quote_literal(struct text *sql, const char *value);
