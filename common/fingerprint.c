/* SQL for fingerprints: the expressions that both databases, at plan and at apply time, compute alike. */
#include "common/fingerprint.h"

#include "common/memory.h"
#include "common/quote.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* By enum fingerprint_algorithm. */
static const struct {
    const char *name;
    int since;                  /* server version */
    const char *before, *after; /* what stands around the array of the columns' texts and makes an int8 of it */
} algorithms[] = {
    [FINGERPRINT_HASHES] = {"column-hashes-2", 140000, NULL, NULL},
    [FINGERPRINT_TEXT] = {"text-hash-1", 110000, "pg_catalog.hashtextextended(ARRAY[",
                          "]::pg_catalog.text[]::pg_catalog.text COLLATE pg_catalog.\"C\", 0)"},
    [FINGERPRINT_COPY] = {.name = "copy-xxh3-1"},
    [FINGERPRINT_MD5] = {"text-md5-1", 0, "pg_catalog.concat('x', pg_catalog.left(pg_catalog.md5(ARRAY[",
                         "]::pg_catalog.text[]::pg_catalog.text), 16))::pg_catalog.bit(64)::pg_catalog.int8"},
};

/*
 * A ROW() takes 1,664 expressions, and a column gives two at most. Columns that are hashed by themselves are terms of
 * one expression, which must not be too deep for the server's stack.
 */
enum { COLUMNS_PER_RECORD = 800, COLUMNS_BY_THEMSELVES = 200 };

bool fingerprint_is_of_floats(const struct column_shape *column)
{
    static const char *const sends[] = {"float4send", "float8send", "point_send", "line_send",   "lseg_send",
                                        "box_send",   "path_send",  "poly_send",  "circle_send", "array_send"};

    for (size_t i = 0; column->form == FORM_SEND && i < array_length(sends); i++)
        if (strcmp(column->send, sends[i]) == 0)
            return true;
    return false;
}

void fingerprint_float_bytes(struct text *sql, const struct column_shape *column, const char *value)
{
    const char *send = column->send;

    if (strcmp(send, "array_send") == 0)
        text_appendf(sql, "pg_catalog.\"overlay\"(pg_catalog.array_send(%s), '\\x00000000'::pg_catalog.bytea, 5)",
                     value);
    else if (strcmp(send, "float8send") == 0 || strcmp(send, "float4send") == 0)
        text_appendf(sql,
                     "CASE WHEN %s OPERATOR(pg_catalog.<>) 'NaN' THEN pg_catalog.%s(%s) WHEN %s IS NOT NULL THEN '' "
                     "END",
                     value, send, value, value);
    else
        text_appendf(sql, "pg_catalog.%s(%s)", send, value);
}

char *fingerprint_value(const struct table_shape *shape, size_t column, const char *const *values, const char *alias)
{
    struct text sql = {0};

    if (shape->columns[column].form == FORM_NONE) {
        text_append(&sql, "''::pg_catalog.text");
    } else if (values != NULL && values[column] != NULL) {
        text_appendf(&sql, "(%s)", values[column]);
    } else {
        if (alias != NULL)
            text_appendf(&sql, "%s.", alias);
        quote_identifier(&sql, shape->columns[column].name);
    }
    return text_take(&sql);
}

/*
 * bigint and the floats have hashes of their own that are nearly exact, and cheap: hashint8 folds the upper half into
 * the lower, so the upper one goes along; a float's zeros, of either sign, hash as NULL does.
 */
static void append_sent(struct text *sql, const char *send, const char *value)
{
    bool is_float = strcmp(send, "float8send") == 0 || strcmp(send, "float4send") == 0;

    if (strcmp(send, "int8send") == 0) {
        text_appendf(sql, "%s, %s OPERATOR(pg_catalog.>>) 32", value, value);
        return;
    }
    if (is_float)
        text_appendf(sql, "%s, CASE WHEN %s OPERATOR(pg_catalog.=) 0 THEN ", value, value);
    text_append(sql, "pg_catalog.");
    quote_identifier(sql, send);
    text_appendf(sql, "(%s)%s", value, is_float ? " END" : "");
}

