/*
 * The rule table: what the tool does about a difference, for each class and field. Private to plan/schema.
 */
#pragma once

#include "plan/schema/changes/changes.h"

enum how {
    HOW_ALTER,   /* the template, one step per difference */
    HOW_CUSTOM,  /* a function, once per object however many of its fields differ */
    HOW_REPLACE, /* CREATE OR REPLACE where `allowed` says that PostgreSQL takes it, else a rebuild */
    HOW_REBUILD, /* drop and create, with what hangs on it; not where `allowed` says that nothing is to be done */
    HOW_FOLLOWS, /* differs only together with the field `leader` of the same object, whose rule does it all */
    HOW_PARENT,  /* its parent's list of it is compared as a whole: alterations or a rebuild of the parent */
    HOW_NEVER,   /* is part of the identity, or of what a version brings along: no ALTER is there for it */
    HOW_IGNORE,  /* makes no difference that ALTER can remove, or that pg_dump shows */
};

/* What CREATE does about a field. */
enum at_creation {
    IN_CREATE,    /* the class's create function composes it */
    AFTER_CREATE, /* the rule brings the new object from `initial` to its value, in the same step */
    OWN_STEP,     /* as AFTER_CREATE, in a step of its own */
};

struct alteration;

struct rule {
    enum object_class class;
    const char *field;
    const char *value; /* the rule is for this new value only; ANY_VALUE, or NO_VALUE for SQL NULL */
    enum how how;
    const char *sql;    /* template.h */
    const char *leader; /* HOW_FOLLOWS */
    enum timing timing;
    const char *risks; /* separated by `;` */
    bool refers;       /* the value may name other objects */
    enum at_creation at_creation;
    const char *initial; /* what CREATE leaves the field at; ANY_VALUE: not known, the rule always runs */
    bool (*allowed)(const struct item *new, const struct item *old);
    bool (*custom)(struct changes *changes, struct item *new, struct item *old, struct alteration *alteration,
                   struct error *err);
};

/* What a custom function says; it begins with the rule's own timing, risks and refers. Empty sql: nothing to do. What
 * needs more than one step adds those itself. */
struct alteration {
    struct text sql;
    enum timing timing;
    const char *risks;
    bool refers, late;
    const char *to_text, *from_text; /* of a column's new type: the same in two statements, by way of text; else NULL */
};

/* Neither is ever compared as text. */
extern const char ANY_VALUE[], NO_VALUE[];

/* What a class as a whole does. */
struct class_rule {
    /* Composes CREATE (OR REPLACE) for the item into sql; step will carry it. May set created_by of children that it
     * creates along. NULL: the parent creates it. */
    bool (*create)(struct changes *changes, struct item *item, struct step *step, bool replace, struct text *sql,
                   struct error *err);
    const char *drop; /* template */
    bool (*drop_custom)(struct changes *changes, struct item *item, struct text *sql, struct error *err);
    enum timing create_timing;
    const char *create_risks, *drop_risks;
    bool with_parent; /* has no CREATE of its own */
    bool attribute;   /* says something of its parent: what main lacks never stays */
    bool precious;    /* holds rows: never dropped because of what it depends on */
};

const struct rule *rule_table(size_t *count); /* all rules, those of a field together; the first that fits counts */

/* NULL where no rule covers the field. */
const struct rule *rule_find(enum object_class class, const char *field, const char *value);
const struct class_rule *class_rule(enum object_class class); /* NULL: a class that no rule covers */
