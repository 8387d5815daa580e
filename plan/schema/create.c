/* CREATE for each class but tables and columns. */
#include "plan/schema/create.h"
#include "plan/schema/alter.h"

#include "plan/schema/template.h"

#include "common/catalog/array_text.h"
#include "common/catalog/sql_tokens.h"
#include "common/memory.h"
#include "common/quote.h"

/* `name=value` as `name='value'`, which is right for every option that PostgreSQL has. */
static void append_option(struct text *sql, const char *option, const char *prefix)
{
    const char *equals = strchr(option, '=');

    text_append(sql, prefix);
    if (equals == NULL) {
        text_append(sql, option);
        return;
    }
    text_append_bytes(sql, option, (size_t)(equals - option + 1));
    quote_literal(sql, equals + 1);
}

void append_storage_options(struct text *sql, struct arena *arena, const char *options, const char *prefix,
                            const char *before)
{
    const char **items;
    size_t count;

    if (!array_text_parse(arena, options, &items, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        text_append(sql, i == 0 ? before : ", ");
        append_option(sql, items[i], prefix);
    }
}

void append_sequence_options(struct text *sql, const struct item *item, const char *prefix)
{
    static const struct {
        const char *field, *clause;
    } options[] = {{"start", " START WITH "},
                   {"increment", " INCREMENT BY "},
                   {"minimum", " MINVALUE "},
                   {"maximum", " MAXVALUE "},
                   {"cache", " CACHE "}};

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        cleanup(text_free) struct text field = {0};
        text_appendf(&field, "%s%s", prefix, options[i].field);
        const char *value = item_field(item, field.data);
        if (value != NULL)
            text_appendf(sql, "%s%s", options[i].clause, value);
    }
    cleanup(text_free) struct text field = {0};
    text_appendf(&field, "%scycle", prefix);
    text_append(sql, field_is(item, field.data, "true") ? " CYCLE" : " NO CYCLE");
}

CREATES(create_schema)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "CREATE SCHEMA %o;", item, NULL, NULL);
    return true;
}

CREATES(create_extension)
{
    (void)changes, (void)step, (void)replace, (void)err;
    text_append(sql, "CREATE EXTENSION ");
    quote_identifier(sql, item->object->name);
    text_append(sql, " WITH SCHEMA ");
    quote_identifier(sql, item_field(item, "schema"));
    if (!field_is(item, "version", NULL)) {
        text_append(sql, " VERSION ");
        quote_literal(sql, item_field(item, "version"));
    }
    text_append(sql, ";\n");
    return true;
}

CREATES(create_domain)
{
    (void)step, (void)replace;
    const char *collation = item_field(item, "collation"), *value = item_field(item, "default");
    const struct item *type = type_of_item(item);
    const char *inherited = type != NULL ? type_default(changes->scratch, type) : NULL;
    cleanup(text_free) struct text later = {0};

    if (takes_default_over(item) && type != NULL && (inherited == NULL || strcmp(inherited, value) != 0)) {
        error_set(err, ERROR_REFUSED, "domain %s has a default that its base type had when it was made",
                  item->object->identity);
        return error_hint(err,
                          "No statement can make such a domain now. ALTER DOMAIN %s SET DEFAULT %s on main gives "
                          "it the same default as its own.",
                          item->object->identity, value);
    }

    text_appendf(sql, "CREATE DOMAIN %s AS %s", item->object->identity, item_field(item, "type"));
    if (collation != NULL)
        text_appendf(sql, " COLLATE %s", collation);
    if (value != NULL && !takes_default_over(item))
        text_appendf(sql, " DEFAULT %s", value);
    if (field_is(item, "not_null", "true") && changes->options->rows_follow && holds_rows(item) &&
        !is_stored_inside(item)) {
        set_domain_not_null(&later, item);
        step_add(changes, STEP_ALTER, item, TIMING_AFTER, &later, "scan");
    } else if (field_is(item, "not_null", "true")) {
        append_not_null(sql, item);
    }
    text_append(sql, ";\n");
    if (value == NULL && inherited != NULL)
        template_expand(sql, "ALTER DOMAIN %o DROP DEFAULT;", item, NULL, NULL);
    return true;
}