static void append_form(struct text *sql, const struct table_shape *shape, size_t column, const char *const *values,
                        const char *alias)
{
    const struct column_shape *shaped = &shape->columns[column];
    cleanup(free_string) char *value = fingerprint_value(shape, column, values, alias);

    switch (shaped->form) {
    case FORM_NONE:
    case FORM_VALUE:
        text_append(sql, value);
        return;
    case FORM_SEND:
        append_sent(sql, shaped->send, value);
        return;
    case FORM_TEXT:
        /* "C": the hash is over the bytes whatever the column's collation, and needs no locale. */
        text_appendf(sql, "%s::pg_catalog.text COLLATE pg_catalog.\"C\"", value);
        return;
    case FORM_OUTPUT:
        /* concat() prints as COPY does; NULL becomes '' and must be told apart from it. */
        text_appendf(sql, "pg_catalog.concat(%s) COLLATE pg_catalog.\"C\", pg_catalog.num_nulls(%s)", value, value);
        return;
    }
}

/*
 * The column's text, the same from every version: before 12, floats print another one than since, so their bytes stand
 * for them between such servers. NULL stays NULL, which an array's text tells from ''.
 */
static void append_text(struct text *sql, const struct table_shape *shape, size_t column, const char *const *values,
                        const char *alias)
{
    const struct column_shape *shaped = &shape->columns[column];
    cleanup(free_string) char *value = fingerprint_value(shape, column, values, alias);

    if (shaped->form == FORM_OUTPUT) {
        text_appendf(sql, "CASE WHEN pg_catalog.num_nulls(%s) OPERATOR(pg_catalog.=) 0 THEN pg_catalog.concat(%s) END",
                     value, value);
        return;
    }
    if (fingerprint_is_of_floats(shaped)) {
        text_append(sql, "(");
        fingerprint_float_bytes(sql, shaped, value);
        text_append(sql, ")");
    } else if (shaped->form == FORM_SEND && strcmp(shaped->send, "int8send") != 0) {
        text_append(sql, "pg_catalog.");
        quote_identifier(sql, shaped->send);
        text_appendf(sql, "(%s)", value);
    } else {
        text_append(sql, value);
        if (strcmp(shaped->type, "\"char\"") == 0) /* servers before 15 print bytes that are no UTF-8 */
            text_append(sql, "::pg_catalog.int4");
    }
    text_append(sql, "::pg_catalog.text COLLATE pg_catalog.\"C\"");
}

/* Number n of a sequence without pattern: SplitMix64 (Steele, Lea, Flood 2014), as the text of an int8. */
static void append_constant(struct text *sql, uint64_t number)
{
    uint64_t mixed = (number + 1) * UINT64_C(0x9E3779B97F4A7C15);

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    text_appendf(sql, "'%" PRId64 "'::pg_catalog.int8", (int64_t)(mixed ^ (mixed >> 31)));
}

/* The type's hash with a seed, for types whose hash is as exact as their text; `as` makes the value its argument. */
static const struct {
    const char *type, *hash, *as;
} exact_hashes[] = {
    {"smallint", "hashint2extended", ""},
    {"integer", "hashint4extended", ""},
    {"boolean", "hashint4extended", "::pg_catalog.int4"},
    {"oid", "hashoidextended", ""},
    {"uuid", "uuid_hash_extended", ""},
    {"name", "hashnameextended", ""},
};

/*
 * The hash of a column by itself, cheaper than as part of a record. False where the type has no hash that would do. The
 * arguments of these functions are as exact as the column's text; `seed` is SQL of an int8, and stands there once:
 *
 * - bigint: its hash folds the upper half into the lower one, so the whole goes into the seed, too;
 * - numeric(p,s): the hash leaves the sign out (and the scale, which is the same for all); it gives the seed itself for
 *   NaN and the seed less one for 0, which another step must make as unlike as others;
 * - character(n): the hash leaves trailing blanks out, of which n tells how many there are;
 * - text: over the bytes, whatever the column's collation.
 */
