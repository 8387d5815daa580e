/*
 * The stages of schema_diff(), in the order in which it goes through them. Private to plan/schema.
 */
#pragma once

#include "plan/schema/rules/rules.h"

/* --- compare.c, rebuild.c, kept.c --- */

struct difference {
    const struct rule *rule; /* NULL where none covers the field */
    const char *field, *value;
};

/* The next field, from *position on, in which the pair differs. old NULL: of an object that was just created, the next
 * field that CREATE did not bring to its value. */
bool next_difference(const struct item *new, const struct item *old, size_t *position, struct difference *difference);
bool no_rule(const struct item *item, const char *field, struct error *err); /* the error for it; returns false */

/* Which pairs cannot be altered in place; then rebuild.c: what goes with them. Both set fates. */
bool compare_pairs(struct changes *changes, struct error *err) must_check;
void close_rebuilds(struct changes *changes);
/* Has main's table an index like this one that hangs on one of its parent's? ATTACH would take either. */
bool has_rival(const struct item *table, const struct item *index);

/* kept.c: that what main lacks and stays is not in the way. */
bool check_kept(struct changes *changes, struct error *err) must_check;

/* --- steps.c --- */

/* The steps, from the fates. */
bool make_steps(struct changes *changes, struct error *err) must_check;

/* Appends what CREATE could not say of the item, and adds the steps of rules that ask for one of their own. */
bool finish_creation(struct changes *changes, struct item *item, struct text *sql, struct error *err) must_check;

/* --- order.c and its parts --- */

/* needs.c: says what every step needs; false: all is decided again. */
bool connect_needs(struct changes *changes) must_check;

/* children.c: its part for partitions and inheriting tables. */
void connect_attach(struct item *table, struct step *attach);        /* main's */
void connect_columns(const struct item *table, struct step *attach); /* parent and child have the same then */
void connect_detach(const struct item *table, struct step *detach);  /* the stand-in's */
void connect_trigger(struct item *trigger);
/* The stand-in's: does the table leave one that has the column too? */
bool leaves_column(const struct item *table, const struct item *column);
void go_after_leavers(struct step *drop, const struct item *table);
void connect_attached(struct step *drop, const struct item *below);

/* row_type_order.c */
void connect_row_type_uses(struct item *item);   /* of either catalog: what has rows in an expression */
bool connect_row_types(struct changes *changes); /* once all else is connected; false: all is decided again */

/* split.c: breaks a cycle by doing one of its steps in two parts; false where none of its members can be. */
bool split_cycle(struct changes *changes, struct step **cycle, size_t length);

/* Functions that call themselves: each is first created without its body. */
void split_recursive(struct changes *changes);

/* Splits a column's change of type: returns the step that makes it text, and `alter` makes it the new type from that.
 * NULL: something else is to be rebuilt for it, and all is decided again (changes->again). */
struct step *hold_text(struct changes *changes, struct step *alter);

/* order.c: puts changes->steps in the order of execution and gives each its final timing. */
bool order_steps(struct changes *changes, struct error *err) must_check;
