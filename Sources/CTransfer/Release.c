#define _GNU_SOURCE
#include "CTransfer.h"

#include <fcntl.h>

int ct_release(int descriptor, int64_t start, int64_t count) {
    return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, start, count);
}
