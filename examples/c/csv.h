/* Bars from a plain CSV file: the header timestamp,open,high,low,close,volume, with or without
 * ,buy_volume behind it, and a row of numbers a bar; timestamps are milliseconds. */
#ifndef EXAMPLE_CSV_H
#define EXAMPLE_CSV_H

#include <hquant/engine.h>

enum { FIELDS_MAX = 6 };

/* Columns that grow. */
typedef struct Table {
    int64_t *timestamp;
    double *fields[FIELDS_MAX]; /* open, high, low, close, volume, buy_volume */
    int has_buy_volume;
    size_t length;
    size_t capacity;
} Table;

/* Read a file; 0, with FILE:LINE and the reason on standard error, where a row is not a candle. */
int table_read(Table *table, const char *path);

/* Some rows as hquant reads them, for as long as the table is there. */
HqBars table_rows(const Table *table, size_t begin, size_t length);

void table_free(Table *table);

#endif
