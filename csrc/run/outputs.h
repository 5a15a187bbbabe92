/* The columns that a run is asked for: where their values come from, and how they get there. */
#ifndef HQ_RUN_OUTPUTS_H
#define HQ_RUN_OUTPUTS_H

#include "hquant/run.h"
#include "run/walk.h"

/** A column that is asked for. */
typedef struct HqRunOutput {
    double *values;
    uint32_t slot;
    bool is_first; /* of its slot, which a node fills: the others are copied */
} HqRunOutput;

typedef struct HqRunOutputs {
    const HqRunResult *result;
    HqRunOutput *output; /* one a column */
    /* Nodes write to places of the block that stay in the caches, and what they have written is sent from
     * there (HqBlock.to); else they write where it goes. */
    bool past_caches;
} HqRunOutputs;

/** HQ_OK, HQ_ENOMEM. */
HqStatus hq_outputs_init(HqRunOutputs *outputs, const HqRunResult *result, size_t length);

void hq_outputs_destroy(HqRunOutputs *outputs);

/**
 * The registers that are asked for, in the columns' order.
 * @return HQ_OK; HQ_EINVAL naming a column whose register there is not, or which is of a higher timeframe.
 */
HqStatus hq_outputs_registers(const HqRunOutputs *outputs, const HqProgram *program, uint32_t *registers,
                              size_t *count);

/**
 * A slot for each column: indicators are added, registers are linked already.
 * @param linked  slots of the registers, in the columns' order.
 */
HqStatus hq_outputs_place(const HqRunOutputs *outputs, HqGraph *graph, const uint32_t *linked, uint32_t *slots);

/** The columns' slots in a block that is laid out. HQ_OK, HQ_ENOMEM. */
HqStatus hq_outputs_take_slots(HqRunOutputs *outputs, const HqBlock *block, const uint32_t *slots);

/** Before the block that begins with bar `begin` is run: where nodes write, or what they have written is sent. */
void hq_outputs_lead(const HqRunOutputs *outputs, HqBlock *block, size_t begin);

/** After it: what is not there, or sent. */
void hq_outputs_take(const HqRunOutputs *outputs, const HqBlock *block, size_t begin, size_t n);

/** A bar that is none of the program's. */
void hq_outputs_leave_out(const HqRunOutputs *outputs, size_t bar);

#endif
