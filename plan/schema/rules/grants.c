/* GRANT and REVOKE: one item per object, grantee and grantor. */
#include "plan/schema/rules/alter.h"
#include "plan/schema/rules/create.h"
#include "plan/schema/rules/template.h"

#include "common/memory.h"
#include "common/quote.h"

/* `FUNCTION public.f(integer)`; a column's privileges are its table's, with its name in brackets. */
static void append_target(struct text *sql, const struct item *target)
{
    switch (target->object->class) {
    case CLASS_COLUMN:
    case CLASS_VIEW_COLUMN:
        target = target->parent;
        text_appendf(sql, "TABLE %s", target->object->identity);
        break;
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_MATERIALIZED_VIEW:
    case CLASS_VIEW:
        text_appendf(sql, "TABLE %s", target->object->identity);
        break;
    case CLASS_DOMAIN:
        text_appendf(sql, "TYPE %s", target->object->identity);
        break;
    case CLASS_AGGREGATE:
        text_appendf(sql, "FUNCTION %s", target->object->identity);
        if (sql->length > 3 && strcmp(sql->data + sql->length - 3, "(*)") == 0) { /* of any row; GRANT says f() */
            sql->data[--sql->length] = '\0';
            sql->data[sql->length - 1] = ')';
        }
        break;
    case CLASS_SERVER:
        text_appendf(sql, "FOREIGN SERVER %s", target->object->identity);
        break;
    default:
        text_appendf(sql, "%s ", class_keyword(target->object->class));
        append_address(sql, target->object);
    }
}

static void append_role(struct text *sql, const char *role)
{
    if (strcmp(role, "public") == 0)
        text_append(sql, "PUBLIC");
    else
        quote_identifier(sql, role);
}

/* "SELECT, UPDATE", of a column "SELECT (c), UPDATE (c)": what `chosen` says of a list such as "SELECT*,UPDATE". */
static void list_privileges(struct text *list, const struct item *grant, const char *privileges, const char *other,
                            bool (*chosen)(const char *other, const char *privilege, size_t length))
{
    const struct item *target = grant->parent;
    bool column = target->object->class == CLASS_COLUMN || target->object->class == CLASS_VIEW_COLUMN;

    for (const char *p = privileges; *p != '\0';) {
        size_t length = strcspn(p, ",");

        if (length > 0 && chosen(other, p, length)) {
            text_append(list, list->length > 0 ? ", " : "");
            text_append_bytes(list, p, length - (p[length - 1] == '*'));
            if (column) {
                text_append(list, " (");
                quote_identifier(list, target->object->name);
                text_append_char(list, ')');
            }
        }
        p += length + (p[length] == ',');
    }
}

/* Is the privilege (with its star, or not) in the list? */
static bool is_listed(const char *list, const char *privilege, size_t length)
{
    for (const char *p = list; *p != '\0';) {
        size_t own = strcspn(p, ",");

        if (own == length && strncmp(p, privilege, length) == 0)
            return true;
        p += own + (p[own] == ',');
    }
    return false;
}

static bool is_new_plain(const char *other, const char *privilege, size_t length)
{
    return privilege[length - 1] != '*' && !is_listed(other, privilege, length);
}

static bool is_new_grantable(const char *other, const char *privilege, size_t length)
{
    return privilege[length - 1] == '*' && !is_listed(other, privilege, length);
}

static bool is_gone_from(const char *other, const char *privilege, size_t length)
{
    size_t name = length - (privilege[length - 1] == '*');

    for (const char *p = other; *p != '\0';) {
        size_t own = strcspn(p, ",");

        if (own - (own > 0 && p[own - 1] == '*') == name && strncmp(p, privilege, name) == 0)
            return false;
        p += own + (p[own] == ',');
    }
    return true;
}

static bool loses_option(const char *other, const char *privilege, size_t length)
{
    return privilege[length - 1] == '*' && is_listed(other, privilege, length - 1);
}

