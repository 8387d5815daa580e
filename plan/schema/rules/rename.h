/* Main's keys and indexes that differ from the stand-in's in their name alone: pairs, and steps. Private to
 * plan/schema. */
#pragma once

#include "plan/schema/changes/changes.h"

void pair_renamed(struct changes *changes);
bool is_renamed(const struct item *item); /* main's */
struct step *make_rename(struct changes *changes, struct item *new);
bool hangs_on_same(const struct item *new,
                   const struct item *old); /* partitions' indexes, on a pair of their parents' */
