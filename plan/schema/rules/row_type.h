/* The stand-in's tables whose rows other columns hold. Private to plan/schema. */
#pragma once

#include "plan/schema/changes/changes.h"

bool has_row_type_users(const struct item *table);
bool check_rewrite(const struct item *new, struct error *err) must_check;   /* main's column, whose ADD rewrites */
bool is_rewritten(const struct changes *changes, const struct item *table); /* but for its columns' types */
bool is_reformed(const struct item *type); /* the stand-in's: can no expression use it meanwhile? */
/* main's column, where rows are compared: are the tables' rows in it the same texts on the stand-in? */
bool check_row_order(const struct changes *changes, const struct item *column, struct error *err) must_check;