/* GRANT, of what `had` has not, without (or with) the grant option. */
static void append_privileges(struct text *sql, const struct item *grant, const char *privileges, const char *had,
                              bool grantable)
{
    cleanup(text_free) struct text list = {0};

    list_privileges(&list, grant, privileges, had, grantable ? is_new_grantable : is_new_plain);
    if (list.length == 0)
        return;
    text_appendf(sql, "GRANT %s ON ", list.data);
    append_target(sql, grant->parent);
    text_append(sql, " TO ");
    append_role(sql, item_field(grant, "grantee"));
    text_append(sql, grantable ? " WITH GRANT OPTION" : "");
    text_append(sql, ";\n");
}

/* REVOKE, of what `chosen` says of the list `had` and main's. */
static bool append_lost(struct text *sql, const struct item *grant, const char *had, const char *privileges,
                        const char *what, bool (*chosen)(const char *other, const char *privilege, size_t length))
{
    cleanup(text_free) struct text list = {0};

    list_privileges(&list, grant, had, privileges, chosen);
    if (list.length == 0)
        return false;
    text_appendf(sql, "REVOKE %s%s ON ", what, list.data);
    append_target(sql, grant->parent);
    text_append(sql, " FROM ");
    append_role(sql, item_field(grant, "grantee"));
    text_append(sql, ";\n");
    return true;
}

static void append_revoke(struct text *sql, const struct item *grant)
{
    const struct item *target = grant->parent;

    text_append(sql, "REVOKE ALL ");
    if (target->object->class == CLASS_COLUMN || target->object->class == CLASS_VIEW_COLUMN) {
        text_append_char(sql, '(');
        quote_identifier(sql, target->object->name);
        text_append(sql, ") ");
    }
    text_append(sql, "ON ");
    append_target(sql, target);
    text_append(sql, " FROM ");
    append_role(sql, item_field(grant, "grantee"));
    text_append(sql, ";\n");
}

/* What another than the owner granted must be granted by that role again. */
static void begin_grantor(struct text *sql, const struct item *grant)
{
    if (field_is(grant, "grantor", NULL))
        return;
    text_append(sql, "SET LOCAL ROLE ");
    quote_identifier(sql, item_field(grant, "grantor"));
    text_append(sql, ";\n");
}

static void end_grantor(struct text *sql, const struct item *grant)
{
    if (!field_is(grant, "grantor", NULL))
        text_append(sql, "RESET ROLE;\n");
}

static const char *default_privilege(const struct item *target)
{
    switch (target->object->class) {
    case CLASS_FUNCTION:
    case CLASS_PROCEDURE:
    case CLASS_AGGREGATE:
        return "EXECUTE";
    case CLASS_ENUM:
    case CLASS_DOMAIN:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_RANGE_TYPE:
    case CLASS_BASE_TYPE:
    case CLASS_LANGUAGE:
        return "USAGE";
    default:
        return NULL;
    }
}

static bool is_default_grant(const struct item *grant)
{
    const char *privilege = default_privilege(grant->parent);

    return privilege != NULL && field_is(grant, "grantee", "public") && field_is(grant, "of_owner", "false") &&
           field_is(grant, "grantor", NULL) && field_is(grant, "privileges", privilege);
}

/* REVOKE on a table takes the grantee's privileges on its columns along: those that main has are granted again. */
static void grant_columns_again(struct text *sql, const struct item *grant)
{
    const struct item *table = grant->in_main ? grant->parent : grant->parent->other;

    for (size_t i = 0; table != NULL && i < table->child_count; i++) {
        const struct item *column = table->children[i];
        bool is_column = column->object->class == CLASS_COLUMN || column->object->class == CLASS_VIEW_COLUMN;

        for (size_t j = 0; is_column && !is_created(column) && j < column->child_count; j++) {
            const struct item *own = column->children[j];

            if (own->object->class != CLASS_GRANT || !same_field(own, grant, "grantee") ||
                !same_field(own, grant, "grantor"))
                continue;
            append_privileges(sql, own, item_field(own, "privileges"), "", false);
            append_privileges(sql, own, item_field(own, "privileges"), "", true);
        }
    }
}