static bool append_own_hash(struct text *sql, const struct column_shape *column, const char *value, const char *seed)
{
    if (column->form == FORM_TEXT) {
        text_appendf(sql, "pg_catalog.hashtextextended(%s::pg_catalog.text COLLATE pg_catalog.\"C\", %s)", value, seed);
        return true;
    }
    if (column->form == FORM_SEND && strcmp(column->send, "int8send") == 0) {
        text_appendf(sql, "pg_catalog.hashint8extended(%s, %s OPERATOR(pg_catalog.#) %s)", value, value, seed);
        return true;
    }
    if (column->form == FORM_SEND && strncmp(column->type, "numeric(", strlen("numeric(")) == 0) {
        text_appendf(sql,
                     "pg_catalog.hashint4extended(CASE WHEN %s OPERATOR(pg_catalog.<) 0 THEN 1 ELSE 0 END, "
                     "pg_catalog.hash_numeric_extended(%s, %s))",
                     value, value, seed);
        return true;
    }
    if (column->form == FORM_SEND && strncmp(column->type, "character(", strlen("character(")) == 0) {
        text_appendf(sql, "pg_catalog.hashbpcharextended(%s COLLATE pg_catalog.\"C\", %s)", value, seed);
        return true;
    }
    for (size_t i = 0; column->form == FORM_VALUE && i < array_length(exact_hashes); i++)
        if (strcmp(column->type, exact_hashes[i].type) == 0) {
            text_appendf(sql, "pg_catalog.%s(%s%s, %s)", exact_hashes[i].hash, value, exact_hashes[i].as, seed);
            return true;
        }
    return false;
}

/* Which columns, in which order; NULL: all. */
struct chosen {
    const struct table_shape *shape;
    const size_t *columns;
    size_t count;
    const char *const *values, *alias;
};

static size_t chosen_column(const struct chosen *chosen, size_t place)
{
    return chosen->columns != NULL ? chosen->columns[place] : place;
}

static const struct column_shape *shape_at(const struct chosen *chosen, size_t place)
{
    return &chosen->shape->columns[chosen_column(chosen, place)];
}

static char *value_at(const struct chosen *chosen, size_t place)
{
    return fingerprint_value(chosen->shape, chosen_column(chosen, place), chosen->values, chosen->alias);
}

/* `coalesce(hash(column, seed), constant) # ` at the place, a seed and a constant of its own for each. */
static void append_term(struct text *sql, const struct chosen *chosen, size_t place)
{
    cleanup(free_string) char *value = value_at(chosen, place);
    cleanup(text_free) struct text seed = {0};

    append_constant(&seed, 2 * place);
    text_append(sql, "coalesce(");
    append_own_hash(sql, shape_at(chosen, place), value, seed.data);
    text_append(sql, ", ");
    append_constant(sql, 2 * place + 1);
    text_append(sql, ") OPERATOR(pg_catalog.#) ");
}

/* What the place needs to be hashed. */
enum way {
    NOT_AT_ALL,
    IN_CHAIN, /* by itself, with the hash of what came before as its seed */
    AS_TERM,  /* by itself, with a seed of its own, since it may be NULL */
    IN_RECORD,
    WAY_COUNT,
};

static bool has_own_hash(const struct column_shape *column)
{
    cleanup(text_free) struct text ignored = {0};

    return append_own_hash(&ignored, column, "", "");
}

/* `hash_record_extended(ROW(…), n) # …` of the columns that have no hash of their own. */
static void append_records(struct text *sql, const struct chosen *chosen, const enum way *ways)
{
    size_t count = 0;

    for (size_t place = 0; place < chosen->count; place++) {
        if (ways[place] != IN_RECORD)
            continue;
        if (count % COLUMNS_PER_RECORD == 0 && count > 0)
            text_appendf(sql, "), %zu) OPERATOR(pg_catalog.#) ", count / COLUMNS_PER_RECORD - 1);
        text_append(sql, count % COLUMNS_PER_RECORD == 0 ? "pg_catalog.hash_record_extended(ROW(" : ", ");
        append_form(sql, chosen->shape, chosen_column(chosen, place), chosen->values, chosen->alias);
        count++;
    }
    if (count > 0)
        text_appendf(sql, "), %zu) OPERATOR(pg_catalog.#) ", (count - 1) / COLUMNS_PER_RECORD);
}

