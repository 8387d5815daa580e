/* Puts renames in an order in which each new name is free, by way of a temporary name where they go in a circle. */
#include "plan/renames/parts.h"

#include "common/memory.h"
#include "common/quote.h"

struct step {
    const struct object *old, *new;
    const char *from, *to;
    bool done;
};

/* Names of the same kind in the same place exclude each other. */
static bool is_beside(const struct step *a, const struct step *b)
{
    return a->old->class == CLASS_COLUMN || b->old->class == CLASS_COLUMN
               ? a->old->parent == b->old->parent && a->old->class == b->old->class
               : strcmp(a->old->schema, b->old->schema) == 0;
}

static bool is_free(const struct step *steps, size_t count, const struct step *step)
{
    for (size_t i = 0; i < count; i++)
        if (&steps[i] != step && !steps[i].done && is_beside(&steps[i], step) && strcmp(steps[i].from, step->to) == 0)
            return false;
    return true;
}

static void add_statement(struct renames *renames, const struct step *step, const char *to)
{
    const struct object *old = step->old;
    cleanup(text_free) struct text sql = {0};

    text_append(&sql, old->class == CLASS_FOREIGN_TABLE ? "ALTER FOREIGN TABLE " : "ALTER TABLE ");
    if (old->class == CLASS_COLUMN) {
        quote_qualified(&sql, old->parent->schema, old->parent->name);
        text_append(&sql, " RENAME COLUMN ");
        quote_identifier(&sql, step->from);
    } else {
        quote_qualified(&sql, old->schema, step->from);
        text_append(&sql, " RENAME");
    }
    text_append(&sql, " TO ");
    quote_identifier(&sql, to);
    text_append(&sql, ";\n");
    array_reserve((void **)&renames->statements, &renames->statement_capacity, renames->statement_count + 1,
                  sizeof *renames->statements);
    renames->statements[renames->statement_count++] =
        (struct rename_statement){.class = old->class,
                                  .object = arena_string(renames->arena, old->identity),
                                  .renamed = arena_string(renames->arena, step->new->identity),
                                  .temporary = to != step->to,
                                  .sql = arena_string(renames->arena, sql.data)};
}

static bool is_taken(const struct catalog *standin, const char *name)
{
    for (size_t i = 0; i < standin->count; i++)
        if (standin->objects[i]->name != NULL && strcmp(standin->objects[i]->name, name) == 0)
            return true;
    return false;
}

static const char *temporary_name(struct renames *renames, const struct catalog *standin)
{
    for (size_t i = renames->statement_count + 1;; i++) {
        const char *name = arena_format(renames->arena, "pgsyncer_renamed_%zu", i);

        if (!is_taken(standin, name))
            return name;
    }
}

static void order(struct renames *renames, const struct catalog *standin, struct step *steps, size_t count)
{
    for (size_t left = count; left > 0;) {
        struct step *stuck = NULL;
        bool moved = false;

        for (size_t i = 0; i < count; i++) {
            struct step *step = &steps[i];

            if (step->done)
                continue;
            if (!is_free(steps, count, step)) {
                stuck = stuck != NULL ? stuck : step;
                continue;
            }
            add_statement(renames, step, step->to);
            step->done = moved = true;
            left--;
        }
        if (!moved && stuck != NULL) {
            const char *name = temporary_name(renames, standin);

            add_statement(renames, stuck, name);
            stuck->from = name;
        }
    }
}

/* Columns first: their statements then name the tables as the base state has them. */
void renames_order(struct renames *renames, const struct catalog *standin, const struct object *const *old,
                   const struct object *const *new, size_t count)
{
    struct step *steps = allocate(count, sizeof *steps);

    for (size_t pass = 0; pass < 2; pass++) {
        size_t chosen = 0;

        for (size_t i = 0; i < count; i++)
            if ((old[i]->class == CLASS_COLUMN) == (pass == 0))
                steps[chosen++] = (struct step){old[i], new[i], old[i]->name, new[i]->name, false};
        order(renames, standin, steps, chosen);
    }
    free(steps);
}