static bool defaults_touch(const struct changes *changes, const struct item *item, const char *grantee);

CREATES(create_grant)
{
    (void)step, (void)replace, (void)err;
    const char *privileges = item_field(item, "privileges");

    /* A shell takes no GRANT: it has its defaults. The stand-in's default privileges may take from everybody what the
     * server grants by itself. */
    if (item->parent->object->class == CLASS_SHELL_TYPE ||
        (is_created(item->parent) && is_default_grant(item) && !defaults_touch(changes, item->parent, "public")))
        return true;
    begin_grantor(sql, item);
    if (field_is(item, "of_owner", "true") ||
        (is_created(item->parent) && defaults_touch(changes, item->parent, item_field(item, "grantee"))))
        append_revoke(sql, item);
    append_privileges(sql, item, privileges, "", false);
    append_privileges(sql, item, privileges, "", true);
    end_grantor(sql, item);
    return true;
}

bool drop_grant(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    if (field_is(item, "of_owner", "true")) {
        /* An owner may have got grant options while another one was the owner: GRANT leaves them. */
        if (strchr(item_field(item, "privileges"), '*') != NULL)
            append_revoke(sql, item);
        text_append(sql, "GRANT ALL ON ");
        append_target(sql, item->parent);
        text_append(sql, " TO ");
        append_role(sql, item_field(item, "grantee"));
        text_append(sql, ";\n");
        return true;
    }
    begin_grantor(sql, item);
    append_revoke(sql, item);
    grant_columns_again(sql, item);
    end_grantor(sql, item);
    return true;
}

static const struct item *owned_object(const struct item *item);

/* ALTER … OWNER gives the new owner what the old one had and granted: the stand-in's lists are others by then. */
static bool keeps_owner(const struct item *target)
{
    const struct item *owned = owned_object(target);

    return owned->other != NULL && same_field(owned, owned->other, "owner");
}

/* What others granted by a grant option would go with CASCADE alone: they let go first, and come again. */
bool grant_alterable(const struct item *new, const struct item *old)
{
    const char *had = item_field(old, "privileges"), *privileges = item_field(new, "privileges");

    if (old->dependent_count == 0)
        return true;
    if (!keeps_owner(new->parent))
        return false;
    for (const char *p = had; *p != '\0';) {
        size_t length = strcspn(p, ",");

        if (is_gone_from(privileges, p, length) || loses_option(privileges, p, length))
            return false;
        p += length + (p[length] == ',');
    }
    return true;
}

ALTERATION(alter_grant)
{
    (void)changes, (void)err;
    alteration->refers = true; /* the object's owner and name are main's by then */
    const char *had = item_field(old, "privileges"), *privileges = item_field(new, "privileges");
    struct text *sql = &alteration->sql;
    bool revoked = true;

    begin_grantor(sql, new);
    if (keeps_owner(new->parent)) {
        revoked = append_lost(sql, new, had, privileges, "", is_gone_from);
        append_lost(sql, new, had, privileges, "GRANT OPTION FOR ", loses_option);
    } else {
        append_revoke(sql, new);
        had = "";
    }
    append_privileges(sql, new, privileges, had, false);
    append_privileges(sql, new, privileges, had, true);
    if (revoked)
        grant_columns_again(sql, new);
    end_grantor(sql, new);
    return true;
}

/* --- Default privileges --- */

/* What ALTER DEFAULT PRIVILEGES calls the class; NULL where it has nothing to say. */
static const char *object_type(const struct item *item)
{
    switch (item->object->class) {
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_VIEW:
    case CLASS_MATERIALIZED_VIEW:
        return "TABLES";
    case CLASS_SEQUENCE:
    case CLASS_IDENTITY_SEQUENCE:
        return "SEQUENCES";
    case CLASS_FUNCTION:
    case CLASS_PROCEDURE:
    case CLASS_AGGREGATE:
        return "FUNCTIONS";
    case CLASS_ENUM:
    case CLASS_DOMAIN:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_RANGE_TYPE:
    case CLASS_BASE_TYPE:
        return "TYPES";
    case CLASS_SCHEMA:
        return "SCHEMAS";
    default:
        return NULL;
    }
}

