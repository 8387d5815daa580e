/*
 * The job of schema_diff() while it runs: what becomes of every object of both catalogs, and the steps that do it.
 * Private to plan/schema.
 *
 * An item is one object of one catalog. Items of the same class and identity are each other's `other`. The target
 * state is main's items and those of the stand-in that stay without being in main ("extras").
 */
#pragma once

#include "common/arena.h"
#include "common/text.h"
#include "plan/schema/schema_diff.h"

enum fate {
    FATE_KEEP,    /* stays as it is, or is altered in place */
    FATE_DROP,    /* goes */
    FATE_REBUILD, /* goes and comes back, with everything of its own */
};

/* When a step may run. A step runs no earlier than what it needs, so it may come later than said here. */
enum timing {
    TIMING_PRE_COMMIT = -1,
    TIMING_BEFORE = 0, /* before the rows: what loosens, and what does not touch rows */
    TIMING_AFTER,      /* after the rows: what tightens */
    TIMING_FOREIGN_KEYS,
    TIMING_FINISH, /* once everything is there */
};

enum step_kind { STEP_CREATE, STEP_DROP, STEP_ALTER };

struct item { /* there is one for each object of both catalogs: what is narrow stands together */
    const struct object *object;
    struct item *other;       /* the same object in the other catalog; NULL where there is none */
    struct item *parent;      /* as object->parent */
    struct item **depends;    /* as object->depends, and what grantors.c adds */
    struct item **dependents; /* whose depends hold this item, children included */
    struct item **children;
    uint32_t depend_count, dependent_count, child_count, alter_count;
    size_t alter_capacity;
    enum fate fate; /* of the stand-in's items */
    bool in_main;
    bool queued;
    bool swapped; /* a type of the stand-in's that columns keep using until they have moved to the new one */
    bool
        forced; /* of the stand-in's items: stays, but must let go of something that is rebuilt, and take it up again */
    const struct item *cause;  /* why an item goes that main still has or that main lacks and may stay */
    struct item *replaces;     /* main's type, of another class: the stand-in's of the same name */
    struct item *replaced_by;  /* the reverse */
    struct step *created_by;   /* main's items and extras that are rebuilt */
    struct step *dropped_by;   /* the stand-in's items */
    struct step *refreshed_by; /* a materialized view's */
    struct step *renamed_by;   /* main's items: see rename.c */
    size_t visited;            /* needs.c: the number of the last walk that came by */
    struct step *stub;         /* a view's or function's first part: see split.c */
    struct step *shell;        /* a type's, whose functions name it before it is made */
    bool not_null_remade;      /* main's columns: see alter_not_null.c */
    bool not_null_lost;        /* main's columns: NOT NULL goes with the old type, and comes back after the rows */
    bool not_null_set;         /* … by a step of the change of type */
    struct step **alters;      /* main's items: the steps that alter the stand-in's other */
};

struct step {
    enum step_kind kind;
    struct item *item; /* the target's item; the stand-in's for a drop */
    enum action action;
    enum timing timing;
    bool refers;         /* an alter whose old or new value names other objects: it waits for them and holds them */
    bool late;           /* an alter that what depends on the item need not wait for */
    bool retypes;        /* an alter until which a column has not its type yet: what depends on the column waits */
    bool attaches;       /* makes a table a partition or a child */
    bool detaches;       /* the reverse */
    bool before_parents; /* an alter of a child's column that those of its parents' take up */
    bool after_detach;   /* an alter of a column that is inherited until its table lets go */
    const char *to_text, *from_text; /* as of struct alteration */
    const char *sql;
    const char **risks;
    size_t risk_count;
    struct need *needs; /* steps that run before this one */
    size_t need_count, need_capacity;
    size_t number; /* in the order in which steps were added */
};

struct need {
    struct step *step;
    bool soft; /* better so, but a cycle may be cut here */
};

struct changes {
    const struct schema_diff_options *options;
    struct arena *arena;   /* of the result */
    struct arena *scratch; /* of the job */
    struct item *main, *standin;
    size_t main_count, standin_count;
    const struct catalog *main_catalog, *standin_catalog; /* an item has its object's number */
    struct step **steps;
    size_t step_count, step_capacity;
    struct column_fate *fates;
    size_t fate_count, fate_capacity;
    const char **warnings;
    size_t warning_count, warning_capacity;
    int main_version, standin_version;
    struct map *rebuilds; /* "class identity" of what is to be rebuilt although it could be replaced: split.c */
    bool again;           /* one was added: the steps are to be made anew */
};

/* changes.c */
void changes_begin(struct changes *changes, const struct catalog *main, const struct catalog *standin,
                   const struct schema_diff_options *options, struct arena *arena);
void changes_end(struct changes *changes);

/* Adds a step; sql is copied and cleared. risks: words separated by `;`, or NULL. */
struct step *step_add(struct changes *changes, enum step_kind kind, struct item *item, enum timing timing,
                      struct text *sql, const char *risks);
