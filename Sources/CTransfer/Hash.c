#include "CTransfer.h"

#include <openssl/evp.h>

// `ct_sha256` is libcrypto's own context under a name that keeps its headers out of ours.
ct_sha256 *ct_sha256_new(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return NULL;
    }
    return (ct_sha256 *)context;
}

int ct_sha256_update(ct_sha256 *hash, const void *bytes, size_t count) {
    return EVP_DigestUpdate((EVP_MD_CTX *)hash, bytes, count) == 1 ? 0 : -1;
}

int ct_sha256_finish(ct_sha256 *hash, uint8_t digest[32]) {
    unsigned int length = 0;
    return EVP_DigestFinal_ex((EVP_MD_CTX *)hash, digest, &length) == 1 && length == 32 ? 0 : -1;
}

void ct_sha256_free(ct_sha256 *hash) { EVP_MD_CTX_free((EVP_MD_CTX *)hash); }
