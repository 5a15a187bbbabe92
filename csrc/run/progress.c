#include "run/progress.h"

#include "base/error.h"

enum { PROGRESS_BARS = 1 << 16 };

HqStatus hq_run_report(HqRunProgress *progress, size_t done, size_t total)
{
    if (done - progress->last < PROGRESS_BARS && done < total)
        return HQ_OK;
    progress->last = done;
    if (progress->call && progress->call(progress->user, done, total))
        return hq_fail(HQ_ECANCELLED, "cancelled by the progress callback after %zu of %zu bars",
                       done, total);
    return HQ_OK;
}
