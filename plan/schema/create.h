/* CREATE for each class, from its fields. Private to plan/schema; see rules.h. */
#pragma once

#include "plan/schema/rules.h"

#define CREATES(name)                                                                                                  \
    bool name(struct changes *changes, struct item *item, struct step *step, bool replace, struct text *sql,           \
              struct error *err)

CREATES(create_schema);
CREATES(create_extension);
CREATES(create_enum);
CREATES(create_domain);
CREATES(create_function);
CREATES(create_sequence);
CREATES(create_view);
CREATES(create_constraint);
CREATES(create_index);
CREATES(create_trigger);
CREATES(create_comment);
CREATES(create_grant);
bool drop_comment(struct changes *changes, struct item *item, struct text *sql, struct error *err);
bool drop_grant(struct changes *changes, struct item *item, struct text *sql, struct error *err);

/* create_table.c */
CREATES(create_table);
CREATES(create_column);
CREATES(create_default);

/* steps.c: appends what CREATE could not say, and adds the steps of rules that ask for one of their own. */
bool finish_creation(struct changes *changes, struct item *item, struct step *step, struct text *sql,
                     struct error *err) must_check;

/* Helpers: ` WITH (a=1, b='x y')` from an array of options; the options of a sequence or identity, each with a space
 * in front, whose fields are called prefix + start, …; nothing where a value is what CREATE SEQUENCE would choose. */
void append_storage_options(struct text *sql, struct arena *arena, const char *options, const char *prefix,
                            const char *before);
void append_sequence_options(struct text *sql, const struct item *item, const char *prefix);