/* An identity column's sequence is in its table's schema, and its owner is the table's; so is a column's. */
static const struct item *owned_object(const struct item *item)
{
    switch (item->object->class) {
    case CLASS_COLUMN:
    case CLASS_VIEW_COLUMN:
        return item->parent;
    case CLASS_IDENTITY_SEQUENCE:
        return item->parent->parent;
    default:
        return item;
    }
}

/* Would these default privileges of the stand-in touch the new object? Whose they are does not matter: the owner's, or
 * those of whoever runs apply. */
static bool applies(const struct item *defaults, const struct item *item)
{
    const char *schema = item_field(defaults, "in_schema");

    return object_type(item) != NULL && field_is(defaults, "object_type", object_type(item)) &&
           (schema == NULL ||
            (owned_object(item)->object->schema != NULL && strcmp(schema, owned_object(item)->object->schema) == 0));
}

static bool defaults_touch(const struct changes *changes, const struct item *item, const char *grantee)
{
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *defaults = &changes->standin[i];

        if (defaults->object->class > CLASS_DEFAULT_PRIVILEGES)
            break;
        if (defaults->object->class == CLASS_DEFAULT_PRIVILEGES && applies(defaults, item) &&
            (grantee == NULL || field_is(defaults, "grantee", grantee)))
            return true;
    }
    return false;
}

static void revoke_from(struct text *sql, const struct item *item, const char *role)
{
    text_append(sql, "REVOKE ALL ON ");
    append_target(sql, item);
    text_append(sql, " FROM ");
    append_role(sql, role);
    text_append(sql, ";\n");
}

static bool has_grant(const struct item *item, const char *grantee)
{
    for (size_t i = 0; i < item->child_count; i++)
        if (item->children[i]->object->class == CLASS_GRANT && field_is(item->children[i], "grantee", grantee))
            return true;
    return false;
}

void revoke_defaults(const struct changes *changes, const struct item *item, struct text *sql)
{
    bool public_is_default = false;

    if (!changes->options->privileges)
        return;
    for (size_t i = 0; i < item->child_count; i++)
        public_is_default |= item->children[i]->object->class == CLASS_GRANT && is_default_grant(item->children[i]);
    if (default_privilege(item) != NULL && !public_is_default)
        revoke_from(sql, item, "public");
    if (object_type(item) == NULL || !defaults_touch(changes, item, NULL))
        return;
    for (size_t i = 0; i < changes->standin_count; i++) {
        const struct item *defaults = &changes->standin[i];

        if (defaults->object->class != CLASS_DEFAULT_PRIVILEGES || !applies(defaults, item))
            continue;
        const char *grantee = item_field(defaults, "grantee");
        bool owner = field_is(owned_object(item), "owner", grantee);
        if (strcmp(grantee, "public") == 0 ? default_privilege(item) == NULL && !has_grant(item, grantee)
                                           : !owner && !has_grant(item, grantee))
            revoke_from(sql, item, grantee);
        if (owner && !has_grant(item, grantee)) {
            text_append(sql, "GRANT ALL ON ");
            append_target(sql, item);
            text_append(sql, " TO ");
            append_role(sql, grantee);
            text_append(sql, ";\n");
        }
    }
}

/* --- Grants on members of extensions, and default privileges: both know what was granted in the beginning --- */

