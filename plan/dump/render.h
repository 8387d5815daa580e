/* Lists of `NAME = value` of CREATE AGGREGATE, TYPE, OPERATOR, …: from pg_dump's order and spelling to the live
 * reader's. */
#pragma once

#include "common/text.h"
#include "plan/dump/entries.h"

struct rendering {
    const char *from, *to; /* to NULL: as from */
    enum {
        RAW,     /* TO = value as it stands */
        LITERAL, /* TO = 'value' */
        UPPER,   /* TO = VALUE */
        FLAG     /* TO */
    } how;
};

/* `from` in the order of the list, with ", " between them. What no rendering names makes it fail. */
bool render_list(struct dump *dump, struct cursor inside, const struct rendering *renderings, size_t count,
                 struct text *text) must_check;

/* "pg_catalog.f(a, b)" as regprocedure and regproc print it: without pg_catalog, no space after a comma. */
char *as_regprocedure(struct dump *dump, struct cursor signature);
