/* Operators, their classes and families, casts and transforms of a dump. */
#include "plan/dump/render.h"

#include "common/memory.h"
#include "common/quote.h"
#include "common/text.h"

bool parse_operator(struct entry *entry, struct error *err)
{
    static const struct rendering renderings[] = {
        {"PROCEDURE", NULL, RAW},  {"FUNCTION", "PROCEDURE", RAW}, {"LEFTARG", NULL, RAW},  {"RIGHTARG", NULL, RAW},
        {"COMMUTATOR", NULL, RAW}, {"NEGATOR", NULL, RAW},         {"RESTRICT", NULL, RAW}, {"JOIN", NULL, RAW},
        {"HASHES", NULL, FLAG},    {"MERGES", NULL, FLAG},
    };
    struct dump *dump = entry->dump;
    cleanup(text_free) struct text text = {0};
    cleanup(pairs_free) struct pairs pairs = {0};
    struct cursor *rest = &entry->cursor, inside, symbol;
    const char *schema;
    struct object *object;

    if (!cursor_words(rest, "CREATE OPERATOR") || !cursor_name(rest, dump->arena, &schema) ||
        !cursor_symbol(rest, '.') || !cursor_one(rest, &symbol))
        return unexpected(entry, err);
    if (!cursor_group(rest, &inside) || !pairs_read(dump, inside, &pairs))
        return unexpected(entry, err);
    const char *name = cursor_text(dump->arena, symbol);
    const struct pair *left = pairs_find(&pairs, "LEFTARG"), *right = pairs_find(&pairs, "RIGHTARG");
    const char *signature = arena_format(dump->arena, "(%s, %s)", left != NULL ? pair_text(dump, left) : "NONE",
                                         right != NULL ? pair_text(dump, right) : "NONE");
    text_appendf(&text, "CREATE OPERATOR %s.%s (", dump_identity(dump, NULL, schema), name);
    if (!render_list(dump, inside, renderings, array_length(renderings), &text))
        return unexpected(entry, err);
    text_append_char(&text, ')');
    if (!entry_add(entry, CLASS_OPERATOR, NULL, schema, name, signature, &object, err))
        return false;
    object_set_text(dump, object, "definition", text.data);
    return true;
}

/* One member of a class or family, in the live reader's spelling, with what it is sorted by. */
struct member {
    const char *text, *left, *right;
    int kind; /* 0: storage, 1: operator, 2: function */
    long number;
};

struct members {
    struct member *items;
    size_t count, capacity;
};

static void members_free(struct members *members)
{
    free(members->items);
}

static int compare_members(const void *left, const void *right)
{
    const struct member *one = left, *other = right;

    if (one->kind != other->kind)
        return one->kind - other->kind;
    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    int types = strcmp(one->left, other->left);
    return types != 0 ? types : strcmp(one->right, other->right);
}

static bool take_number(struct dump *dump, struct cursor *item, struct member *member)
{
    if (cursor_done(item) || item->at->kind != SQL_TOKEN_NUMBER)
        return false;
    member->number = strtol(cursor_text(dump->arena, (struct cursor){item->at, item->at + 1}), NULL, 10);
    item->at++;
    return true;
}

static bool take_types(struct dump *dump, struct cursor inside, struct member *member)
{
    member->left = cursor_text(dump->arena, cursor_until_symbol(&inside, ','));
    member->right = cursor_text(dump->arena, inside);
    return *member->left != '\0' && *member->right != '\0';
}

/* 1 schema.<(a,b) [FOR ORDER BY family] */
static bool take_operator(struct dump *dump, struct cursor item, struct member *member)
{
    const char *schema = "pg_catalog", *family_schema, *family;
    struct cursor inside, symbol;

    if (!take_number(dump, &item, member) || cursor_done(&item))
        return false;
    if (item.at->kind != SQL_TOKEN_OPERATOR &&
        (!cursor_name(&item, dump->arena, &schema) || !cursor_symbol(&item, '.')))
        return false;
    if (!cursor_one(&item, &symbol) || !cursor_group(&item, &inside) || !take_types(dump, inside, member))
        return false;
    const char *order = "";
    if (cursor_words(&item, "FOR ORDER BY")) {
        if (!cursor_qualified(&item, dump->arena, &family_schema, &family))
            return false;
        order = arena_format(dump->arena, " FOR ORDER BY %s",
                             dump_identity(dump, family_schema != NULL ? family_schema : "pg_catalog", family));
    }
    member->text =
        arena_format(dump->arena, "OPERATOR %ld %s.%s(%s, %s)%s", member->number, dump_identity(dump, NULL, schema),
                     cursor_text(dump->arena, symbol), member->left, member->right, order);
    return cursor_done(&item);
}

