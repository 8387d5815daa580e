/* Finds the tables and columns that --rename names, and refuses what PostgreSQL would not rename. */
#include "plan/renames/parts.h"

#include "common/catalog/array_text.h"
#include "common/memory.h"
#include "common/quote.h"

struct resolving {
    struct renames *renames;
    const struct catalog *main, *standin;
    const char *const *options;
    const struct object **old, **new; /* by option */
    size_t count;
};

static bool is_table(const struct object *object)
{
    return object->class == CLASS_TABLE || object->class == CLASS_FOREIGN_TABLE;
}

static bool has_name(const struct object *object, const char *name)
{
    return object->name != NULL && strcmp(object->name, name) == 0;
}

/* Without a schema, public goes before others; of two tables in others, neither is meant. */
static const struct object *find_table(const struct catalog *catalog, const char *schema, const char *name)
{
    const struct object *found = NULL;
    bool several = false;

    for (size_t i = 0; i < catalog->count; i++) {
        const struct object *object = catalog->objects[i];

        if (!is_table(object) || !has_name(object, name) || (schema != NULL && strcmp(object->schema, schema) != 0))
            continue;
        if (schema != NULL || strcmp(object->schema, "public") == 0)
            return object;
        several = found != NULL;
        found = object;
    }
    return several ? NULL : found;
}

static const struct object *find_column(const struct catalog *catalog, const struct object *table, const char *name)
{
    for (size_t i = 0; table != NULL && i < catalog->count; i++)
        if (catalog->objects[i]->class == CLASS_COLUMN && catalog->objects[i]->parent == table &&
            has_name(catalog->objects[i], name))
            return catalog->objects[i];
    return NULL;
}

static const struct object *as_table(const struct catalog *catalog, const struct rename_name *name)
{
    if (name->count == RENAME_PARTS)
        return NULL;
    return name->count == 1 ? find_table(catalog, NULL, name->parts[0])
                            : find_table(catalog, name->parts[0], name->parts[1]);
}

static const struct object *as_column(const struct catalog *catalog, const struct rename_name *name)
{
    if (name->count == 1)
        return NULL;
    const struct object *table =
        find_table(catalog, name->count == 2 ? NULL : name->parts[0], name->parts[name->count - 2]);
    return find_column(catalog, table, name->parts[name->count - 1]);
}

static bool refuse(struct error *err, const char *option, const char *detail)
{
    error_set(err, ERROR_REFUSED, "--rename %s cannot be done", option);
    return error_detail(err, "%s", detail);
}

static bool refuse_because(struct error *err, const char *option, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse_because(struct error *err, const char *option, const char *format, ...)
{
    cleanup(text_free) struct text detail = {0};
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&detail, format, arguments);
    va_end(arguments);
    return refuse(err, option, detail.data);
}

static bool find_objects(struct resolving *resolving, size_t number, struct error *err)
{
    const char *option = resolving->options[number];
    struct rename_name names[2];

    if (!rename_parse(resolving->renames->arena, option, names, err))
        return false;
    const struct object *old_table = as_table(resolving->standin, &names[OLD]);
    const struct object *old_column = as_column(resolving->standin, &names[OLD]);
    const struct object *new_table = as_table(resolving->main, &names[NEW]);
    const struct object *new_column = as_column(resolving->main, &names[NEW]);
    bool tables = old_table != NULL && new_table != NULL, columns = old_column != NULL && new_column != NULL;
    const char *equals = strchr(option, '=');

    if (tables && columns) {
        refuse(err, option, "It may mean tables, and columns.");
        return error_hint(err, "Give the names in full, as schema.table or schema.table.column.");
    }
    if (old_table == NULL && old_column == NULL)
        return refuse_because(err, option, "The stand-in has no table or column %.*s, in the schemas that are chosen.",
                              (int)(equals - option), option) ||
               error_hint(err, "OLD is the name in the stand-in, NEW the one in main.");
    if (new_table == NULL && new_column == NULL)
        return refuse_because(err, option, "Main has no table or column %s, in the schemas that are chosen.",
                              equals + 1) ||
               error_hint(err, "OLD is the name in the stand-in, NEW the one in main.");
    if (!tables && !columns)
        return refuse(err, option, "One is a table, the other a column.");
    resolving->old[number] = tables ? old_table : old_column;
    resolving->new[number] = tables ? new_table : new_column;
    return true;
}

