/* Brings definitions into a form that is the same whatever server version printed them. */
#include "common/catalog/wording.h"

#include "common/catalog/sql_tokens.h"
#include "common/memory.h"

#include <string.h>

/* Nested deeper than that, what is in parentheses is taken word by word: the text may come out of a plan. */
enum { DEEPEST = 200 };

struct wording {
    const struct sql_token *tokens;
    size_t count;
    struct text *form;
    bool versions;  /* of servers of different major versions */
    size_t settled; /* how often the text was not what the server prints of its own text */
    const struct sql_token
        *only;                   /* the name of the one table that a view's outermost query reads; NULL: none or more */
    size_t from_first, from_end; /* its FROM clause */
};

/* The first of the words in the range that is in no parentheses; `end` where there is none. */
static size_t find_word(const struct wording *wording, size_t first, size_t end, const char *word)
{
    for (size_t i = first; i<end; i = wording->tokens[i].partner> i ? wording->tokens[i].partner + 1 : i + 1)
        if (sql_token_is(&wording->tokens[i], word))
            return i;
    return end;
}

/* Which identifiers need quotes depends on a version's key words. Those that mean something else without keep them. */
static bool needs_no_quotes(const struct sql_token *token)
{
    static const char *const meaningful[] = {"\"true\"", "\"false\"", "\"char\"", "\"bit\"", "\"null\"", "\"default\""};

    for (size_t i = 0; i < array_length(meaningful); i++)
        if (strlen(meaningful[i]) == token->length && memcmp(meaningful[i], token->text, token->length) == 0)
            return false;
    for (size_t i = 1; i + 1 < token->length; i++) {
        char c = token->text[i];
        if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 1 && c >= '0' && c <= '9')))
            return false;
    }
    return token->length > 2;
}

static void append_token(struct wording *wording, const struct sql_token *token)
{
    bool bare = wording->versions && token->kind == SQL_TOKEN_QUOTED && needs_no_quotes(token);

    text_append_char(wording->form, ' ');
    text_append_bytes(wording->form, token->text + bare, token->length - 2 * (size_t)bare);
}

static void append_range(struct wording *wording, size_t first, size_t end, unsigned depth, bool outermost);

static bool begins_query(const struct wording *wording, size_t first)
{
    const struct sql_token *token = &wording->tokens[first];

    return sql_token_is(token, "SELECT") || sql_token_is(token, "WITH") || sql_token_is(token, "VALUES");
}

/*
 * Before 16, columns of a view's outermost query were always qualified; since then not where it reads one table. In
 * queries within it they are in every version, so a bare name there is never a column of it.
 */
static bool is_qualifier(const struct wording *wording, size_t i, size_t end)
{
    const struct sql_token *token = &wording->tokens[i];

    if (wording->only == NULL || i + 2 >= end || (i >= wording->from_first && i < wording->from_end) ||
        token->length != wording->only->length || memcmp(token->text, wording->only->text, token->length) != 0 ||
        !sql_token_is(&token[1], ".") || (token[2].kind != SQL_TOKEN_WORD && token[2].kind != SQL_TOKEN_QUOTED))
        return false;
    if (i + 3 < end && (sql_token_is(&token[3], "(") || sql_token_is(&token[3], ".")))
        return false;
    return i == 0 ||
           !(sql_token_is(&token[-1], ".") || sql_token_is(&token[-1], "::") || sql_token_is(&token[-1], "COLLATE"));
}

/* POSITION((a) IN (b)) has parentheses that the function call does not have. */
static void strip_parentheses(const struct wording *wording, size_t range[2])
{
    if (range[1] > range[0] + 1 && wording->tokens[range[0]].partner == range[1] - 1 &&
        !begins_query(wording, range[0] + 1)) {
        range[0]++;
        range[1]--;
    }
}

/* NAME ( arguments ): each from a word of the special syntax on. */
static void append_call(struct wording *wording, const char *name, const size_t (*ranges)[2], size_t count,
                        unsigned depth, bool outermost)
{
    text_appendf(wording->form, " %s (", name);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_append(wording->form, " ,");
        append_range(wording, ranges[i][0], ranges[i][1], depth, outermost);
    }
    text_append(wording->form, " )");
}

