#include "run/progress.h"

#include "base/error.h"

HqStatus hq_run_report(HqRunProgress *progress, size_t done, size_t total)
{
    if (done - progress->last < HQ_PROGRESS_BARS && done < total)
        return HQ_OK;
    progress->last = done;
    if (progress->call && progress->call(progress->user, done, total))
        return hq_fail(HQ_ECANCELLED, "cancelled by the progress callback after %zu of %zu bars",
                       done, total);
    return HQ_OK;
}