/* 1 (a, b) schema.f(a,b) */
static bool take_function(struct dump *dump, struct cursor item, struct member *member)
{
    struct cursor inside;

    if (!take_number(dump, &item, member) || !cursor_group(&item, &inside) || !take_types(dump, inside, member))
        return false;
    member->text = arena_format(dump->arena, "FUNCTION %ld (%s, %s) %s", member->number, member->left, member->right,
                                as_regprocedure(dump, item));
    return true;
}

static bool read_members(struct dump *dump, struct cursor list, struct members *members)
{
    while (!cursor_done(&list)) {
        struct cursor item = cursor_until_symbol(&list, ',');
        struct member member = {.left = "", .right = ""};
        if (cursor_words(&item, "STORAGE"))
            member.text = arena_format(dump->arena, "STORAGE %s", cursor_text(dump->arena, item));
        else if (cursor_words(&item, "OPERATOR") && take_operator(dump, item, &member))
            member.kind = 1;
        else if (cursor_words(&item, "FUNCTION") && take_function(dump, item, &member))
            member.kind = 2;
        else
            return false;
        array_reserve((void **)&members->items, &members->capacity, members->count + 1, sizeof *members->items);
        members->items[members->count++] = member;
    }
    if (members->count > 0)
        qsort(members->items, members->count, sizeof *members->items, compare_members);
    return true;
}

bool parse_operator_class(struct entry *entry, struct error *err)
{
    static const char *const using[] = {"USING", NULL};
    struct dump *dump = entry->dump;
    cleanup(members_free) struct members members = {0};
    cleanup(text_free) struct text text = {0};
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), type;
    const char *schema, *name, *method, *family_schema, *family;
    struct object *object;

    if (!cursor_words(&rest, "CREATE OPERATOR CLASS") || !cursor_qualified(&rest, dump->arena, &schema, &name))
        return unexpected(entry, err);
    bool is_default = cursor_words(&rest, "DEFAULT");
    if (!cursor_words(&rest, "FOR TYPE"))
        return unexpected(entry, err);
    type = cursor_until_words(&rest, using);
    if (!cursor_words(&rest, "USING") || !cursor_name(&rest, dump->arena, &method) || !cursor_words(&rest, "FAMILY") ||
        !cursor_qualified(&rest, dump->arena, &family_schema, &family) || !cursor_words(&rest, "AS") ||
        !read_members(dump, rest, &members))
        return unexpected(entry, err);
    const char *quoted_method = dump_identity(dump, NULL, method);
    text_appendf(&text, "CREATE OPERATOR CLASS %s%s FOR TYPE %s USING %s FAMILY %s AS ",
                 dump_identity(dump, schema, name), is_default ? " DEFAULT" : "", cursor_text(dump->arena, type),
                 quoted_method, dump_identity(dump, family_schema, family));
    for (size_t i = 0; i < members.count; i++)
        text_appendf(&text, "%s%s", i > 0 ? ", " : "", members.items[i].text);
    if (!entry_add(entry, CLASS_OPERATOR_CLASS, NULL, schema, name,
                   arena_format(dump->arena, " USING %s", quoted_method), &object, err))
        return false;
    object_set_text(dump, object, "definition", text.data);
    return true;
}

