/* COPY's binary format. Every value is read strictly: what is not the one text that the server prints is refused. */
#include "apply/copy_binary.h"

#include "common/copy_text.h"
#include "common/memory.h"

#include <limits.h>
#include <string.h>

enum kind {
    KIND_INT2,
    KIND_INT4,
    KIND_INT8,
    KIND_OID,
    KIND_BOOL,
    KIND_TEXT,
    KIND_CHARACTER,
    KIND_JSONB,
    KIND_BYTEA,
    KIND_UUID,
    KIND_DATE,
    KIND_TIMESTAMP,
    KIND_TIMESTAMPTZ,
    KIND_NUMERIC,
    KIND_NONE,
};

/* What a field takes at most: its length, and beside the bytes of its text those of a short number. */
enum { FIELD_OVERHEAD = 4 + 16 };

/* Of a type with a modifier, what stands before and after it. */
static const struct {
    const char *before, *after;
    bool modified; /* may have a modifier: (n), (p,s) */
    enum kind kind;
} types[] = {
    {"smallint", "", false, KIND_INT2},
    {"integer", "", false, KIND_INT4},
    {"bigint", "", false, KIND_INT8},
    {"oid", "", false, KIND_OID},
    {"boolean", "", false, KIND_BOOL},
    {"text", "", false, KIND_TEXT},
    {"character varying", "", true, KIND_TEXT},
    {"character", "", true, KIND_CHARACTER},
    {"json", "", false, KIND_TEXT},
    {"jsonb", "", false, KIND_JSONB},
    {"bytea", "", false, KIND_BYTEA},
    {"uuid", "", false, KIND_UUID},
    {"date", "", false, KIND_DATE},
    {"timestamp", " without time zone", true, KIND_TIMESTAMP},
    {"timestamp", " with time zone", true, KIND_TIMESTAMPTZ},
    {"numeric", "", true, KIND_NUMERIC},
};

static enum kind kind_of(const char *type)
{
    for (size_t i = 0; i < array_length(types); i++) {
        size_t before = strlen(types[i].before);
        const char *rest = type + before;

        if (strncmp(type, types[i].before, before) != 0)
            continue;
        if (types[i].modified && *rest == '(')
            rest += strcspn(rest, ")") + 1;
        if (strcmp(rest, types[i].after) == 0)
            return types[i].kind;
    }
    return KIND_NONE;
}

bool binary_columns_of(const struct table_shape *shape, struct binary_columns *columns)
{
    *columns = (struct binary_columns){.kinds = allocate(shape->column_count + 1, sizeof *columns->kinds)};
    for (size_t i = 0; i < shape->column_count; i++) {
        if (shape->columns[i].generated)
            continue;
        int kind = kind_of(shape->columns[i].type);
        columns->kinds[columns->count++] = kind;
        if (kind == KIND_NONE) {
            columns->count = 0;
            break;
        }
    }
    if (columns->count > 0 && columns->count <= INT16_MAX)
        return true;
    binary_columns_free(columns);
    return false;
}

void binary_columns_free(struct binary_columns *columns)
{
    free(columns->kinds);
    *columns = (struct binary_columns){0};
}

/* The network's order. */
static char *put_number(char *at, uint64_t value, size_t bytes)
{
    for (size_t i = bytes; i > 0; i--)
        *at++ = (char)(value >> 8 * (i - 1));
    return at;
}

static char *put_field(char *at, uint64_t value, uint32_t bytes)
{
    return put_number(put_number(at, bytes, 4), value, bytes);
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Exactly `count` digits. */
static bool read_digits(const char *field, size_t count, unsigned *value)
{
    *value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(field[i]))
            return false;
        *value = *value * 10 + (unsigned)(field[i] - '0');
    }
    return true;
}

/* Up to 18 digits and a sign: each fits. The few numbers of 19 digits go as text. */
static bool read_integer(const char *field, size_t length, int64_t lowest, int64_t highest, int64_t *value)
{
    bool negative = length > 0 && field[0] == '-';

    *value = 0;
    if (length == (size_t)negative || length - negative > 18)
        return false;
    for (size_t i = negative; i < length; i++) {
        if (!is_digit(field[i]))
            return false;
        *value = *value * 10 + (field[i] - '0');
    }
    *value = negative ? -*value : *value;
    return *value >= lowest && *value <= highest;
}