void step_sql(struct changes *changes, struct step *step, struct text *sql);  /* sets or replaces its SQL; likewise */
void step_risk(struct changes *changes, struct step *step, const char *risk); /* no duplicates */
void step_needs(struct step *step, struct step *needed);                      /* either may be NULL: then nothing */
void step_prefers(struct step *step, struct step *needed);                    /* a soft need */
void changes_warn(struct changes *changes, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct item *item_in_main(const struct changes *changes, enum object_class class, const char *identity);
struct item *item_in_standin(const struct changes *changes, enum object_class class, const char *identity);

/* item.c */
const char *item_field(const struct item *item, const char *field); /* NULL for SQL NULL and for no such field */
bool field_is(const struct item *item, const char *field, const char *value); /* value NULL: SQL NULL */
bool same_field(const struct item *a, const struct item *b, const char *field);
bool same_type(const struct item *a, const struct item *b); /* of columns: collation included */

struct item *default_of(const struct item *column); /* NULL: none */

/* Is all there that the item needs when its table (or NULL) is created, but for functions of the database? */
bool is_self_contained(const struct item *item, const struct item *table);

/* The item as it is in the target state: main's where there is one. */
struct item *target_of(struct item *item);

/* Does the item come into being by this plan (for main's items), or does it go (for the stand-in's)? */
bool is_created(const struct item *item);
bool is_gone(const struct item *item);

/* grantors.c: adds to the grant's depends those that let its grantor grant it; parents know their children by then. */
void hang_on_grant_option(struct arena *arena, struct item *grant);

/* swap.c: a type or collation that is rebuilt while columns of it stay is renamed, and dropped once they have moved. */
void pair_types(struct changes *changes); /* those of the same name and another class */
bool needs_swap(const struct item *type);
void append_swap(struct changes *changes, struct text *sql,
                 const struct item *type); /* ALTER TYPE … RENAME, in front of CREATE */
void append_old_name(struct text *sql, const char *schema, const char *name); /* what it is renamed to */
void append_swap_drop(struct text *sql, const struct item *type);             /* DROP TYPE of the renamed one */

/* The name of the multirange type that the server makes along with a range type. */
const char *multirange_of(struct arena *arena, const struct item *range, const char **schema);

/* inherit.c: the same column, constraint, index or trigger of the table that this one's table inherits from or is a
 * partition of: where it is there, PostgreSQL creates, alters and drops this one along with it. NULL else. */
struct item *inherited_from(const struct item *item);
struct item *inherited_on(const struct item *item); /* likewise; of several parents one that its table does not leave */
/* The parent's check that the child has as its own besides. NULL: none. */
struct item *merged_from(const struct item *check);
struct item *column_named(const struct item *table, const char *name); /* NULL: it has none */
struct item *parents_column(const struct item *column);                /* of the same name, inherited or local */
bool is_key(const struct item *item);                                  /* a constraint that has an index */
bool is_unique_index(const struct item *item);
/* The table's key or index: is it its replica identity, by name? */
bool is_replica_identity(const struct item *table, const struct item *index);
/* Also WITHOUT OVERLAPS. A partitioned table's is not made of those of its partitions: the server attaches none, and
 * makes a partition's itself, under a name of its choice. */
bool is_exclusion(const struct item *item);
bool is_key_on_index(const struct item *item); /* a partition's key, attached to a plain index: neither can be
                                                * dropped while the partition is one */
/* Main's check of a child that is one already, however it leaves its parent for a while: the parent's new check brings
 * it. */
bool comes_with_parents(const struct item *check);
bool stays_with_child(const struct item *item); /* the stand-in's column or check: does a child keep it as its own? */
/* Is there one of each partition attached to it? The server takes no other for a partition's. */
bool is_whole_index(const struct item *index);
bool lacks_index(const struct item *table, const struct item *index); /* index: of its parent; no whole one attached */
bool is_child_of(const struct item *table, const struct item *parent);
bool stays_child_of(const struct item *table, const struct item *parent); /* the stand-in's: all the time */
const struct item *partitioned_parent(const struct item *table);          /* NULL: it is no partition */
bool leaves_parent(const struct item *old);  /* a partition of the stand-in's is detached, be it for a while */
bool leaves_parents(const struct item *old); /* it, or one that it is a partition of */
/* The trigger of its name of the nearest table above that has one: what the server cloned, through clones whose state
 * is their parent's, which are in no catalog. */
struct item *cloned_from(const struct item *trigger);

/* names.c: the keys of the name spaces that the item's name is taken in; a table's one primary key is a name too. */
enum { NAME_SPACES = 3 };
size_t name_keys(const struct item *item, struct arena *arena, const char *keys[NAME_SPACES]);

void connect_names(struct changes *changes); /* who takes a name waits for who frees it */