/* --- What the names are --- */

static struct renamed_table *add_table(struct resolving *resolving, const struct object *table, const char *new_name)
{
    struct renames *renames = resolving->renames;
    struct renamed_table *added = map_get(&renames->by_old, table->identity);

    if (added != NULL)
        return added;
    added = arena_allocate(renames->arena, 1, sizeof *added);
    *added = (struct renamed_table){.schema = arena_string(renames->arena, table->schema),
                                    .old_name = arena_string(renames->arena, table->name),
                                    .new_name = arena_string(renames->arena, new_name)};
    array_reserve((void **)&renames->tables, &renames->table_capacity, renames->table_count + 1,
                  sizeof *renames->tables);
    renames->tables[renames->table_count++] = added;
    cleanup(text_free) struct text identity = {0};
    quote_qualified(&identity, table->schema, new_name);
    map_add(&renames->by_old, arena_string(renames->arena, table->identity), added);
    map_add(&renames->by_new, arena_string(renames->arena, identity.data), added);
    return added;
}

static void add_column(struct resolving *resolving, const struct object *table, const char *old, const char *new)
{
    struct renamed_table *of = add_table(resolving, table, table->name);

    array_reserve((void **)&of->columns, &of->column_capacity, of->column_count + 1, sizeof *of->columns);
    of->columns[of->column_count++] = (struct renamed_column){arena_string(resolving->renames->arena, old),
                                                              arena_string(resolving->renames->arena, new)};
}

/* Does it take a name away, in the schema or in the table, that another object is to have? */
static bool gives_name_up(const struct resolving *resolving, const struct object *object)
{
    for (size_t i = 0; i < resolving->count; i++)
        if (resolving->old[i] == object)
            return true;
    return false;
}

/* Names of relations, and of types, since a table is one as well. */
static bool shares_names_with_tables(const struct object *object)
{
    switch (object->class) {
    case CLASS_TABLE:
    case CLASS_FOREIGN_TABLE:
    case CLASS_VIEW:
    case CLASS_MATERIALIZED_VIEW:
    case CLASS_SEQUENCE:
    case CLASS_INDEX:
    case CLASS_COMPOSITE_TYPE:
    case CLASS_ENUM:
    case CLASS_DOMAIN:
    case CLASS_RANGE_TYPE:
    case CLASS_BASE_TYPE:
    case CLASS_SHELL_TYPE:
        return true;
    case CLASS_CONSTRAINT: {
        const char *type = object_field(object, "type");
        return object->parent->class == CLASS_TABLE && type != NULL && strcmp(type, "check") != 0 &&
               strcmp(type, "foreign key") != 0;
    }
    default:
        return false;
    }
}

static bool check_name_is_free(const struct resolving *resolving, size_t number, struct error *err)
{
    const struct object *new = resolving->new[number];
    bool column = new->class == CLASS_COLUMN;

    for (size_t i = 0; i < resolving->standin->count; i++) {
        const struct object *object = resolving->standin->objects[i];

        if (!has_name(object, new->name) || gives_name_up(resolving, object) ||
            (column ? object->class != CLASS_COLUMN || object->parent != resolving->old[number]->parent
                    : !shares_names_with_tables(object) || strcmp(object->schema, new->schema) != 0))
            continue;
        refuse_because(err, resolving->options[number], "The stand-in has the %s %s already.",
                       class_name(object->class), object->identity);
        return error_hint(err, "Drop it first, or leave the option out.");
    }
    return true;
}

