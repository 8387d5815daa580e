/* The custom functions of the rule table: predicates and alterations. Private to plan/schema; see rules.h. */
#pragma once

#include "plan/schema/rules/rules.h"

/* Predicates: can `old` be brought to `new` in place? */
bool function_replaceable(const struct item *new, const struct item *old);
bool view_replaceable(const struct item *new, const struct item *old);
bool column_type_alterable(const struct item *new, const struct item *old);
bool generation_droppable(const struct item *new, const struct item *old);
bool generation_settable(const struct item *new, const struct item *old);
bool constraint_alterable(const struct item *new, const struct item *old);
bool index_attachable(const struct item *new, const struct item *old);
bool same_index_structure(const struct item *new, const struct item *old); /* rename.c: but for the name */
bool version_reachable(const struct item *new, const struct item *old);
bool policy_alterable(const struct item *new, const struct item *old);
bool grant_alterable(const struct item *new, const struct item *old);
bool default_settable(const struct item *new, const struct item *old); /* type_default.c: a domain's */

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

ALTERATION(refresh);

/* create_other.c */
ALTERATION(alter_policy);
ALTERATION(alter_members);
ALTERATION(alter_text_search_mapping);
ALTERATION(alter_extension_dependence);

/* foreign.c */
ALTERATION(alter_foreign_options);

/* publication.c */
ALTERATION(alter_subscription_publications);
ALTERATION(keep_slot_options); /* warns */

/* alter_column.c */
ALTERATION(alter_column_type);
/* For a column that keeps its type, but for the type's attributes: what it holds then. */
void add_reshaped_fate(struct changes *changes, const struct item *new, const struct item *old);
void take_type_later(struct changes *changes, struct item *column); /* after the rows */
char *moved_value(struct changes *changes, const struct item *new,
                  const struct item *old); /* free() it; NULL: given up */

/* generated.c */
ALTERATION(drop_generation);
ALTERATION(set_generation);
/* Main's column of a table that is there: of it alone, not of its children. */
bool set_expression(const struct changes *changes, struct text *sql, const struct item *column,
                    struct error *err) must_check;
/* What main's generated column will hold, as the stand-in can say it before; the caller frees it. */
char *generated_value(struct changes *changes, const struct item *column);

/* cast.c */
/* The expression with each of its columns replaced by what replacement() says; free() it. */
char *replace_columns(const char *expression, char *(*replacement)(void *context, const char *quoted_name),
                      void *context);
bool cast_may_fail(const char *old_type, const char *new_type);
bool cast_is_implied(const char *old_type, const char *new_type); /* ALTER COLUMN TYPE does it without USING */
void append_cast(struct text *sql, const char *old_type, const char *new_type); /* behind a value */
bool cast_may_merge(const char *old_type, const char *new_type);                /* make one of two values that differ */
char *cast_expression(const char *column, const char *old_type, const char *new_type); /* free() it */
bool is_constant_expression(const char *expression);                                   /* literals and casts alone */

/* identity.c */
ALTERATION(alter_identity);
ALTERATION(alter_identity_persistence);
ALTERATION(alter_sequence_name);
/* From 15 on, SET LOGGED and SET UNLOGGED take the sequences of a table's columns along: sets those that are otherwise.
 */
void keep_persistence_of_sequences(struct changes *changes, struct item *table);
ALTERATION(alter_sequence_type);

/* alter_not_null.c */
ALTERATION(alter_not_null);
void follow_not_null(struct changes *changes, struct item *new); /* main's column: what others' changes do to its own */
bool inherits_not_null(const struct changes *changes, const struct item *column); /* and has none of its own */

ALTERATION(alter_not_null_comment);
/* Main's column, once all else is planned: the comment goes with a constraint that goes for a while. */
void restore_not_null_comment(struct changes *changes, struct item *new);

/* Which constraints of the stand-in's go for a while; and the order of their steps. */
bool mark_remade_not_nulls(struct changes *changes, struct error *err) must_check;
void connect_not_null(const struct item *column);

