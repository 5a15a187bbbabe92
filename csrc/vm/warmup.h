/* When a program's registers can first be known. */
#ifndef HQ_VM_WARMUP_H
#define HQ_VM_WARMUP_H

#include "vm/program.h"

/**
 * Fill the first bars of a verified program's registers, with the PARAMs' own values: no register
 * has a value, and no condition is true or false, before them. Bars are of the register's own clock;
 * behind LAST they count from the first candle that is seen.
 */
void hq_program_find_first_bars(HqProgram *program);

#endif