/* Days since 2000-01-01 in the Gregorian calendar, of YYYY-MM-DD. */
static bool read_date(const char *field, int64_t *days)
{
    static const unsigned char days_of_month[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year, month, day;

    if (!read_digits(field, 4, &year) || field[4] != '-' || !read_digits(field + 5, 2, &month) || field[7] != '-' ||
        !read_digits(field + 8, 2, &day) || year == 0 || month < 1 || month > 12 || day < 1 ||
        day > days_of_month[month - 1])
        return false;
    if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
        return false;
    /* Years begin in March here, so that the day which some years have is the last one. */
    int64_t y = (int64_t)year - (month < 3), m = (month + 9) % 12;
    *days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 730426;
    return true;
}

/* Microseconds since 2000-01-01 00:00:00, of YYYY-MM-DD HH:MM:SS[.ffffff]. */
static bool read_timestamp(const char *field, size_t length, int64_t *microseconds)
{
    enum { WITHOUT_FRACTION = sizeof "YYYY-MM-DD HH:MM:SS" - 1, FRACTION_DIGITS = 6 };
    unsigned hour, minute, second, fraction = 0;
    int64_t days;

    if (length < WITHOUT_FRACTION || length == WITHOUT_FRACTION + 1 ||
        length > WITHOUT_FRACTION + 1 + FRACTION_DIGITS || !read_date(field, &days) || field[10] != ' ' ||
        !read_digits(field + 11, 2, &hour) || field[13] != ':' || !read_digits(field + 14, 2, &minute) ||
        field[16] != ':' || !read_digits(field + 17, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    if (length > WITHOUT_FRACTION) {
        size_t digits = length - WITHOUT_FRACTION - 1;

        if (field[WITHOUT_FRACTION] != '.' || !read_digits(field + WITHOUT_FRACTION + 1, digits, &fraction))
            return false;
        for (; digits < FRACTION_DIGITS; digits++)
            fraction *= 10;
    }
    *microseconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    *microseconds = *microseconds * 1000000 + fraction;
    return true;
}

/* A table: no branch that random digits would make the processor guess wrong. -1 for what is none. */
static int hex_digit(char character)
{
    static const signed char above[UCHAR_MAX + 1] = {
        ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
        ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    };

    return above[(unsigned char)character] - 1;
}

static char *put_hex(char *at, const char *digits, size_t length)
{
    for (size_t i = 0; i < length; i += 2) {
        int high = hex_digit(digits[i]), low = hex_digit(digits[i + 1]);

        if ((high | low) < 0)
            return NULL;
        *at++ = (char)(high << 4 | low);
    }
    return at;
}

static char *put_uuid(char *at, const char *field, size_t length)
{
    static const unsigned char groups[] = {8, 4, 4, 4, 12};

    if (length != 36)
        return NULL;
    at = put_number(at, 16, 4);
    for (size_t i = 0; i < array_length(groups) && at != NULL; i++) {
        if (i > 0 && *field++ != '-')
            return NULL;
        at = put_hex(at, field, groups[i]);
        field += groups[i];
    }
    return at;
}

/* In COPY's text, `\\x` and hexadecimal digits. */
static char *put_bytea(char *at, const char *field, size_t length)
{
    if (length < 3 || memcmp(field, "\\\\x", 3) != 0 || length % 2 == 0 || length / 2 > INT_MAX)
        return NULL;
    return put_hex(put_number(at, (length - 3) / 2, 4), field + 3, length - 3);
}

/* Digits in groups of four, from the point on in both directions; groups of zeros at either end are left out. */
static char *put_numeric(char *at, const char *field, size_t length)
{
    bool negative = length > 0 && field[0] == '-';
    const char *digits = field + negative, *end = field + length, *point = memchr(digits, '.', (size_t)(end - digits));
    size_t whole = (size_t)((point != NULL ? point : end) - digits),
           scale = point != NULL ? (size_t)(end - point - 1) : 0;
    long first = 0,
         last = 0; /* groups, counted from the one before the point, which is 0; beyond `last` there is none */
    bool any = false;

    if (whole == 0 || length > 1000 || (point != NULL && scale == 0))
        return NULL;
    char *header = at + 4, *group = header + 8;
    for (long i = -(long)((whole + 3) / 4) + 1; i <= (long)((scale + 3) / 4); i++) {
        unsigned value = 0;

        for (long place = 0; place < 4; place++) {
            long digit = (i - 1) * 4 + place + (long)whole; /* its place before the point is left out */
            unsigned number = 0;

            if (digit >= (long)whole)
                digit++;
            if (digit >= 0 && digits + digit < end && !read_digits(digits + digit, 1, &number))
                return NULL;
            value = value * 10 + number;
        }
        if (value == 0 && !any)
            continue;
        if (!any)
            first = i;
        any = true;
        group = put_number(group, value, 2);
        if (value != 0)
            last = i;
    }
    long count = any ? last - first + 1 : 0;
    put_number(at, (uint64_t)(8 + 2 * count), 4);
    header = put_number(header, (uint64_t)count, 2);
    header = put_number(header, (uint64_t)(any ? -first : 0), 2);
    header = put_number(header, negative && any ? 0x4000 : 0, 2);
    header = put_number(header, scale, 2);
    return header + 2 * count;
}

static char *put_text(char *at, const char *field, size_t length)
{
    char *from = at + 4, *to = from;

    if (memchr(field, '\\', length) == NULL) {
        memcpy(from, field, length);
        put_number(at, length, 4);
        return from + length;
    }
    for (size_t i = 0; i < length; i++) {
        static const char letters[] = "bfnrtv\\", meant[] = "\b\f\n\r\t\v\\";
        const char *letter;

        if (field[i] != '\\') {
            *to++ = field[i];
            continue;
        }
        if (++i == length || (letter = memchr(letters, field[i], sizeof letters - 1)) == NULL)
            return NULL;
        *to++ = meant[letter - letters];
    }
    put_number(at, (uint64_t)(to - from), 4);
    return to;
}

/* The server pads it with the blanks again, quicker than it takes them. */
static char *put_character(char *at, const char *field, size_t length)
{
    while (length > 0 && field[length - 1] == ' ')
        length--;
    return put_text(at, field, length);
}

static char *put_jsonb(char *at, const char *field, size_t length)
{
    char *end = put_text(at + 1, field, length);

    if (end == NULL)
        return NULL;
    put_number(at, (uint64_t)(end - at - 4), 4);
    at[4] = 1; /* the version of the form; where the length ended, one byte later */
    return end;
}

static char *put_integer(char *at, const char *field, size_t length, int64_t lowest, int64_t highest, uint32_t bytes)
{
    int64_t value;

    return read_integer(field, length, lowest, highest, &value) ? put_field(at, (uint64_t)value, bytes) : NULL;
}

/* Where what follows the field goes; NULL: it must be text. */
static char *put_value(char *at, enum kind kind, const char *field, size_t length)
{
    int64_t value;

    switch (kind) {
    case KIND_INT2:
        return put_integer(at, field, length, INT16_MIN, INT16_MAX, 2);
    case KIND_INT4:
        return put_integer(at, field, length, INT32_MIN, INT32_MAX, 4);
    case KIND_INT8:
        return put_integer(at, field, length, INT64_MIN, INT64_MAX, 8);
    case KIND_OID:
        return put_integer(at, field, length, 0, UINT32_MAX, 4);
    case KIND_BOOL:
        return length == 1 && (*field == 't' || *field == 'f') ? put_field(at, *field == 't', 1) : NULL;
    case KIND_TEXT:
        return put_text(at, field, length);
    case KIND_CHARACTER:
        return put_character(at, field, length);
    case KIND_JSONB:
        return put_jsonb(at, field, length);
    case KIND_BYTEA:
        return put_bytea(at, field, length);
    case KIND_UUID:
        return put_uuid(at, field, length);
    case KIND_DATE:
        return length == 10 && read_date(field, &value) ? put_field(at, (uint64_t)value, 4) : NULL;
    case KIND_TIMESTAMP:
        return read_timestamp(field, length, &value) ? put_field(at, (uint64_t)value, 8) : NULL;
    case KIND_TIMESTAMPTZ:
        return length > 3 && memcmp(field + length - 3, "+00", 3) == 0 && read_timestamp(field, length - 3, &value)
                   ? put_field(at, (uint64_t)value, 8)
                   : NULL;
    case KIND_NUMERIC:
        return put_numeric(at, field, length);
    case KIND_NONE:
        break;
    }
    return NULL;
}

void copy_binary_begin(struct text *out)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* no flags, no more of a head */

    text_append_bytes(out, head, sizeof head);
}

void copy_binary_end(struct text *out)
{
    text_append_bytes(out, "\377\377", 2);
}

bool copy_binary_row(const struct binary_columns *columns, const char *line, size_t length, struct text *out)
{
    const char *field = line, *end = line + length;

    text_reserve(out, 2 + columns->count * FIELD_OVERHEAD + length);
    char *at = put_number(out->data + out->length, columns->count, 2);
    for (size_t i = 0; i < columns->count; i++) {
        const char *tab = memchr(field, '\t', (size_t)(end - field)), *field_end = tab != NULL ? tab : end;
        size_t field_length = (size_t)(field_end - field);

        if ((tab == NULL) != (i + 1 == columns->count))
            return false;
        if (field_length == 2 && memcmp(field, "\\N", 2) == 0)
            at = put_number(at, UINT32_MAX, 4);
        else
            at = put_value(at, (enum kind)columns->kinds[i], field, field_length);
        if (at == NULL)
            return false;
        field = field_end + 1;
    }
    out->length = (size_t)(at - out->data);
    out->data[out->length] = '\0';
    return true;
}
