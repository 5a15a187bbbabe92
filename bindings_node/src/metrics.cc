// hquant/metrics.h: the figures of a curve as a job.
#include "result_column.h"
#include "errors.h"
#include "jobs.h"
#include "structs.h"
#include "years.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

std::vector<HqTrade> trades_of(Napi::Object columns)
{
    std::vector<HqTrade> trades(doubles(columns.Get("pnl")).length);
    std::fill(trades.begin(), trades.end(), HqTrade());
    for (const Field &field : trade_fields)
        set_field_column(field, columns.Get(field.name), trades.data(), sizeof(HqTrade), trades.size());
    return trades;
}

// {time, equity or returns, initial, benchmark? (closes or Bars), trades? (columns), risk_free, and as
// YearWanted}.
class Metrics : public Job {
  public:
    Metrics(Napi::Object request, Arrays)
        : is_equity_(!request.Get("equity").IsUndefined()), year_wanted_(YearWanted::of(request))
    {
        hq_metrics_input_init(&input_);
        set_fields(request, metric_input_fields, &input_);
        Span<int64_t> times = int64s(request.Get("time"));
        time_.assign(times.data, times.data + times.length);
        curve_ = double_vector(request.Get(is_equity_ ? "equity" : "returns"));
        Napi::Value benchmark = request.Get("benchmark");
        has_benchmark_ = !benchmark.IsUndefined();
        if (is_handle(benchmark, Kind::bars))
            benchmark_bars_ = shared_of<Bars>(benchmark);
        else
            benchmark_ = double_vector(benchmark);
        has_trades_ = !request.Get("trades").IsUndefined();
        if (has_trades_)
            trades_ = trades_of(request.Get("trades").As<Napi::Object>());
        if (curve_.size() != time_.size() || (!benchmark_.empty() && benchmark_.size() != time_.size()))
            throw Napi::RangeError::New(request.Env(), "expected columns of one length");
    }

    HqStatus run() override
    {
        if (has_benchmark_)
            read_benchmark();
        static const HqTrade none = {};
        input_.length = time_.size();
        input_.time = time_.data();
        (is_equity_ ? input_.equity : input_.returns) = curve_.data();
        input_.benchmark = has_benchmark_ ? benchmark_.data() : nullptr;
        if (has_trades_) {
            input_.trades = trades_.empty() ? &none : trades_.data();
            input_.n_trades = trades_.size();
        }
        year_wanted_.put(&input_);
        found_.struct_size = sizeof found_;
        return hq_metrics_and_year(&input_, year_wanted_.market_days, &year_, &found_);
    }

    Napi::Value result(Napi::Env env) override
    {
        return figures_object(env, found_, year_);
    }

    bool stops() const override { return false; }

  private:
    void read_benchmark()
    {
        if (benchmark_bars_)
            take_closes(benchmark_bars_->columns);
        for (size_t i = 1; i < benchmark_.size(); i++)
            if (std::isfinite(benchmark_[i - 1]) && std::isfinite(benchmark_[i]))
                return;
        if (benchmark_.size() < 2)
            return;
        Failure failure;
        failure.code = HQ_EINVAL;
        failure.message = "benchmark: no two steps in a row have a close of it; give bars of the curve's own "
                          "period and time";
        throw failure;
    }

    // Closes at the times of the steps, NaN where there is none.
    void take_closes(const HqBars &bars)
    {
        const int64_t *end = bars.timestamp + bars.length;
        for (int64_t time : time_) {
            const int64_t *place = std::lower_bound(bars.timestamp, end, time);
            bool is_there = place != end && *place == time;
            benchmark_.push_back(is_there ? bars.close[place - bars.timestamp]
                                          : std::numeric_limits<double>::quiet_NaN());
        }
    }

    HqMetricsInput input_;
    bool is_equity_, has_benchmark_, has_trades_;
    YearWanted year_wanted_;
    std::vector<int64_t> time_;
    std::vector<double> curve_, benchmark_;
    std::shared_ptr<Bars> benchmark_bars_;
    std::vector<HqTrade> trades_;
    HqYear year_ = blank_year();
    HqMetrics found_ = {};
};

} // namespace

void add_metrics(Napi::Object exports, Runner *runner)
{
    add_job<Metrics>(exports, runner, "hq_metrics");
}
