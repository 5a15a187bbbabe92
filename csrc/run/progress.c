#include "run/progress.h"

#include "base/error.h"

bool hq_run_reports(const HqRunProgress *progress, size_t done, size_t total)
{
    return progress->call && (done - progress->last >= HQ_PROGRESS_BARS || done == total);
}

HqStatus hq_run_report(HqRunProgress *progress, size_t done, size_t total)
{
    if (!hq_run_reports(progress, done, total))
        return HQ_OK;
    progress->last = done;
    if (progress->call(progress->user, done, total))
        return hq_fail(HQ_ECANCELLED, "cancelled by the progress callback after %zu of %zu bars",
                       done, total);
    return HQ_OK;
}
