/* The custom functions of the rule table: predicates and alterations. Private to plan/schema; see rules.h. */
#pragma once

#include "plan/schema/rules.h"

/* Predicates: can `old` be brought to `new` in place? */
bool function_replaceable(const struct item *new, const struct item *old);
bool view_replaceable(const struct item *new, const struct item *old);
bool column_type_alterable(const struct item *new, const struct item *old);
bool constraint_alterable(const struct item *new, const struct item *old);
bool index_attachable(const struct item *new, const struct item *old);

#define ALTERATION(name)                                                                                               \
    bool name(struct changes *changes, struct item *new, struct item *old, struct alteration *alteration,              \
              struct error *err)

/* alter.c; old is NULL for what was just created. */
ALTERATION(alter_options);
ALTERATION(alter_sequence);
ALTERATION(alter_sequence_owner);
ALTERATION(alter_constraint);
ALTERATION(alter_index_tablespace);
ALTERATION(alter_clustered);
ALTERATION(alter_index_comment);
ALTERATION(alter_index_statistics);
ALTERATION(alter_storage);
ALTERATION(alter_comment);

/* alter_column.c */
ALTERATION(alter_column_type);
ALTERATION(alter_identity);
char *cast_expression(const char *column, const char *old_type, const char *new_type); /* free() it */
bool is_constant_expression(const char *expression);                                   /* literals and casts alone */

/* partition.c */
ALTERATION(alter_partition);
ALTERATION(alter_inherits);
ALTERATION(attach_index);

/* grants.c */
ALTERATION(alter_grant);
bool create_grant(struct changes *changes, struct item *item, struct step *step, bool replace, struct text *sql,
                  struct error *err);
bool drop_grant(struct changes *changes, struct item *item, struct text *sql, struct error *err);
/* Takes back what PostgreSQL grants to PUBLIC on a new object of this class and main does not. */
void revoke_defaults(const struct changes *changes, const struct item *item, struct text *sql);

/* enum.c */
bool labels_addable(const struct changes *changes, const struct item *new, const struct item *old);
bool add_labels(struct changes *changes, struct item *new, struct item *old, struct error *err);
