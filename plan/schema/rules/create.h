/* CREATE for each class, from its fields. Private to plan/schema; see rules.h. */
#pragma once

#include "plan/schema/rules/rules.h"

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
CREATES(create_listed_grant);
CREATES(create_security_label);
CREATES(create_base_type);

/* create_other.c */
CREATES(create_definition);
CREATES(create_rule);
CREATES(create_policy);
CREATES(create_operator_family);
CREATES(create_family_member); /* of a family that is no object */
CREATES(create_text_search_dictionary);
CREATES(create_text_search_configuration);
CREATES(create_text_search_mapping);
CREATES(create_materialized_view);

/* composite.c */
CREATES(create_composite_type);
CREATES(create_attribute);

/* foreign.c */
CREATES(create_foreign_data_wrapper);
CREATES(create_server);
CREATES(create_user_mapping);
void append_foreign_options(struct text *sql, struct arena *arena, const char *options); /* ` OPTIONS (…)` */

/* publication.c */
CREATES(create_publication);
CREATES(create_publication_table);
CREATES(create_publication_schema);
CREATES(create_subscription);

/* function_stub.c: CREATE OR REPLACE without what names other objects, its body and its defaults. */
void append_function_stub(struct text *sql, const struct item *function);

/* query.c: a definition with queries, as the server must read it to print the same again. */
void append_query(struct text *sql, const char *definition);

/* Drops that are no template. */
#define DROPS(name) bool name(struct changes *changes, struct item *item, struct text *sql, struct error *err)
DROPS(drop_comment);
DROPS(drop_family_member);
DROPS(drop_grant);
DROPS(drop_listed_grant);
DROPS(drop_security_label);
DROPS(drop_user_mapping);
DROPS(drop_subscription);
DROPS(drop_trigger);
DROPS(drop_column);
DROPS(drop_constraint);

/* create_table.c */
CREATES(create_table);
CREATES(create_column);
CREATES(create_default);

/* type_default.c */
const char *type_default(struct arena *arena, const struct item *type); /* an expression; NULL: none */
const struct item *type_of_item(const struct item *item);               /* a domain or base type; NULL: another one */
bool takes_default_over(const struct item *domain); /* from its base type: CREATE DOMAIN must name none */

/* identity.c */
CREATES(create_identity_sequence);
struct item *identity_of(const struct item *column);               /* its sequence; NULL where it has none of its own */
void append_identity(struct text *sql, const struct item *column); /* ` GENERATED … AS IDENTITY (…)` */

/* options.c: ` WITH (a=1, b='x y')` from an array of options; the options of a sequence or identity, each with a space
 * in front, whose fields are called prefix + start, …; nothing where a value is what CREATE SEQUENCE would choose. */
void append_storage_options(struct text *sql, struct arena *arena, const char *options, const char *prefix,
                            const char *before);
void append_sequence_options(struct text *sql, const struct item *item, const char *prefix);