static void grant_list(struct text *sql, const struct item *item, const char *privileges, bool grantable,
                       const char *verb)
{
    cleanup(text_free) struct text list = {0};

    for (const char *p = privileges; *p != '\0';) {
        size_t length = strcspn(p, ",");
        bool starred = length > 0 && p[length - 1] == '*';

        if (starred == grantable) {
            text_append(&list, list.length > 0 ? ", " : "");
            text_append_bytes(&list, p, length - starred);
        }
        p += length + (p[length] == ',');
    }
    if (list.length == 0)
        return;
    text_appendf(sql, "%sGRANT %s ON %s TO ", verb, list.data,
                 item_field(item, item->object->class == CLASS_EXTENSION_GRANT ? "on" : "object_type"));
    append_role(sql, item_field(item, "grantee"));
    text_append(sql, grantable ? " WITH GRANT OPTION;\n" : ";\n");
}

/* Of default privileges. */
static void set_list(struct text *sql, const struct item *item, const char *privileges)
{
    cleanup(text_free) struct text verb = {0};

    text_append(&verb, "ALTER DEFAULT PRIVILEGES FOR ROLE ");
    quote_identifier(&verb, item_field(item, "role"));
    if (!field_is(item, "in_schema", NULL)) {
        text_append(&verb, " IN SCHEMA ");
        quote_identifier(&verb, item_field(item, "in_schema"));
    }
    text_append_char(&verb, ' ');
    text_appendf(sql, "%sREVOKE ALL ON %s FROM ", verb.data, item_field(item, "object_type"));
    append_role(sql, item_field(item, "grantee"));
    text_append(sql, ";\n");
    grant_list(sql, item, privileges, false, verb.data);
    grant_list(sql, item, privileges, true, verb.data);
}

/* Says what is in `from` and not in `to`. What changes its grant option alone is taken back and given again. */
static void take_list(struct text *sql, const struct item *item, const char *from, const char *to)
{
    cleanup(text_free) struct text list = {0};

    for (const char *p = from; *p != '\0';) {
        size_t length = strcspn(p, ",");

        if (!is_listed(to, p, length)) {
            text_append(&list, list.length > 0 ? ", " : "");
            text_append_bytes(&list, p, length - (p[length - 1] == '*'));
        }
        p += length + (p[length] == ',');
    }
    if (list.length == 0)
        return;
    text_appendf(sql, "REVOKE %s ON %s FROM ", list.data, item_field(item, "on"));
    append_role(sql, item_field(item, "grantee"));
    text_append(sql, ";\n");
}

static void give_list(struct text *sql, struct arena *arena, const struct item *item, const char *from, const char *to)
{
    cleanup(text_free) struct text list = {0};

    text_append(&list, "");
    for (const char *p = to; *p != '\0';) {
        size_t length = strcspn(p, ",");

        if (!is_listed(from, p, length)) {
            text_append(&list, list.length > 0 ? "," : "");
            text_append_bytes(&list, p, length);
        }
        p += length + (p[length] == ',');
    }
    const char *privileges = arena_string(arena, list.data);
    grant_list(sql, item, privileges, false, "");
    grant_list(sql, item, privileges, true, "");
}

/* Members of extensions, and the system's own objects, keep what they have besides. */
static void change_list(struct text *sql, struct arena *arena, const struct item *item, const char *from,
                        const char *to)
{
    if (item->object->class == CLASS_DEFAULT_PRIVILEGES) {
        set_list(sql, item, to);
        return;
    }
    take_list(sql, item, from, to);
    give_list(sql, arena, item, from, to);
}

CREATES(create_listed_grant)
{
    (void)step, (void)replace, (void)err;
    change_list(sql, changes->scratch, item, item_field(item, "initial"), item_field(item, "privileges"));
    return true;
}

bool drop_listed_grant(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)err;
    change_list(sql, changes->scratch, item, item_field(item, "privileges"), item_field(item, "initial"));
    return true;
}

ALTERATION(alter_listed_grant)
{
    (void)err;
    change_list(&alteration->sql, changes->scratch, new, item_field(old, "privileges"), item_field(new, "privileges"));
    if (new->object->class == CLASS_DEFAULT_PRIVILEGES)
        alteration->timing = TIMING_FINISH;
    return true;
}
