/* What the files of plan/preflight share. Private to plan/preflight. */
#pragma once

#include "common/text.h"
#include "plan/preflight/preflight.h"

/* Statement i of the manifest and the diff concerns this object: main's where main has it, else the stand-in's. NULL
 * where neither catalog does (satellites of what comes and goes). */
const struct object *statement_object(const struct preflight *preflight, size_t statement);

/* The table, foreign table or materialized view that the object is or belongs to; NULL. */
const struct object *relation_of(const struct object *object);

/* The same object in the stand-in's catalog, or NULL. */
const struct object *in_standin(const struct preflight *preflight, const struct object *object);

/* Which of the stand-in's objects go, be it for good or to be made anew, by their numbers in its catalog. free() it. */
bool *mark_gone(const struct preflight *preflight);
bool is_true(const struct object *object, const char *field);
bool depends_on(const struct object *object, const struct object *needed); /* itself, not by way of others */

/* A precondition in the making: what breaks it, and how that was found. */
struct finding {
    enum precondition_state state;
    uint64_t rows;
    struct string_list examples;
    char *note; /* owned; NULL */
};

void finding_free(struct finding *finding); /* also for the cleanup attribute */
void finding_unknown(struct finding *finding, const char *why);
void finding_add(struct finding *finding, uint64_t rows, const char *const *examples, size_t count);

/* What rows must be like, in pieces of SQL: a row of conditions.sql. All texts live in the checks' arena. */
struct condition {
    const char *kind, *bad, *bad_tail, *text, *counted, *parent_schema, *parent_table;
    bool alone, parent_only; /* without children */
    const char **groups, **types, **columns, **matches, **parent_columns, **key, **key_types;
    size_t group_count, type_count, column_count, match_count, key_count;
};

enum side { MAIN, STANDIN };

struct checks {
    const struct preflight *preflight;
    struct manifest *manifest;
    struct string_list *warnings;
    struct arena *arena;
    struct text obstacles; /* lines: without what they say the plan cannot be made at all */
};

/*
 * source.c: a table as a row source, `AS alias` included. Main's is the table itself; the stand-in's has main's columns
 * as they will be once the statements before the rows have run, or none where the statements make the table.
 */
void append_source(struct text *sql, const struct checks *checks, enum side side, const char *schema, const char *table,
                   bool only, const char *alias);
/* The stand-in's table of this name, `AS alias` with its columns' names: as they will be once they are renamed. */
void append_standin_table(struct text *sql, const struct preflight *preflight, const char *schema, const char *table,
                          const char *alias);
/* 'text naming a row by its key, or by its place': `(id)=(3)`; ready for ORDER BY. */
void append_example(struct text *sql, const struct condition *condition, const char *alias);
/* '(a, b)=(1, x)' of columns (quoted here) of the alias. */
void append_values(struct text *sql, const char *const *columns, size_t count, const char *alias);

/* count.c: how many rows of one side break the condition. A query that cannot run leaves the finding unknown. */
bool count_broken(const struct checks *checks, enum side side, const struct object *table,
                  const struct condition *condition, struct finding *finding, struct error *err) must_check;
bool count_query(struct connection *connection, const char *sql, struct finding *finding,
                 struct error *err) must_check; /* rows of (how many in all, an example) */
const char *condition_alias(const struct checks *checks, const struct object *table, const struct condition *condition);
void append_bad_rows(struct text *sql, const struct checks *checks, enum side side, const struct object *table,
                     const struct condition *condition); /* `FROM … WHERE …` */

/* carry.c: conditions over rows of both sides. */
/* Of the one side's rows, whose parents are the other's. Of the stand-in's, those that have their parent there now. */
bool count_missing_parents(const struct checks *checks, enum side side, const struct object *table,
                           const struct condition *condition, struct finding *finding, struct error *err) must_check;
bool count_kept(const struct checks *checks, const struct object *table, const struct condition *condition,
                struct finding *finding, struct error *err) must_check;

/* precondition.c: takes what was found into the statement, and what would fail into the warnings. */
void add_precondition(struct checks *checks, size_t statement, const char *text, const char *rows_of,
                      struct finding *finding);

/* conditions.c: asks one side's catalogs; `asked` has four items for each. conditions[i].kind is NULL where it says
 * nothing. */
struct question {
    const char *kind, *schema, *table, *name;
};
bool conditions_read(const struct checks *checks, enum side side, const struct question *questions, size_t count,
                     struct condition **conditions, struct error *err) must_check;

/* types.c, domains.c, names.c, extras.c, bounds.c: the other things that rows can break. */
bool check_names(struct checks *checks, struct error *err) must_check;
bool check_type_change(struct checks *checks, size_t statement, const struct object *column,
                       struct error *err) must_check;
bool check_domain(struct checks *checks, size_t statement, const struct object *object, struct error *err) must_check;
bool check_extras(struct checks *checks, struct error *err) must_check;
bool check_bounds(struct checks *checks, struct error *err) must_check;
