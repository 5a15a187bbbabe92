#include "base/check.h"

#include <math.h>

#include "base/number.h"

HqStatus hq_check_size(const char *name, uint32_t found, size_t expected)
{
    if (found == expected)
        return HQ_OK;
    return hq_fail(HQ_EINVAL,
                   "%s.struct_size must be sizeof(%s) = %zu, got %u; set it before the call", name,
                   name, expected, (unsigned)found);
}

static HqStatus check_periods(const char *name, double periods)
{
    if (isnan(periods) || (periods > 0 && isfinite(periods)))
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "%s must be a finite number > 0, or NaN when it is not known, got %s",
                   name, HQ_NUMBER(periods));
}

HqStatus hq_check_year(double periods_per_year, double days_per_year, double risk_free)
{
    if (!(risk_free > -1 && risk_free < 1))
        return hq_fail(HQ_EINVAL, "risk_free must be between -1 and 1 (0.02: 2 %% a year), got %s",
                       HQ_NUMBER(risk_free));
    HqStatus status = check_periods("periods_per_year", periods_per_year);
    return status == HQ_OK ? check_periods("days_per_year", days_per_year) : status;
}
