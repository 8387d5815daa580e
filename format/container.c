/* The tar around a plan file's entries. */
#include "format/container.h"

#include "format/limits.h"

#include <inttypes.h>

/* POSIX.1-1988 ustar; the fields' forms are those that libarchive writes. */
struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], time[12], checksum[8], type, link[100], magic[6], version[2],
        user[32], group[32], device_major[8], device_minor[8], prefix[155], padding[12];
};

_Static_assert(sizeof(struct header) == CONTAINER_BLOCK, "a header is one block");

static void set_checksum(struct header *header)
{
    unsigned sum = 0;
    char digits[8];

    memset(header->checksum, ' ', sizeof header->checksum);
    for (size_t i = 0; i < sizeof *header; i++)
        sum += ((const unsigned char *)header)[i];
    snprintf(digits, sizeof digits, "%06o", sum & 0777777);
    memcpy(header->checksum, digits, 7); /* six digits, NUL; the space stays */
}

static void set_number(char field[12], uint64_t number)
{
    char digits[13];

    snprintf(digits, sizeof digits, "%011" PRIo64 " ", number & UINT64_C(077777777777));
    memcpy(field, digits, 12);
}

void container_header(const char *name, uint64_t size, uint64_t time, unsigned char block[CONTAINER_BLOCK])
{
    struct header header = {
        .mode = "000644 ",
        .uid = "000000 ",
        .gid = "000000 ",
        .type = '0',
        .magic = "ustar",
        .version = {'0', '0'},
        .device_major = "000000 ",
        .device_minor = "000000 ",
    };

    memcpy(header.name, name, strnlen(name, sizeof header.name));
    set_number(header.size, size);
    set_number(header.time, time);
    set_checksum(&header);
    memcpy(block, &header, sizeof header);
}

static bool read_number(const char field[12], uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < 11; i++) {
        if (field[i] < '0' || field[i] > '7')
            return false;
        *number = *number * 8 + (uint64_t)(field[i] - '0');
    }
    return true;
}

bool container_read_header(const unsigned char block[CONTAINER_BLOCK], const char *name, uint64_t *size, uint64_t *time)
{
    struct header header;
    unsigned char expected[CONTAINER_BLOCK];

    memcpy(&header, block, sizeof header);
    if (!read_number(header.size, size) || !read_number(header.time, time))
        return false;
    container_header(name, *size, *time, expected);
    return memcmp(block, expected, sizeof expected) == 0;
}

const char *container_fault(const unsigned char block[CONTAINER_BLOCK], const unsigned char expected[CONTAINER_BLOCK])
{
    struct header found, right;

    memcpy(&found, block, sizeof found);
    memcpy(&right, expected, sizeof right);
    if (memcmp(found.magic, right.magic, sizeof found.magic) != 0)
        return "not a ustar header";
    if (memcmp(found.name, right.name, sizeof found.name) != 0)
        return "another name than the manifest's";
    if (found.type != right.type)
        return "not a regular file";
    if (memcmp(found.size, right.size, sizeof found.size) != 0)
        return "another size than the manifest's";
    return "not the one form that a header may have";
}

uint64_t container_padding(uint64_t size)
{
    return (CONTAINER_BLOCK - size % CONTAINER_BLOCK) % CONTAINER_BLOCK;
}