static bool check_table(struct resolving *resolving, size_t number, struct error *err)
{
    const struct object *old = resolving->old[number], *new = resolving->new[number];

    if (old->class != new->class)
        return refuse_because(err, resolving->options[number], "The stand-in's is a %s, main's a %s.",
                              class_name(old->class), class_name(new->class));
    if (strcmp(old->schema, new->schema) != 0) {
        refuse(err, resolving->options[number], "The tables are in different schemas.");
        return error_hint(err, "Move the stand-in's with ALTER TABLE … SET SCHEMA first, then make the plan.");
    }
    if (strcmp(old->name, new->name) == 0)
        return refuse(err, resolving->options[number], "It has that name already.");
    return check_name_is_free(resolving, number, err);
}

/* --- Columns, and those who inherit them --- */

static bool inherits_from(struct arena *arena, const struct object *table, const struct object *parent)
{
    const char *partition_of = object_field(table, "partition_of"), **parents;
    size_t count;

    if (partition_of != NULL)
        return strcmp(partition_of, parent->identity) == 0;
    if (!array_text_parse(arena, object_field(table, "inherits"), &parents, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(parents[i], parent->identity) == 0)
            return true;
    return false;
}

/* Another parent than those in the tree that has the column too: PostgreSQL would refuse. */
static const struct object *other_parent(const struct resolving *resolving, const struct object *table,
                                         const char *column, const bool *tree)
{
    for (size_t i = 0; i < resolving->standin->count; i++) {
        const struct object *other = resolving->standin->objects[i];

        if (is_table(other) && !tree[i] && inherits_from(resolving->renames->arena, table, other) &&
            find_column(resolving->standin, other, column) != NULL)
            return other;
    }
    return NULL;
}

/* Marks the table and all that inherit from it. */
static void mark_tree(const struct resolving *resolving, const struct object *table, bool *tree)
{
    if (tree[table->number])
        return;
    tree[table->number] = true;
    for (size_t i = 0; i < resolving->standin->count; i++)
        if (is_table(resolving->standin->objects[i]) &&
            inherits_from(resolving->renames->arena, resolving->standin->objects[i], table))
            mark_tree(resolving, resolving->standin->objects[i], tree);
}

static bool check_parents(const struct resolving *resolving, size_t number, const struct object *table,
                          const bool *tree, struct error *err)
{
    const char *column = resolving->old[number]->name;
    const struct object *other = other_parent(resolving, table, column, tree);

    if (other == NULL)
        return true;
    refuse_because(err, resolving->options[number], "%s inherits the column %s from %s.", table->identity, column,
                   other->identity);
    return error_hint(err, "A column is renamed where it comes from, and one that comes from two tables not at all.");
}

static bool add_to_tree(struct resolving *resolving, size_t number, const bool *tree, struct error *err)
{
    const struct object *old = resolving->old[number], *new = resolving->new[number];

    if (!check_parents(resolving, number, old->parent, tree, err))
        return false;
    for (size_t i = 0; i < resolving->standin->count; i++) {
        const struct object *table = resolving->standin->objects[i];

        if (!tree[i])
            continue;
        if (!check_parents(resolving, number, table, tree, err))
            return false;
        const struct object *taken = find_column(resolving->standin, table, new->name);
        if (table != old->parent && taken != NULL)
            return refuse_because(err, resolving->options[number], "%s, which inherits the column, has a column %s.",
                                  table->identity, new->name);
        add_column(resolving, table, old->name, new->name);
    }
    return true;
}

static bool check_column(struct resolving *resolving, size_t number, struct error *err)
{
    const struct object *old = resolving->old[number], *new = resolving->new[number];
    const struct renamed_table *table = map_get(&resolving->renames->by_old, old->parent->identity);
    const char *option = resolving->options[number];

    if (strcmp(old->parent->schema, new->parent->schema) != 0 ||
        strcmp(table != NULL ? table->new_name : old->parent->name, new->parent->name) != 0) {
        refuse_because(err, option, "%s is not %s in main.", old->parent->identity, new->parent->identity);
        return error_hint(err, "Where the table has another name too, give a --rename for it as well.");
    }
    if (strcmp(old->name, new->name) == 0)
        return refuse(err, option, "It has that name already.");
    if (object_field(old->parent, "of_type") != NULL)
        return refuse_because(err, option, "%s has its columns from the type %s.", old->parent->identity,
                              object_field(old->parent, "of_type"));
    if (!check_name_is_free(resolving, number, err))
        return false;
    bool *tree = allocate(resolving->standin->count, sizeof *tree);
    mark_tree(resolving, old->parent, tree);
    bool good = add_to_tree(resolving, number, tree, err);
    free(tree);
    return good;
}

static bool check_twice(const struct resolving *resolving, struct error *err)
{
    for (size_t i = 0; i < resolving->count; i++)
        for (size_t j = 0; j < i; j++)
            if (resolving->old[i] == resolving->old[j] || resolving->new[i] == resolving->new[j])
                return refuse_because(err, resolving->options[i], "--rename %s names %s already.",
                                      resolving->options[j],
                                      resolving->old[i] == resolving->old[j] ? "the old one" : "the new one");
    return true;
}

/* --- The whole --- */

static int compare_positions(const void *a, const void *b)
{
    const struct object *const *left = a, *const *right = b;
    long first = strtol(object_field(*left, "position"), NULL, 10);
    long second = strtol(object_field(*right, "position"), NULL, 10);

    return (first > second) - (first < second);
}

static void set_aliases(struct resolving *resolving, struct renamed_table *table)
{
    const struct object *of = find_table(resolving->standin, table->schema, table->old_name);
    const struct object **columns = allocate(resolving->standin->count, sizeof(struct object *));
    size_t count = 0;

    for (size_t i = 0; i < resolving->standin->count; i++)
        if (resolving->standin->objects[i]->class == CLASS_COLUMN && resolving->standin->objects[i]->parent == of)
            columns[count++] = resolving->standin->objects[i];
    qsort(columns, count, sizeof(struct object *), compare_positions);
    table->aliases = arena_allocate(resolving->renames->arena, count, sizeof(char *));
    for (size_t i = 0; i < count; i++)
        table->aliases[table->alias_count++] =
            arena_string(resolving->renames->arena, renamed_column_name(table, columns[i]->name));
    free(columns);
}

static bool resolve(struct resolving *resolving, struct error *err)
{
    struct renames *renames = resolving->renames;

    for (size_t i = 0; i < resolving->count; i++)
        if (!find_objects(resolving, i, err))
            return false;
    if (!check_twice(resolving, err))
        return false;
    for (size_t i = 0; i < resolving->count; i++)
        if (is_table(resolving->old[i])) {
            if (!check_table(resolving, i, err))
                return false;
            add_table(resolving, resolving->old[i], resolving->new[i]->name);
        }
    for (size_t i = 0; i < resolving->count; i++)
        if (!is_table(resolving->old[i]) && !check_column(resolving, i, err))
            return false;
    for (size_t i = 0; i < renames->table_count; i++)
        if (renames->tables[i]->column_count > 0)
            set_aliases(resolving, renames->tables[i]);
    renames->pairs = arena_allocate(renames->arena, resolving->count, sizeof(char *));
    for (size_t i = 0; i < resolving->count; i++)
        renames->pairs[renames->pair_count++] =
            arena_format(renames->arena, "%s=%s", resolving->old[i]->identity, resolving->new[i]->identity);
    renames_order(renames, resolving->standin, resolving->old, resolving->new, resolving->count);
    return true;
}

bool renames_resolve(const char *const *options, size_t count, const struct catalog *main,
                     const struct catalog *standin, struct renames *renames, struct error *err)
{
    struct resolving resolving = {.renames = renames,
                                  .main = main,
                                  .standin = standin,
                                  .options = options,
                                  .old = allocate(count, sizeof(struct object *)),
                                  .new = allocate(count, sizeof(struct object *)),
                                  .count = count};

    *renames = (struct renames){.arena = arena_new()};
    bool good = resolve(&resolving, err);
    free(resolving.old);
    free(resolving.new);
    return good;
}
