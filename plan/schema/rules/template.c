/* Fills in the SQL templates of the rule table. */
#include "plan/schema/rules/template.h"

#include "common/memory.h"
#include "common/quote.h"

static void append(struct text *sql, const char *string)
{
    if (string != NULL)
        text_append(sql, string);
}

static const char *append_field(struct text *sql, const char *placeholder, const struct item *item)
{
    const char *start = placeholder + 1, *end = strchr(start, '}');

    if (end == NULL)
        return start;
    cleanup(text_free) struct text field = {0};
    text_append_bytes(&field, start, (size_t)(end - start));
    append(sql, item_field(item, field.data));
    return end + 1;
}

/* Only templates of classes whose objects have a parent ask for it. */
static const struct object *parent_of(const struct object *object)
{
    if (object->parent == NULL)
        abort();
    return object->parent;
}

/* A procedure is found by all of its arguments, those that come out too. */
void append_address(struct text *sql, const struct object *object)
{
    const char *arguments = object_field(object, "identity_arguments");

    if (object->class == CLASS_IDENTITY_SEQUENCE) {
        append(sql, object_field(parent_of(object), "identity_sequence"));
        return;
    }

    if (arguments == NULL) {
        text_append(sql, object->identity);
        return;
    }
    quote_qualified(sql, object->schema, object->name);
    text_appendf(sql, "(%s)", arguments);
}

void template_expand(struct text *sql, const char *template, const struct item *item, const char *value,
                     const char *old_value)
{
    const struct object *object = item->object;

    for (const char *p = template; *p != '\0';) {
        if (*p != '%') {
            text_append_char(sql, *p++);
            continue;
        }
        p++;
        if (*p == '{') {
            p = append_field(sql, p, item);
            continue;
        }
        switch (*p++) {
        case 'o':
            append_address(sql, object);
            break;
        case 'p':
            if (object->parent != NULL)
                append_address(sql, object->parent);
            break;
        case 'P':
            append(sql, parent_of(parent_of(object))->identity);
            break;
        case 'N':
            quote_identifier(sql, parent_of(object)->name);
            break;
        case 'K':
            append(sql, class_keyword(parent_of(object)->class));
            break;
        case 'n':
            quote_identifier(sql, object->name);
            break;
        case 's':
            quote_identifier(sql, object->schema);
            break;
        case 'k':
            append(sql, class_keyword(object->class));
            break;
        case 'v':
            append(sql, value);
            break;
        case 'w':
            append(sql, old_value);
            break;
        case 'l':
            if (value != NULL)
                quote_literal(sql, value);
            else
                text_append(sql, "NULL");
            break;
        case 'i':
            quote_identifier(sql, value != NULL ? value : "");
            break;
        default:
            text_append_char(sql, '%');
            break;
        }
    }
    text_append_char(sql, '\n');
}
