/*
 * The tar around a plan file's entries. There is exactly one right form of it: plain ustar headers whose every byte
 * follows from the entry's name, its size and the one time of the file; zero padding; two zero blocks; nothing else. So
 * the reader parses no tar: it compares each block with the one that must stand there.
 */
#pragma once

#include "common/error.h"

#include <stddef.h>
#include <stdint.h>

enum { CONTAINER_BLOCK = 512, CONTAINER_TRAILER = 2 * CONTAINER_BLOCK };

/* The header block of a regular file. The name is at most LIMIT_ENTRY_NAME bytes, size and time below 8 Gi. */
void container_header(const char *name, uint64_t size, uint64_t time, unsigned char block[CONTAINER_BLOCK]);

/* Reads size and time out of the header of an entry whose name is known; false where it is not its one right header. */
bool container_read_header(const unsigned char block[CONTAINER_BLOCK], const char *name, uint64_t *size,
                           uint64_t *time) must_check;

/* What is wrong with a block that is not `expected`: for a message. */
const char *container_fault(const unsigned char block[CONTAINER_BLOCK], const unsigned char expected[CONTAINER_BLOCK]);

uint64_t container_padding(uint64_t size); /* zero bytes after an entry of the size, up to the next block */
