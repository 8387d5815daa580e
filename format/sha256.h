/*
 * SHA-256, in pieces or at once. All bytes of a plan go through it, some twice, so it is OpenSSL's, which uses the
 * processor's own instructions (1.7 GB/s where libsodium's portable code makes 0.3). libpq brings the library anyway.
 */
#pragma once

#include <stddef.h>

enum { SHA256_SIZE = 32 };

struct sha256;

struct sha256 *sha256_new(void) __attribute__((returns_nonnull));
void sha256_add(struct sha256 *sha256, const void *bytes, size_t length);
void sha256_finish(struct sha256 *sha256, unsigned char hash[SHA256_SIZE]); /* may be called once */
void sha256_free(struct sha256 *sha256);                                    /* NULL is fine */
void sha256_cleanup(struct sha256 **sha256);

void sha256_of(const void *bytes, size_t length, unsigned char hash[SHA256_SIZE]);
