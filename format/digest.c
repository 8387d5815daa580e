/* A table's fingerprints as lines of text. */
#include "format/digest.h"

#include "common/memory.h"
#include "common/text.h"
#include "format/limits.h"

#include <inttypes.h>

/* COPY's escapes, as far as a bound needs them to stay on its line. */
static const char escapes[][2] = {{'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'},
                                  {'\b', 'b'},  {'\f', 'f'}, {'\v', 'v'}};

static const char *find_escape(char character, size_t side)
{
    for (size_t i = 0; i < array_length(escapes); i++)
        if (escapes[i][side] == character)
            return escapes[i];
    return NULL;
}

static void append_bound(struct text *text, const char *bound)
{
    for (const char *at = bound; *at != '\0'; at++) {
        const char *escape = find_escape(*at, 0);
        if (escape != NULL)
            text_append_char(text, '\\');
        text_append_char(text, (char)(escape != NULL ? escape[1] : *at));
    }
}

char *digest_write(const struct digest *digest, size_t *length)
{
    struct text text = {0};

    for (size_t i = 0; i < digest->bound_count; i++) {
        text_append(&text, "bound ");
        append_bound(&text, digest->bounds[i]);
        text_append_char(&text, '\n');
    }
    for (size_t i = 0; i < digest->chunk_count; i++) {
        const struct digest_chunk *chunk = &digest->chunks[i];
        text_appendf(&text, "chunk %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", chunk->number, chunk->main.rows,
                     chunk->main.sum);
    }
    for (size_t i = 0; i < digest->touched_count; i++) {
        const struct digest_slice *slice = &digest->touched[i];
        text_appendf(&text, "slice %" PRIu64 " %" PRIu64 " %016" PRIx64 " %" PRIu64 " %016" PRIx64 "\n", slice->number,
                     slice->main.rows, slice->main.sum, slice->base.rows, slice->base.sum);
    }
    *length = text.length;
    return text_take(&text);
}

/* What is left of a line, whose end is `end`. */
struct line {
    const char *at, *end;
};

static bool take_word(struct line *line, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(line->end - line->at) < length || memcmp(line->at, word, length) != 0)
        return false;
    line->at += length;
    return true;
}

/* A number as it is written: no sign, no zero in front. */
static bool take_number(struct line *line, uint64_t *number)
{
    const char *start = line->at;

    *number = 0;
    while (line->at < line->end && *line->at >= '0' && *line->at <= '9') {
        if (*number > LIMIT_COUNT)
            return false;
        *number = *number * 10 + (uint64_t)(*line->at++ - '0');
    }
    return line->at > start && *number <= LIMIT_COUNT && (*start != '0' || line->at == start + 1);
}

static bool take_sum(struct line *line, uint64_t *sum)
{
    *sum = 0;
    for (int i = 0; i < 16; i++, line->at++) {
        if (line->at == line->end)
            return false;
        char digit = *line->at;
        if (digit >= '0' && digit <= '9')
            *sum = *sum << 4 | (uint64_t)(digit - '0');
        else if (digit >= 'a' && digit <= 'f')
            *sum = *sum << 4 | (uint64_t)(digit - 'a' + 10);
        else
            return false;
    }
    return true;
}

static bool take_fingerprint(struct line *line, struct fingerprint *fingerprint)
{
    return take_word(line, " ") && take_number(line, &fingerprint->rows) && take_word(line, " ") &&
           take_sum(line, &fingerprint->sum);
}

/* Room is counted in items; each array grows on its own. */
struct growing {
    struct digest *digest;
    size_t bounds, chunks, touched;
};

static bool read_bound(struct growing *to, struct line *line)
{
    cleanup(text_free) struct text bound = {0};
    struct digest *digest = to->digest;

    if (digest->chunk_count > 0 || digest->touched_count > 0)
        return false;
    for (; line->at < line->end; line->at++) {
        const char *escape = NULL;
        if (*line->at == '\\') {
            if (++line->at == line->end || (escape = find_escape(*line->at, 1)) == NULL)
                return false;
        } else if (*line->at == '\0' || find_escape(*line->at, 0) != NULL) {
            return false;
        }
        text_append_char(&bound, (char)(escape != NULL ? escape[0] : *line->at));
    }
    array_reserve((void **)&digest->bounds, &to->bounds, digest->bound_count + 1, sizeof *digest->bounds);
    digest->bounds[digest->bound_count++] = text_take(&bound);
    return true;
}

static bool read_chunk(struct growing *to, struct line *line)
{
    struct digest *digest = to->digest;
    struct digest_chunk chunk;

    if (digest->touched_count > 0 || !take_number(line, &chunk.number) || !take_fingerprint(line, &chunk.main) ||
        (digest->chunk_count > 0 && digest->chunks[digest->chunk_count - 1].number >= chunk.number))
        return false;
    array_reserve((void **)&digest->chunks, &to->chunks, digest->chunk_count + 1, sizeof *digest->chunks);
    digest->chunks[digest->chunk_count++] = chunk;
    return line->at == line->end;
}

static bool read_slice(struct growing *to, struct line *line)
{
    struct digest *digest = to->digest;
    struct digest_slice slice;

    if (!take_number(line, &slice.number) || !take_fingerprint(line, &slice.main) ||
        !take_fingerprint(line, &slice.base) ||
        (digest->touched_count > 0 && digest->touched[digest->touched_count - 1].number >= slice.number))
        return false;
    array_reserve((void **)&digest->touched, &to->touched, digest->touched_count + 1, sizeof *digest->touched);
    digest->touched[digest->touched_count++] = slice;
    return line->at == line->end;
}

static bool read_line(struct growing *to, struct line line)
{
    if (line.end - line.at > (ptrdiff_t)LIMIT_DIGEST_LINE)
        return false;
    if (take_word(&line, "bound "))
        return read_bound(to, &line);
    if (take_word(&line, "chunk "))
        return read_chunk(to, &line);
    return take_word(&line, "slice ") && read_slice(to, &line);
}

bool digest_read(const char *bytes, size_t length, struct digest *digest, struct error *err)
{
    struct growing to = {.digest = digest};
    const char *end = bytes + length;
    size_t number = 1;

    *digest = (struct digest){0};
    for (const char *at = bytes; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL || !read_line(&to, (struct line){.at = at, .end = newline})) {
            digest_free(digest);
            return error_set(err, ERROR_ARCHIVE, "line %zu of a digest is malformed", number);
        }
        at = newline + 1;
    }
    return true;
}

void digest_free(struct digest *digest)
{
    for (size_t i = 0; i < digest->bound_count; i++)
        free(digest->bounds[i]);
    free(digest->bounds);
    free(digest->chunks);
    free(digest->touched);
    *digest = (struct digest){0};
}
