/*
 * SQL templates of the rule table.
 *
 *   %o  the object's identity        %p  its parent's identity       %n  its name, quoted
 *   %P  its parent's parent's identity (a default's table)           %N  its parent's name, quoted
 *   %s  its schema, quoted           %K  its parent's class's key word
 *   %k  its class's key word (TABLE, TYPE, …)
 *   %v  the new value as it is (SQL that the server wrote)           %w  the old value likewise
 *   %l  the new value as a literal   %i  the new value as an identifier
 *   %{field}  another field of the object, as it is; nothing where it is NULL
 *   %%  a percent sign
 */
#pragma once

#include "plan/schema/changes/changes.h"

/* Appends the template for item, and a newline. value and old_value may be NULL where the template does not use them.
 */
void template_expand(struct text *sql, const char *template, const struct item *item, const char *value,
                     const char *old_value);

/* Appends how SQL addresses the object: mostly its identity. */
void append_address(struct text *sql, const struct object *object);