/* What may be NULL, combined by exclusive or, as the seed of a step that is not linear. */
static void append_seed(struct text *sql, const struct chosen *chosen, const enum way *ways)
{
    text_append(sql, "(");
    for (size_t place = 0; place < chosen->count; place++)
        if (ways[place] == AS_TERM)
            append_term(sql, chosen, place);
    append_records(sql, chosen, ways);
    append_constant(sql, 2 * chosen->count);
    text_append(sql, ")");
}

/*
 * The columns' hashes, each with another seed, combined by exclusive or and then by a step that is not linear: else two
 * rows that swap a column's values would give the same sum.
 */
static void append_combined(struct text *sql, const struct chosen *chosen, const enum way *ways)
{
    text_append(sql, "pg_catalog.hashint4extended(0, ");
    append_seed(sql, chosen, ways);
    text_append(sql, ")");
}

/* Every column's hash as the seed of the next one's: none of these steps is linear. NULL where one of them is NULL. */
static char *chain(const struct chosen *chosen, const enum way *ways)
{
    struct text sql = {0};

    append_seed(&sql, chosen, ways);
    for (size_t place = 0; place < chosen->count; place++) {
        if (ways[place] != IN_CHAIN)
            continue;
        cleanup(free_string) char *value = value_at(chosen, place), *seed = text_take(&sql);
        append_own_hash(&sql, shape_at(chosen, place), value, seed);
    }
    return text_take(&sql);
}

/*
 * A chain of the columns that main has NOT NULL takes half the steps of a combination of terms. That none of them is
 * NULL is taken for likely only: then the row's hash is that of all columns as terms.
 */
static void append_hashes(struct text *sql, const struct chosen *chosen)
{
    enum way *ways = allocate(chosen->count, sizeof *ways);
    size_t counts[WAY_COUNT] = {0};

    for (size_t place = 0; place < chosen->count; place++) {
        const struct column_shape *column = shape_at(chosen, place);
        bool by_itself = counts[IN_CHAIN] + counts[AS_TERM] < COLUMNS_BY_THEMSELVES && has_own_hash(column);

        ways[place] = column->form == FORM_NONE ? NOT_AT_ALL
                      : !by_itself              ? IN_RECORD
                      : column->not_null        ? IN_CHAIN
                                                : AS_TERM;
        counts[ways[place]]++;
    }
    if (counts[IN_CHAIN] > 0) {
        cleanup(free_string) char *chained = chain(chosen, ways);

        text_appendf(sql, "coalesce(%s, ", chained);
        for (size_t place = 0; place < chosen->count; place++)
            if (ways[place] == IN_CHAIN)
                ways[place] = AS_TERM;
    }
    append_combined(sql, chosen, ways);
    text_append(sql, counts[IN_CHAIN] > 0 ? ")" : "");
    free(ways);
}

/* A hash of the text of the array of the columns' texts, which holds any number of them. */
static void append_hash_of_text(struct text *sql, const struct chosen *chosen)
{
    text_append(sql, algorithms[chosen->shape->algorithm].before);
    for (size_t place = 0; place < chosen->count; place++) {
        if (place > 0)
            text_append(sql, ", ");
        append_text(sql, chosen->shape, chosen_column(chosen, place), chosen->values, chosen->alias);
    }
    text_append(sql, algorithms[chosen->shape->algorithm].after);
}

static void append_fingerprint(struct text *sql, const struct chosen *chosen)
{
    if (chosen->shape->algorithm == FINGERPRINT_HASHES)
        append_hashes(sql, chosen);
    else
        append_hash_of_text(sql, chosen);
}

void fingerprint_row(struct text *sql, const struct table_shape *shape, const char *const *values, const char *alias)
{
    const struct chosen all = {shape, NULL, shape->column_count, values, alias};

    append_fingerprint(sql, &all);
}

void fingerprint_key(struct text *sql, const struct table_shape *shape, const char *const *values, const char *alias)
{
    const struct chosen key = {shape, shape->key, shape->key_count, values, alias};

    if (shape->key_count > 0)
        append_fingerprint(sql, &key);
    else
        fingerprint_row(sql, shape, values, alias);
}