/* TRIM(BOTH y FROM x), which older versions print as btrim(x, y). */
static bool append_trim(struct wording *wording, size_t first, size_t end, unsigned depth, bool outermost)
{
    static const char *const words[] = {"BOTH", "LEADING", "TRAILING"}, *const names[] = {"btrim", "ltrim", "rtrim"};
    size_t from = find_word(wording, first, end, "FROM");

    for (size_t i = 0; i < array_length(words) && from < end; i++)
        if (sql_token_is(&wording->tokens[first], words[i])) {
            const size_t ranges[][2] = {{from + 1, end}, {first + 1, from}};
            append_call(wording, names[i], ranges, from > first + 1 ? 2 : 1, depth, outermost);
            return true;
        }
    return false;
}

/* SUBSTRING, OVERLAY, POSITION and TRIM with key words between the arguments (14 and newer) as the calls they are. */
static bool append_special(struct wording *wording, size_t i, unsigned depth, bool outermost)
{
    const struct sql_token *token = &wording->tokens[i];
    size_t first = i + 2, end = token[1].partner;

    if (sql_token_is(token, "TRIM"))
        return append_trim(wording, first, end, depth, outermost);
    if (sql_token_is(token, "POSITION")) {
        size_t in = find_word(wording, first, end, "IN");
        size_t ranges[][2] = {{in + 1, end}, {first, in}};
        if (in == end)
            return false;
        strip_parentheses(wording, ranges[0]);
        strip_parentheses(wording, ranges[1]);
        append_call(wording, "position", (const size_t(*)[2])ranges, 2, depth, outermost);
        return true;
    }
    if (!sql_token_is(token, "SUBSTRING") && !sql_token_is(token, "OVERLAY"))
        return false;

    static const char *const words[] = {"PLACING", "FROM", "FOR", "SIMILAR", "ESCAPE"};
    size_t ranges[array_length(words) + 1][2] = {{first, end}}, count = 1;
    for (size_t word = 0; word < array_length(words); word++) {
        size_t found = find_word(wording, ranges[count - 1][0], end, words[word]);
        if (found == end)
            continue;
        ranges[count - 1][1] = found;
        ranges[count][0] = found + 1;
        ranges[count++][1] = end;
    }
    if (count > 1)
        append_call(wording, sql_token_is(token, "OVERLAY") ? "overlay" : "substring", (const size_t(*)[2])ranges,
                    count, depth, outermost);
    return count > 1;
}

/* (x AT TIME ZONE y) and ((a, b) OVERLAPS (c, d)), 14 and newer. */
static bool append_infix(struct wording *wording, size_t first, size_t end, unsigned depth, bool outermost)
{
    size_t at = find_word(wording, first, end, "AT"), overlaps = find_word(wording, first, end, "OVERLAPS");

    if (at + 3 < end && at > first && sql_token_is(&wording->tokens[at + 1], "TIME") &&
        sql_token_is(&wording->tokens[at + 2], "ZONE")) {
        const size_t ranges[][2] = {{at + 3, end}, {first, at}};
        append_call(wording, "timezone", ranges, 2, depth, outermost);
        return true;
    }
    if (overlaps < end && overlaps > first && wording->tokens[first].partner == overlaps - 1 &&
        wording->tokens[overlaps + 1].partner == end - 1) {
        const size_t ranges[][2] = {{first + 1, overlaps - 1}, {overlaps + 2, end - 1}};
        append_call(wording, "overlaps", ranges, 2, depth, outermost);
        return true;
    }
    return false;
}

/* (CURRENT_USER)::text: before 12, a name is cast to be compared with a text. */
static bool is_cast_role(const struct wording *wording, size_t i, size_t end)
{
    static const char *const words[] = {"CURRENT_USER", "SESSION_USER",   "CURRENT_ROLE",
                                        "USER",         "CURRENT_SCHEMA", "CURRENT_CATALOG"};
    const struct sql_token *token = &wording->tokens[i];

    if (i + 4 >= end || token->partner != i + 2 || !sql_token_is(&token[3], "::") || !sql_token_is(&token[4], "text"))
        return false;
    for (size_t word = 0; word < array_length(words); word++)
        if (sql_token_is(&token[1], words[word]))
            return true;
    return false;
}

/*
 * ((a AND b) AND c), of a BETWEEN or of a comparison of rows: its own text, read again, is (a AND b AND c). `first` is
 * where the outer parentheses' content begins.
 */