/* not_null.c */
bool has_not_null_constraints(const struct changes *changes);                 /* a stand-in of PostgreSQL 18 */
const char *not_null_name(const struct item *column);                         /* NULL: not known, or none */
bool is_altered_alone(const struct item *column, const char *not_null_below); /* without its children, who have this */
ALTERATION(alter_domain_not_null);
ALTERATION(alter_domain_not_null_comment);
void set_domain_not_null(struct text *sql, const struct item *domain); /* as a statement */
bool is_not_null_at_once(const struct item *column);               /* CREATE and ADD COLUMN can say it: it is valid */
void append_not_null(struct text *sql, const struct item *column); /* as part of a column's definition */
void set_not_null(struct text *sql, const struct item *column);    /* as a statement */
bool is_not_null_above(const struct item *column);                 /* one of its table's parents has it NOT NULL */
bool is_null_below(const struct item *column);                     /* its SET NOT NULL must leave a child out */
bool is_not_null_below(const struct item *column);                 /* one of its children's, whatever itself is */

/* partition.c */
ALTERATION(alter_partition);
ALTERATION(alter_inherits);
/* Does the table have to let go of a parent only to have it in main's place again? Then it lets go of all. */
bool parents_change_places(const struct changes *changes, const struct item *new, const struct item *old);
ALTERATION(attach_index);

/* typed.c */
ALTERATION(alter_of_type);
bool type_of_table_changes(const struct item *table); /* the stand-in's: will the type have other attributes? */
bool columns_fit_type(const struct item *new);        /* can the stand-in's table be brought to its type's order? */

/* grants.c */
ALTERATION(alter_grant);
ALTERATION(alter_listed_grant); /* those of extensions' members, and default privileges */
/* Takes back what PostgreSQL, or the stand-in's default privileges, grant on a new object and main does not. */
void revoke_defaults(const struct changes *changes, const struct item *item, struct text *sql);

/* composite.c */
ALTERATION(alter_attribute);
bool is_reshaped(const struct item *type); /* the stand-in's: will it have other attributes, or some elsewhere? */
/* The parts of a type, or the columns of a table, in their order: of main's, in that which the stand-in will have. */
struct item **parts_of(struct arena *arena, const struct item *type, size_t *count);
bool attributes_alterable(const struct changes *changes, const struct item *new, const struct item *old);
/* For a column of the stand-in's whose type, or a part of it, is a composite type that will have other attributes, or a
 * table's row type that will have other columns: */
bool is_movable(const struct changes *changes, const struct item *old); /* can its values become main's type's? */
/* By being put together anew, not as text? */
bool is_reshaped_column(const struct changes *changes, const struct item *old);
bool loses_attributes(const struct item *old); /* the column's values, which may become the same then */
char *reshaped_value(const struct changes *changes, const struct item *old, bool replaced); /* the text; free() it */

/* type_use.c */
bool is_stored(const struct item *type);        /* are there columns whose values hold some of the type's? */
bool is_stored_inside(const struct item *type); /* in arrays, domains or other types */
bool is_indexed(const struct item *type);       /* are there indexes on such columns? */
bool holds_rows(const struct item *type);       /* do rows that are there have columns of the type then? */
bool types_are_there(const struct item *item);  /* all that it names, with all of their values */

/* enum.c */
bool labels_addable(const struct changes *changes, const struct item *new, const struct item *old);
struct item **labels_of(struct arena *arena, const struct item *type, size_t *count); /* in their order */
bool add_labels(struct changes *changes, struct item *new, struct item *old, struct error *err);

/* identity.c: bounds of sequences, in the fields prefix + minimum and maximum. The value that was drawn last must lie
 * within the new ones: it is moved to the nearest of them, or, where the old and the new are apart, begins anew. */
bool bounds_are_apart(const struct item *new, const struct item *old, const char *prefix);
void append_within_bounds(struct text *sql, const struct item *new, const struct item *old, const char *prefix,
                          const char *sequence);
bool identity_shrinks(const struct item *new, const struct item *old); /* to a smaller type, it may be */

/* locality.c: of a table that is there, after its other alters. */
void make_locality(struct changes *changes, struct item *table);

/* typed.c: what a table of a type, and the type, wait for. */
void connect_typed(struct item *table);
