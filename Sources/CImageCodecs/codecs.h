// What the files of this shim share: one pair of functions a format.
#ifndef CIC_CODECS_H
#define CIC_CODECS_H

#include "CImageCodecs.h"

int cic_fail(char *message, const char *format, ...) __attribute__((format(printf, 2, 3)));

int cic_jpeg_header(const uint8_t *bytes, size_t count, cic_header *header);
int cic_jpeg_decode(const uint8_t *bytes, size_t count, cic_header *header, int shrink, uint8_t *rgb);
int cic_png_header(const uint8_t *bytes, size_t count, cic_header *header);
int cic_png_decode(const uint8_t *bytes, size_t count, cic_header *header, uint8_t *rgb);
int cic_webp_header(const uint8_t *bytes, size_t count, cic_header *header);
int cic_webp_decode(const uint8_t *bytes, size_t count, cic_header *header, uint8_t *rgb);

#endif