static bool is_nested_list(const struct wording *wording, size_t first, size_t end)
{
    static const char *const words[] = {"AND", "OR"};
    size_t inner_end = wording->tokens[first].partner;

    for (size_t i = 0; i < array_length(words) && inner_end + 1 < end; i++)
        if (sql_token_is(&wording->tokens[inner_end + 1], words[i]) &&
            find_word(wording, first + 1, inner_end, words[i]) < inner_end &&
            find_word(wording, first + 1, inner_end, words[1 - i]) == inner_end)
            return true;
    return false;
}

struct range {
    size_t first, end;
};

static bool is_row(const struct wording *wording, struct range range)
{
    return range.end > range.first + 3 && sql_token_is(&wording->tokens[range.first], "ROW") &&
           wording->tokens[range.first + 1].partner == range.end - 1;
}

struct comparison { /* of rows: with =, <> or IS DISTINCT FROM */
    struct range left, compared_by, right;
    const char *word; /* what joins the comparisons of columns that it stands for */
};

static bool find_comparison(const struct wording *wording, struct range all, struct comparison *comparison)
{
    const struct sql_token *tokens = wording->tokens;

    if (all.end < all.first + 7 || !sql_token_is(&tokens[all.first], "ROW") ||
        tokens[all.first + 1].partner <= all.first + 1 || tokens[all.first + 1].partner + 2 >= all.end)
        return false;
    size_t left_end = tokens[all.first + 1].partner + 1, length = 1;
    const struct sql_token *word = &tokens[left_end];

    if (sql_token_is(word, "IS") && sql_token_is(&word[1], "DISTINCT"))
        length = 3;
    else if (!sql_token_is(word, "=") && !sql_token_is(word, "<>"))
        return false;
    *comparison = (struct comparison){.left = {all.first, left_end},
                                      .compared_by = {left_end, left_end + length},
                                      .right = {left_end + length, all.end},
                                      .word = sql_token_is(word, "=") ? "AND" : "OR"};
    return is_row(wording, comparison->left) && is_row(wording, comparison->right);
}

/* The columns' comparisons. The first ones are in no parentheses of their own, as of a nested list. */
static void append_columns(struct wording *wording, const struct comparison *rows, unsigned depth, bool outermost)
{
    size_t i = rows->left.first + 2, j = rows->right.first + 2;

    wording->settled += 2; /* then a list within a list is left */
    for (bool begins = true; i < rows->left.end - 1 && j < rows->right.end - 1; begins = false) {
        struct comparison column = *rows;

        column.left = (struct range){i, sql_item_end(wording->tokens, i, rows->left.end - 1)};
        column.right = (struct range){j, sql_item_end(wording->tokens, j, rows->right.end - 1)};
        bool nested = depth < DEEPEST && is_row(wording, column.left) && is_row(wording, column.right);
        if (!begins)
            text_appendf(wording->form, " %s", rows->word);
        text_append(wording->form, begins && nested ? "" : " (");
        if (nested) {
            append_columns(wording, &column, depth + 1, outermost);
        } else {
            append_range(wording, column.left.first, column.left.end, depth + 1, outermost);
            append_range(wording, column.compared_by.first, column.compared_by.end, depth + 1, outermost);
            append_range(wording, column.right.first, column.right.end, depth + 1, outermost);
        }
        text_append(wording->form, begins && nested ? "" : " )");
        i = column.left.end + 1;
        j = column.right.end + 1;
    }
}

static size_t count_elements(const struct wording *wording, struct range row)
{
    size_t count = 0;

    for (size_t i = row.first + 2; i < row.end; i = sql_item_end(wording->tokens, i, row.end - 1) + 1)
        count++;
    return count;
}

/* A comparison of rows within one of rows: its own text, read again, is that of the columns. */
static bool append_rows(struct wording *wording, struct range all, unsigned depth, bool outermost)
{
    struct comparison rows;

    if (!find_comparison(wording, all, &rows) ||
        count_elements(wording, rows.left) != count_elements(wording, rows.right))
        return false;
    append_columns(wording, &rows, depth, outermost);
    return true;
}

