/* CREATE for each class but tables and columns. */
#include "plan/schema/rules/create.h"
#include "plan/schema/rules/alter.h"

#include "plan/schema/rules/template.h"

#include "common/catalog/sql_tokens.h"
#include "common/memory.h"
#include "common/quote.h"

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
    (void)step, (void)replace, (void)err;
    const char *definition = item_field(item, "definition");
    size_t length = strlen(definition);

    while (length > 0 && definition[length - 1] == '\n')
        length--;
    append_query(sql, arena_bytes(changes->scratch, definition, length));
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
    text_append(sql, " AS\n");
    append_query(sql, definition);
    text_append_char(sql, '\n');
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

/* The definition of a partitioned table's index, without ONLY: the server takes what partitions have, or makes it. */
static void append_whole_index(struct text *sql, const char *definition)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    sql_tokens_read(&tokens, definition);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const struct sql_token *only = &tokens.items[i + 1];

        if (!sql_token_is(&tokens.items[i], "ON"))
            continue;
        if (!sql_token_is(only, "ONLY"))
            break;
        text_append_bytes(sql, definition, (size_t)(only->text - definition));
        text_appendf(sql, "%s;\n", only->text + only->length + 1);
        return;
    }
    text_appendf(sql, "%s;\n", definition);
}

CREATES(create_index)
{
    (void)changes, (void)replace, (void)err;
    const struct item *table = item->parent;

    /* Of main's table, what main lacks: the server names what it makes of it for partitions once main's are there. */
    if (!item->in_main && table->other != NULL && field_is(table->other, "kind", "partitioned")) {
        append_whole_index(sql, item_field(item, "definition"));
        step->timing = TIMING_FOREIGN_KEYS;
    } else {
        template_expand(sql, "%{definition};", item, NULL, NULL);
    }
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

static void append_trigger_state(struct text *sql, const struct item *trigger, const char *state)
{
    static const struct {
        const char *state, *words;
    } states[] = {
        {"origin", "ENABLE"}, {"disabled", "DISABLE"}, {"replica", "ENABLE REPLICA"}, {"always", "ENABLE ALWAYS"}};

    for (size_t i = 0; i < array_length(states); i++)
        if (strcmp(states[i].state, state) == 0)
            template_expand(sql, "ALTER TABLE %p %v TRIGGER %n;", trigger, states[i].words, NULL);
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
    append_trigger_state(sql, item, state);
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
    (void)step, (void)replace, (void)err;
    /* PostgreSQL made it from the parent's trigger; only its state is its own. */
    if (field_is(item, "cloned", "true")) {
        append_trigger_state(sql, item, item_field(item, "enabled"));
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