/* The top bits; >> keeps the sign, so the rest is masked. */
void fingerprint_slice_of(struct text *sql, const struct chunking *chunking, const char *hash)
{
    unsigned bits = chunking->hash_bits;

    if (bits == 0)
        text_append(sql, "0::pg_catalog.int8");
    else
        text_appendf(sql, "(%s OPERATOR(pg_catalog.>>) %u) OPERATOR(pg_catalog.&) %" PRIu64 "::pg_catalog.int8", hash,
                     64 - bits, (UINT64_C(1) << bits) - 1);
}

void fingerprint_slice(struct text *sql, const struct table_shape *shape, const struct chunking *chunking,
                       const char *const *values, const char *alias)
{
    if (chunking->slice_count <= 1) {
        text_append(sql, "0");
    } else if (chunking->way == CHUNK_BY_RANGE) {
        cleanup(free_string) char *value = fingerprint_value(shape, chunking->column, values, alias);

        text_appendf(sql, "pg_catalog.width_bucket(%s, $1::%s[])", value, shape->columns[chunking->column].type);
    } else {
        cleanup(text_free) struct text hash = {0};

        fingerprint_key(&hash, shape, values, alias);
        fingerprint_slice_of(sql, chunking, hash.data);
    }
}

void fingerprint_source(struct text *sql, const struct table_shape *shape, const char *source)
{
    if (source != NULL) {
        text_append(sql, source);
        return;
    }
    if (shape->condition != NULL) {
        text_append(sql, "(SELECT ");
        quote_identifier(sql, shape->name);
        text_append(sql, ".*, ");
        quote_identifier(sql, shape->name);
        text_append(sql, ".ctid FROM ");
    }
    text_append(sql, shape->partitioned ? "" : "ONLY ");
    quote_qualified(sql, shape->schema, shape->name);
    if (shape->condition != NULL)
        text_appendf(sql, " %s)", shape->condition);
    text_append(sql, " AS t");
}

/* Bounds that are the multiples of a power of two from the first to the last: a slice is `column >> bits`. */
struct steps {
    unsigned bits;
    int64_t below; /* the multiple below the first bound: what >> makes of slice 0's greatest keys */
};

bool fingerprint_column_shifts(const struct column_shape *column)
{
    static const char *const types[] = {"smallint", "integer", "bigint"};

    for (size_t i = 0; i < array_length(types); i++)
        if (strcmp(column->type, types[i]) == 0)
            return true;
    return false;
}

static bool bounds_are_steps(const struct table_shape *shape, const struct chunking *chunking, struct steps *steps)
{
    int64_t first, step;

    if (chunking->way != CHUNK_BY_RANGE || chunking->slice_count <= 2 ||
        !fingerprint_column_shifts(&shape->columns[chunking->column]))
        return false;
    first = strtoll(chunking->bounds[0], NULL, 10);
    if (__builtin_sub_overflow(strtoll(chunking->bounds[1], NULL, 10), first, &step) || step < 2 ||
        (step & (step - 1)) != 0 || (first & (step - 1)) != 0)
        return false;
    for (size_t i = 1; i + 1 < chunking->slice_count; i++) {
        int64_t before = strtoll(chunking->bounds[i - 1], NULL, 10), difference;

        if (__builtin_sub_overflow(strtoll(chunking->bounds[i], NULL, 10), before, &difference) || difference != step)
            return false;
    }
    steps->bits = (unsigned)__builtin_ctzll((uint64_t)step);
    steps->below = (first >> steps->bits) - 1;
    return true;
}

bool fingerprint_scan_takes_bounds(const struct table_shape *shape, const struct chunking *chunking)
{
    struct steps ignored;

    return chunking->way == CHUNK_BY_RANGE && chunking->slice_count > 1 && !bounds_are_steps(shape, chunking, &ignored);
}

/* An end of a subquery that the planner does not take apart. 0 without quotes would be an int4 that is cast: no
 * constant yet when the planner asks whether parallel workers may run the subquery. */
#define KEPT_APART " OFFSET '0'"

/*
 * To shift costs a tenth of a bisection. Only of the groups, which are few, it is asked whether they lie below the
 * first bound or above the last. With OFFSET, the scan computes both: the aggregate is handed two values and not all
 * columns.
 */