/* As is_nested_list(), of a comparison of rows. */
static bool is_nested_comparison(const struct wording *wording, size_t first, size_t end)
{
    size_t inner_end = wording->tokens[first].partner;
    struct comparison rows;

    return inner_end + 1 < end && find_comparison(wording, (struct range){first + 1, inner_end}, &rows) &&
           sql_token_is(&wording->tokens[inner_end + 1], rows.word);
}

/*
 * (ARRAY[a, b])::type[], of an IN: its own text, read again, is ARRAY[(a)::type, (b)::type]. Returns where the cast
 * ends, or `first` where there is none.
 */
static size_t append_cast_array(struct wording *wording, size_t first, size_t end, unsigned depth, bool outermost)
{
    const struct sql_token *tokens = wording->tokens;
    size_t close = tokens[first].partner, type = close + 2, type_end = type;

    if (first + 3 >= close || !sql_token_is(&tokens[first + 1], "ARRAY") || !sql_token_is(&tokens[first + 2], "[") ||
        !sql_token_is(&tokens[close - 1], "]") || type >= end || !sql_token_is(&tokens[close + 1], "::"))
        return first;
    while (type_end < end && !sql_token_is(&tokens[type_end], "["))
        type_end++;
    if (type_end + 1 >= end || type_end == type || !sql_token_is(&tokens[type_end + 1], "]"))
        return first;
    text_append(wording->form, " ARRAY [");
    for (size_t element = first + 3; element < close - 1;) {
        size_t element_stop = sql_item_end(wording->tokens, element, close - 1);

        text_append(wording->form, element > first + 3 ? " , (" : " (");
        append_range(wording, element, element_stop, depth + 1, outermost);
        text_append(wording->form, " ) ::");
        append_range(wording, type, type_end, depth + 1, outermost);
        element = element_stop + 1;
    }
    text_append(wording->form, " ]");
    wording->settled++;
    return type_end + 1;
}

/* What servers of different versions print differently at `*i`, which is moved to the end of it. */
static bool append_versions(struct wording *wording, size_t *i, size_t end, unsigned depth, bool outermost)
{
    const struct sql_token *token = &wording->tokens[*i];
    bool group = token->partner > *i && token->partner < end && depth < DEEPEST;

    if (!wording->versions)
        return false;
    if (*i + 1 < end && token->kind == SQL_TOKEN_WORD && token[1].partner > *i + 1 && token[1].partner < end &&
        depth < DEEPEST && append_special(wording, *i, depth + 1, outermost)) {
        *i = token[1].partner;
    } else if (group && is_cast_role(wording, *i, end)) {
        append_token(wording, &token[1]);
        *i += 4;
    } else if (group && append_infix(wording, *i + 1, token->partner, depth + 1, outermost)) {
        *i = token->partner;
    } else if (outermost && is_qualifier(wording, *i, end)) {
        *i += 1;
    } else {
        /* The mode IN of procedures' arguments, which 14 and newer print. */
        return sql_token_is(token, "IN") && (*i == 0 || sql_token_is(&token[-1], "(") || sql_token_is(&token[-1], ","));
    }
    return true;
}

/* ROW(a, NULL): attributes that the type got later. Read again, each is a NULL of its own type. */
static void append_row(struct wording *wording, size_t first, size_t end, unsigned depth, bool outermost)
{
    for (size_t i = first, stop; i < end; i = stop + 1) {
        stop = sql_item_end(wording->tokens, i, end);
        if (sql_token_is(&wording->tokens[i], "NULL") &&
            (stop == i + 1 || sql_token_is(&wording->tokens[i + 1], "::"))) {
            text_append(wording->form, " NULL");
            wording->settled += stop == i + 1;
        } else {
            append_range(wording, i, stop, depth, outermost);
        }
        if (stop < end)
            append_token(wording, &wording->tokens[stop]);
    }
}

