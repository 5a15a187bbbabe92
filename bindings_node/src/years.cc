#include "years.h"

#include "structs.h"

#include <limits>

namespace {

double number_or_nan(Napi::Value value)
{
    return value.IsNumber() ? value.ToNumber().DoubleValue() : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

YearWanted YearWanted::of(Napi::Object request)
{
    Napi::Value market = request.Get("market_days");
    return {number_or_nan(request.Get("periods_per_year")), market.IsNumber() ? market.ToNumber().Uint32Value() : 0,
            number_or_nan(request.Get("days_per_year"))};
}

void YearWanted::put(HqMetricsInput *input) const
{
    input->periods_per_year = periods;
    input->days_per_year = days;
}

HqYear blank_year()
{
    HqYear year = {};
    year.struct_size = sizeof year;
    return year;
}

Napi::Object figures_object(Napi::Env env, const HqMetrics &figures, const HqYear &year)
{
    Napi::Object object = fields_object(env, metric_fields, &figures);
    object.Set("periods_per_year_from", year.periods_from);
    object.Set("days_per_year_from", year.days_from);
    return object;
}
