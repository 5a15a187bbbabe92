/* What the parts of the runner in C share. */
#ifndef C_VECTORS_H
#define C_VECTORS_H

#include "vectors.h"

/** A program of programs.json, or one that a case has, until the case is done. */
const uint8_t *program_bytes(const cJSON *name, size_t *size);
HqProgram *program_of(const cJSON *name);
HqProgram *program_of_bytes(const cJSON *base64);
uint32_t add_program(HQuant *engine, const cJSON *name);
/** Symbols with their programs. */
HqSymbol *traded_symbols(const cJSON *symbols);

/** A whole backtest of a case. What it fills lives until the case is done. */
HqStatus run_backtest(const cJSON *test_case, HqBacktestReport *report, HqBacktestOutput *output);

#endif