CREATES(create_function)
{
    (void)changes, (void)step, (void)replace, (void)err;
    const char *definition = item_field(item, "definition");
    size_t length = strlen(definition);

    while (length > 0 && definition[length - 1] == '\n')
        length--;
    text_append_bytes(sql, definition, length);
    text_append(sql, ";\n");
    return true;
}

CREATES(create_sequence)
{
    (void)changes, (void)step, (void)replace, (void)err;
    text_appendf(sql, "CREATE %sSEQUENCE %s AS %s", field_is(item, "persistence", "unlogged") ? "UNLOGGED " : "",
                 item->object->identity, item_field(item, "type"));
    append_sequence_options(sql, item, "");
    text_append(sql, ";\n");
    return true;
}

/* The columns of a view come and go with it. */
CREATES(create_view)
{
    (void)err;
    const char *definition = item_field(item, "definition");

    text_appendf(sql, "CREATE %sVIEW %s", replace ? "OR REPLACE " : "", item->object->identity);
    size_t before = sql->length;
    append_storage_options(sql, changes->scratch, item_field(item, "options"), "", " WITH (");
    text_append(sql, sql->length > before ? ")" : "");
    text_appendf(sql, " AS\n%s\n", definition);
    for (size_t i = 0; i < item->child_count; i++)
        if (item->children[i]->object->class == CLASS_VIEW_COLUMN && is_created(item->children[i]))
            item->children[i]->created_by = step;
    return true;
}

CREATES(create_constraint)
{
    (void)replace;
    struct item *above = inherited_from(item);
    bool foreign = field_is(item, "type", "foreign key"), check = field_is(item, "type", "check");
    bool exclusion = is_exclusion(item);

    /* PostgreSQL makes a partition's foreign key and exclusion constraint from its parent's, and a check of a child
     * that is one already. */
    if (above != NULL && (foreign || exclusion || (check && comes_with_parents(item)))) {
        step_needs(step, above->created_by);
        if (check && field_is(item, "validated", "true") && !same_field(item, above, "validated")) {
            cleanup(text_free) struct text validate = {0};

            template_expand(&validate, "ALTER %K %p VALIDATE CONSTRAINT %n;", item, NULL, NULL);
            step_add(changes, STEP_ALTER, item, TIMING_FOREIGN_KEYS, &validate, "lock:SHARE UPDATE EXCLUSIVE;scan");
        }
        return true;
    }
    text_appendf(sql, "ALTER %s ", class_keyword(item->parent->object->class));
    /* Keys of a partitioned table are made for it alone: those of its partitions are objects of their own. */
    if (is_key(item) && !exclusion && field_is(item->parent, "kind", "partitioned"))
        text_append(sql, "ONLY ");
    template_expand(sql, "%p ADD CONSTRAINT %n %{definition};", item, NULL, NULL);
    /* The rule for parent_constraint does not see a key that is attached to a plain index. */
    if (above != NULL && above->object->class == CLASS_INDEX) {
        struct alteration attach = {.timing = TIMING_AFTER};
        bool ok = attach_index(changes, item, NULL, &attach, err);

        if (ok && attach.sql.length > 0)
            step_add(changes, STEP_ALTER, item, attach.timing, &attach.sql, attach.risks)->late = true;
        text_free(&attach.sql);
        if (!ok)
            return false;
    }
    /* Once values lie inside of arrays or composite types the server cannot check them. One that is not valid waits:
     * it holds of every new value, and main's rows may break it. */
    if (item->parent->object->class == CLASS_DOMAIN && is_created(item->parent) &&
        field_is(item, "validated", "true") && (is_self_contained(item, NULL) || is_stored_inside(item->parent)))
        step->timing = TIMING_BEFORE;
    if (foreign) {
        step->timing = TIMING_FOREIGN_KEYS;
        step_risk(changes, step, "lock:SHARE ROW EXCLUSIVE");
    } else if (item->parent->object->class == CLASS_TABLE) {
        step_risk(changes, step, "lock:ACCESS EXCLUSIVE");
    }
    if (strstr(item_field(item, "definition"), " NOT VALID") == NULL)
        step_risk(changes, step, "scan");
    return true;
}