bool parse_operator_family(struct entry *entry, struct error *err)
{
    static const char *const add[] = {"ADD", NULL};
    struct dump *dump = entry->dump;
    cleanup(members_free) struct members members = {0};
    cleanup(items_free) struct items items = {0};
    struct cursor statement = cursor_until_symbol(&entry->cursor, ';');
    const char *schema, *name, *method;
    struct object *object;

    if (!cursor_words(&statement, "CREATE OPERATOR FAMILY") ||
        !cursor_qualified(&statement, dump->arena, &schema, &name) || !cursor_words(&statement, "USING") ||
        !cursor_name(&statement, dump->arena, &method))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_OPERATOR_FAMILY, NULL, schema, name,
                   arena_format(dump->arena, " USING %s", dump_identity(dump, NULL, method)), &object, err))
        return false;
    if (next_statement(&entry->cursor, &statement)) {
        cursor_until_words(&statement, add);
        if (!cursor_words(&statement, "ADD") || !read_members(dump, statement, &members))
            return unexpected(entry, err);
    }
    for (size_t i = 0; i < members.count; i++)
        items_add(&items, members.items[i].text);
    object_set_list(dump, object, "members", &items);
    return true;
}

bool parse_cast(struct entry *entry, struct error *err)
{
    static const char *const as[] = {"AS", NULL};
    struct dump *dump = entry->dump;
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), inside, source;
    struct object *object;

    if (!cursor_words(&rest, "CREATE CAST") || !cursor_group(&rest, &inside))
        return unexpected(entry, err);
    source = cursor_until_words(&inside, as);
    if (!cursor_words(&inside, "AS"))
        return unexpected(entry, err);
    const char *signature =
        arena_format(dump->arena, "(%s AS %s)", cursor_text(dump->arena, source), cursor_text(dump->arena, inside));
    const char *method = cursor_words(&rest, "WITHOUT FUNCTION") ? "WITHOUT FUNCTION"
                         : cursor_words(&rest, "WITH INOUT")     ? "WITH INOUT"
                                                                 : NULL;
    if (method == NULL) {
        if (!cursor_words(&rest, "WITH FUNCTION"))
            return unexpected(entry, err);
        method = arena_format(dump->arena, "WITH FUNCTION %s", as_regprocedure(dump, cursor_until_words(&rest, as)));
    }
    const char *context = cursor_words(&rest, "AS ASSIGNMENT") ? " AS ASSIGNMENT"
                          : cursor_words(&rest, "AS IMPLICIT") ? " AS IMPLICIT"
                                                               : "";
    if (!cursor_done(&rest))
        return unexpected(entry, err);
    if (!entry_add(entry, CLASS_CAST, NULL, NULL, NULL, signature, &object, err))
        return false;
    object_set(object, "definition", arena_format(dump->arena, "CREATE CAST %s %s%s", signature, method, context));
    return true;
}

bool parse_transform(struct entry *entry, struct error *err)
{
    static const char *const language[] = {"LANGUAGE", NULL};
    struct dump *dump = entry->dump;
    cleanup(text_free) struct text text = {0};
    struct cursor rest = cursor_until_symbol(&entry->cursor, ';'), inside, type;
    const char *name;
    struct object *object;

    if (!cursor_words(&rest, "CREATE TRANSFORM FOR"))
        return unexpected(entry, err);
    type = cursor_until_words(&rest, language);
    if (!cursor_words(&rest, "LANGUAGE") || !cursor_name(&rest, dump->arena, &name) || !cursor_group(&rest, &inside))
        return unexpected(entry, err);
    const char *signature = arena_format(dump->arena, "FOR %s LANGUAGE %s", cursor_text(dump->arena, type),
                                         dump_identity(dump, NULL, name));
    text_appendf(&text, "CREATE TRANSFORM %s (", signature);
    while (!cursor_done(&inside)) {
        struct cursor item = cursor_until_symbol(&inside, ',');
        bool from = cursor_words(&item, "FROM SQL WITH FUNCTION");
        if (!from && !cursor_words(&item, "TO SQL WITH FUNCTION"))
            return unexpected(entry, err);
        text_appendf(&text, "%s SQL WITH FUNCTION %s%s", from ? "FROM" : "TO", as_regprocedure(dump, item),
                     cursor_done(&inside) ? "" : ", ");
    }
    text_append_char(&text, ')');
    if (!entry_add(entry, CLASS_TRANSFORM, NULL, NULL, NULL, signature, &object, err))
        return false;
    object_set_text(dump, object, "definition", text.data);
    return true;
}
