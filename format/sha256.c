/* SHA-256, by OpenSSL. */
#include "format/sha256.h"

#include <openssl/evp.h>

/* It fails only without memory, or where OpenSSL is set up to offer no SHA-256: nothing to go on with in either case.
 */
static void insist(int done)
{
    if (done != 1) {
        fputs("error: OpenSSL does not compute SHA-256\n", stderr);
        exit(1);
    }
}

struct sha256 *sha256_new(void)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    insist(context != NULL);
    insist(EVP_DigestInit_ex(context, EVP_sha256(), NULL));
    return (struct sha256 *)context;
}

void sha256_add(struct sha256 *sha256, const void *bytes, size_t length)
{
    insist(EVP_DigestUpdate((EVP_MD_CTX *)sha256, bytes, length));
}

void sha256_finish(struct sha256 *sha256, unsigned char hash[SHA256_SIZE])
{
    insist(EVP_DigestFinal_ex((EVP_MD_CTX *)sha256, hash, NULL));
}

void sha256_free(struct sha256 *sha256)
{
    EVP_MD_CTX_free((EVP_MD_CTX *)sha256);
}

void sha256_cleanup(struct sha256 **sha256)
{
    sha256_free(*sha256);
    *sha256 = NULL;
}

void sha256_of(const void *bytes, size_t length, unsigned char hash[SHA256_SIZE])
{
    insist(EVP_Digest(bytes, length, hash, NULL, EVP_sha256(), NULL));
}
