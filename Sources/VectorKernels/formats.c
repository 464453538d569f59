#include "VectorKernels.h"
#include "formats.h"

KERNEL void vk_to_bf16(const float *x, uint16_t *y, int64_t n) {
    EACH(n) WRITE_16(y + i, TO_BF16(READ_32(x + i, left)), left);
}
KERNEL void vk_from_bf16(const uint16_t *x, float *y, int64_t n) {
    EACH(n) WRITE_32(y + i, FROM_BF16(READ_16(x + i, left)), left);
}
KERNEL void vk_add_bf16(float *y, const uint16_t *x, int64_t n) {
    EACH(n) WRITE_32(y + i, READ_32(y + i, left) + FROM_BF16(READ_16(x + i, left)), left);
}
KERNEL void vk_column_sums_bf16(const uint16_t *x, int64_t rows, int64_t d, float *out) {
    for (int64_t r = 0; r < rows; r++)
        EACH(d) WRITE_32(out + i, READ_32(out + i, left) + FROM_BF16(READ_16(x + r * d + i, left)), left);
}
KERNEL void vk_row_dots_bf16(const uint16_t *a, int64_t lda, const uint16_t *b, int64_t ldb, int64_t rows, int64_t d, float *out) {
    for (int64_t r = 0; r < rows; r++) {
        lanes sum = {};
        EACH(d) sum += FROM_BF16(READ_16(a + r * lda + i, left)) * FROM_BF16(READ_16(b + r * ldb + i, left));
        out[r] = FOLD(sum);
    }
}
KERNEL void vk_to_fixed(const float *x, int64_t ldx, int64_t rows, int64_t d, uint16_t *upper, uint8_t *rest, int64_t ldf, float *steps,
                        int64_t lds) {
    for (int64_t r = 0; r < rows; r++) {
        lanes most = {};
        EACH(d) most = LARGER_SIZE(most, READ_32(x + r * ldx + i, left));
        float step = fixed_step((const float *)&most, rest), rate = per_step(step);
        steps[r * lds] = step;
        EACH(d) STORE_FIXED(READ_32(x + r * ldx + i, left), rate, upper, rest, r * ldf + i, left);
    }
}
KERNEL void vk_from_fixed(const uint16_t *upper, const uint8_t *rest, int64_t ldf, const float *steps, int64_t lds, int64_t rows, int64_t d, float *x,
                          int64_t ldx) {
    for (int64_t r = 0; r < rows; r++) {
        float step = steps[r * lds];
        EACH(d) WRITE_32(x + r * ldx + i, READ_FIXED(step, upper, rest, r * ldf + i, left), left);
    }
}
