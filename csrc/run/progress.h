/* Telling the caller how far a run has come, and asking whether it is to go on. */
#ifndef HQ_RUN_PROGRESS_H
#define HQ_RUN_PROGRESS_H

#include <stdbool.h>

#include "hquant/execution.h"

enum { HQ_PROGRESS_BARS = 1 << 16 }; /* between two calls */

typedef struct HqRunProgress {
    HqProgressFn call; /* may be NULL */
    void *user;
    size_t last; /* bars done when it was called last */
} HqRunProgress;

/** Whether hq_run_report() of the same bars will call it. */
bool hq_run_reports(const HqRunProgress *progress, size_t done, size_t total);

/** Call it after enough bars and after the last. HQ_OK or HQ_ECANCELLED. */
HqStatus hq_run_report(HqRunProgress *progress, size_t done, size_t total);

#endif