CREATES(create_index)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "%{definition};", item, NULL, NULL);
    return true;
}

/* A base type or a range type with functions of its own is first a shell, which these functions can name. */
CREATES(create_base_type)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, item->object->class == CLASS_SHELL_TYPE ? "CREATE TYPE %o;" : "%{definition};", item, NULL,
                    NULL);
    return true;
}

/* The trigger that a partition has from its parent cannot go: it takes the parent's state again. */
bool drop_trigger(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    const char *state = "origin";

    if (!field_is(item, "cloned", "true")) {
        template_expand(sql, "DROP TRIGGER %n ON %p;", item, NULL, NULL);
        return true;
    }
    /* DETACH, and the drop of the trigger above, take it along. */
    const struct item *above = cloned_from(item);
    if (above == NULL || is_gone(above) || leaves_parents(item->parent))
        return true;
    if (above->other != NULL)
        state = item_field(above->other, "enabled");
    const struct rule *rule = rule_find(CLASS_TRIGGER, "enabled", state);
    template_expand(sql, rule->sql, item, NULL, NULL);
    return true;
}

CREATES(create_security_label)
{
    (void)changes, (void)step, (void)replace, (void)err;
    template_expand(sql, "SECURITY LABEL FOR %{provider} ON %K %p IS %l;", item, item_field(item, "label"), NULL);
    return true;
}

bool drop_security_label(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    template_expand(sql, "SECURITY LABEL FOR %{provider} ON %K %p IS NULL;", item, NULL, NULL);
    return true;
}

/* The reader says EXECUTE FUNCTION whatever the server prints; before 11 there is but PROCEDURE. */
static void append_old_trigger(struct text *sql, const char *definition)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    sql_tokens_read(&tokens, definition);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const struct sql_token *word = &tokens.items[i + 1];

        if (!sql_token_is(&tokens.items[i], "EXECUTE") || !sql_token_is(word, "FUNCTION"))
            continue;
        text_append_bytes(sql, definition, (size_t)(word->text - definition));
        text_appendf(sql, "PROCEDURE%s;\n", word->text + word->length);
        return;
    }
}

CREATES(create_trigger)
{
    (void)step, (void)replace;
    /* PostgreSQL made it from the parent's trigger; only its state is its own. */
    if (field_is(item, "cloned", "true")) {
        const struct rule *rule = rule_find(CLASS_TRIGGER, "enabled", item_field(item, "enabled"));
        if (rule == NULL)
            return no_rule(item, "enabled", err);
        template_expand(sql, rule->sql, item, NULL, NULL);
        return true;
    }
    if (changes->standin_version < 110000)
        append_old_trigger(sql, item_field(item, "definition"));
    else
        template_expand(sql, "%{definition};", item, NULL, NULL);
    return true;
}

/* With ONLY, children keep what they inherited as their own. */
bool drop_column(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    template_expand(sql,
                    stays_with_child(item) ? "ALTER TABLE ONLY %p DROP COLUMN %n;" : "ALTER TABLE %p DROP COLUMN %n;",
                    item, NULL, NULL);
    return true;
}

bool drop_constraint(struct changes *changes, struct item *item, struct text *sql, struct error *err)
{
    (void)changes, (void)err;
    template_expand(
        sql, stays_with_child(item) ? "ALTER TABLE ONLY %p DROP CONSTRAINT %n;" : "ALTER %K %p DROP CONSTRAINT %n;",
        item, NULL, NULL);
    return true;
}