static void append_range(struct wording *wording, size_t first, size_t end, unsigned depth, bool outermost)
{
    for (size_t i = first; i < end; i++) {
        const struct sql_token *token = &wording->tokens[i];
        bool group = token->partner > i && token->partner < end && depth < DEEPEST;
        size_t cast_end;

        if (append_versions(wording, &i, end, depth, outermost))
            continue;
        if (group && (cast_end = append_cast_array(wording, i, end, depth, outermost)) > i) {
            i = cast_end;
        } else if (group && i == first && is_nested_list(wording, i, end)) {
            wording->settled++;
            append_range(wording, i + 1, token->partner, depth + 1, outermost);
            i = token->partner;
        } else if (group && i == first && is_nested_comparison(wording, i, end) &&
                   append_rows(wording, (struct range){i + 1, token->partner}, depth + 1, outermost)) {
            i = token->partner;
        } else if (group && i > first && sql_token_is(&token[-1], "ROW")) {
            text_append(wording->form, " (");
            append_row(wording, i + 1, token->partner, depth + 1, outermost);
            text_append(wording->form, " )");
            i = token->partner;
        } else if (group) {
            text_append(wording->form, " (");
            if (!append_rows(wording, (struct range){i + 1, token->partner}, depth + 1, outermost))
                append_range(wording, i + 1, token->partner, depth + 1, outermost && !begins_query(wording, i + 1));
            text_append(wording->form, " )");
            i = token->partner;
        } else {
            append_token(wording, token);
        }
    }
}

/* Finds the one table of the outermost query, if it is one. */
static void find_only_table(struct wording *wording)
{
    static const char *const ends[] = {"WHERE", "GROUP",  "HAVING", "WINDOW", "ORDER",
                                       "LIMIT", "OFFSET", "FETCH",  "FOR",    ";"};
    static const char *const more[] = {"UNION", "INTERSECT", "EXCEPT"};
    size_t end = wording->count, select = find_word(wording, 0, end, "SELECT");
    size_t from = find_word(wording, select, end, "FROM"), from_end = end;

    for (size_t i = 0; i < array_length(more); i++)
        if (find_word(wording, 0, end, more[i]) < end)
            return;
    for (size_t i = 0; i < array_length(ends); i++) {
        size_t found = find_word(wording, from, from_end, ends[i]);
        from_end = found < from_end ? found : from_end;
    }
    if (from == end || find_word(wording, from, from_end, ",") < from_end ||
        find_word(wording, from, from_end, "JOIN") < from_end)
        return;
    size_t name_end = find_word(wording, from, from_end, "TABLESAMPLE");
    for (size_t i = from + 1; i < name_end; i++) {
        const struct sql_token *token = &wording->tokens[i];

        if (token->partner > i)
            i = token->partner;
        else if (token->kind == SQL_TOKEN_WORD || token->kind == SQL_TOKEN_QUOTED)
            wording->only = token;
    }
    wording->from_first = from;
    wording->from_end = from_end;
}

/* Returns how often the text was not settled. */
static size_t append_form(struct text *form, const char *sql, bool versions, bool view)
{
    cleanup(sql_tokens_free) struct sql_tokens tokens = {0};

    sql_tokens_read(&tokens, sql);
    struct wording wording = {.tokens = tokens.items, .count = tokens.count, .form = form, .versions = versions};
    if (versions && view)
        find_only_table(&wording);
    append_range(&wording, 0, tokens.count, 0, true);
    return wording.settled;
}

void wording_append(struct text *form, const char *sql, bool view)
{
    append_form(form, sql, true, view);
}

size_t count_unsettled(const char *sql)
{
    cleanup(text_free) struct text form = {0};

    return sql != NULL ? append_form(&form, sql, false, false) : 0;
}

bool is_worded(const char *field)
{
    static const char *const fields[] = {"definition",    "structure",       "expression", "generated",
                                         "default",       "using",           "check",      "row_filter",
                                         "partition_key", "partition_bound", "arguments"};

    for (size_t i = 0; i < array_length(fields); i++)
        if (strcmp(field, fields[i]) == 0)
            return true;
    return false;
}

bool same_wording(enum object_class class, const char *field, const char *a, int a_version, const char *b,
                  int b_version)
{
    if (a == NULL || b == NULL || strcmp(a, b) == 0)
        return a == b || (a != NULL && b != NULL);
    if (!is_worded(field))
        return false;

    bool view = (class == CLASS_VIEW || class == CLASS_MATERIALIZED_VIEW) && strcmp(field, "definition") == 0;
    bool versions = a_version / 10000 != b_version / 10000;
    cleanup(text_free) struct text a_form = {0}, b_form = {0};
    size_t settled = append_form(&a_form, a, versions, view) + append_form(&b_form, b, versions, view);
    return (versions || settled > 0) && a_form.length > 0 && a_form.length == b_form.length &&
           strcmp(a_form.data, b_form.data) == 0;
}