static void append_steps_scan(struct text *sql, const struct table_shape *shape, const struct chunking *chunking,
                              const struct steps *steps, const char *const *values, const char *source,
                              const char *where)
{
    cleanup(free_string) char *value = fingerprint_value(shape, chunking->column, values, "t");

    text_appendf(sql,
                 "SELECT least(greatest(s.step::pg_catalog.int8 OPERATOR(pg_catalog.-) '%" PRId64
                 "'::pg_catalog.int8, 0), %zu), sum(s.rows), sum(s.sum)\n"
                 "FROM (SELECT f.step, count(*) AS rows, sum(f.f) AS sum\n"
                 "FROM (SELECT %s OPERATOR(pg_catalog.>>) %u AS step, ",
                 steps->below, chunking->slice_count - 1, value, steps->bits);
    fingerprint_row(sql, shape, values, "t");
    text_append(sql, " AS f\nFROM ");
    fingerprint_source(sql, shape, source);
    if (where != NULL)
        text_appendf(sql, "\nWHERE %s", where);
    text_append(sql, KEPT_APART ") AS f\nGROUP BY 1) AS s\nGROUP BY 1");
}

void fingerprint_scan(struct text *sql, const struct table_shape *shape, const struct chunking *chunking,
                      const char *const *values, const char *source, const char *where)
{
    bool of_row = chunking->slice_count > 1 && chunking->way == CHUNK_BY_HASH && shape->key_count == 0;
    struct steps steps;

    if (bounds_are_steps(shape, chunking, &steps)) {
        append_steps_scan(sql, shape, chunking, &steps, values, source, where);
        return;
    }
    text_append(sql, "SELECT ");
    if (of_row) {
        /* Else the fingerprint would be computed once for the slice and once for the sum. */
        fingerprint_slice_of(sql, chunking, "f.f");
        text_append(sql, ", count(*), sum(f.f)\nFROM (SELECT ");
        fingerprint_row(sql, shape, values, "t");
        text_append(sql, " AS f");
    } else {
        fingerprint_slice(sql, shape, chunking, values, "t");
        text_append(sql, ", count(*), sum(");
        fingerprint_row(sql, shape, values, "t");
        text_append(sql, ")");
    }
    text_append(sql, "\nFROM ");
    fingerprint_source(sql, shape, source);
    if (where != NULL)
        text_appendf(sql, "\nWHERE %s", where);
    text_append(sql, of_row ? KEPT_APART ") AS f\nGROUP BY 1" : "\nGROUP BY 1");
}

enum fingerprint_algorithm fingerprint_algorithm_of(int server_version)
{
    enum fingerprint_algorithm algorithm = FINGERPRINT_HASHES;

    while (server_version < algorithms[algorithm].since)
        algorithm++;
    return algorithm;
}

const char *fingerprint_algorithm_name(enum fingerprint_algorithm algorithm)
{
    return algorithms[algorithm].name;
}

bool fingerprint_algorithm_from_name(const char *name, enum fingerprint_algorithm *algorithm)
{
    for (size_t i = 0; i < array_length(algorithms); i++)
        if (strcmp(name, algorithms[i].name) == 0) {
            *algorithm = (enum fingerprint_algorithm)i;
            return true;
        }
    return false;
}

uint64_t fingerprint_sum(const char *decimal)
{
    bool negative = decimal[0] == '-';
    uint64_t sum = 0;

    for (const char *at = decimal + negative; *at != '\0'; at++)
        sum = sum * 10 + (uint64_t)(*at - '0');
    return negative ? -sum : sum;
}

char *fingerprint_bounds(const struct chunking *chunking)
{
    struct text literal = {0};

    if (chunking->way != CHUNK_BY_RANGE || chunking->slice_count <= 1)
        return NULL;
    for (size_t i = 0; i + 1 < chunking->slice_count; i++) {
        text_append(&literal, i == 0 ? "{\"" : ",\"");
        for (const char *at = chunking->bounds[i]; *at != '\0'; at++) {
            if (*at == '"' || *at == '\\')
                text_append_char(&literal, '\\');
            text_append_char(&literal, *at);
        }
        text_append_char(&literal, '"');
    }
    text_append_char(&literal, '}');
    return text_take(&literal);
}
