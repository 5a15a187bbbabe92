// hquant/sweep.h: a strategy over many combinations of its PARAMs as a job.
#include "result_column.h"
#include "combinations.h"
#include "errors.h"
#include "jobs.h"
#include "structs.h"
#include "sweep_table.h"
#include "symbols.h"
#include "years.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {

constexpr size_t chunk_at_most = 65536;            // combinations of one call: bounds what it writes
constexpr size_t curves_at_most = size_t{1} << 25; // and their curves, in values

// A figure of a row or of its metrics, as a column of the table.
struct Figure {
    const Field *field;
    bool is_metric;
};

Figure figure_of(const std::string &name)
{
    if (const Field *field = row_fields.find(name))
        return {field, false};
    return {metric_fields.find(name), true};
}

// A chunk counts its own combinations; who watches wants to know of all.
struct PartOf : Watch {
    Watch *whole;
    size_t start, total;
    PartOf(Watch *whole_, size_t start_, size_t total_) : whole(whole_), start(start_), total(total_) {}
    bool report(size_t done, size_t) override { return whole->report(start + done, total); }
};

// A request as of Symbols, Combinations and YearWanted, and {figures: [name, ...], metric, maximize,
// top?, threads, with_curves, risk_free}.
class Sweep : public Job {
  public:
    Sweep(Napi::Object request, Arrays arrays)
        : symbols_(request, arrays), combinations_(request), year_wanted_(YearWanted::of(request)),
          maximize_(request.Get("maximize").ToBoolean()), with_curves_(request.Get("with_curves").ToBoolean())
    {
        Napi::Value top = request.Get("top");
        top_ = top.IsUndefined() ? SIZE_MAX : static_cast<size_t>(top.ToNumber().Int64Value());
        hq_sweep_init(&sweep_);
        sweep_.n_threads = request.Get("threads").ToNumber();
        sweep_.risk_free = request.Get("risk_free").ToNumber();
        Napi::Object names = request.Get("figures").As<Napi::Object>();
        std::string metric = request.Get("metric").ToString();
        uint32_t count = names.Get("length").ToNumber().Uint32Value();
        for (uint32_t i = 0; i < count; i++)
            want(names.Get(i).ToString(), metric);
        if (metric_column_ == SIZE_MAX)
            throw Napi::TypeError::New(request.Env(), "metric: expected one of the figures");
    }

    HqStatus run() override
    {
        HqStatus status = find_year();
        size_t chunk = chunk_size();
        if (status == HQ_OK)
            make_room(chunk);
        for (size_t start = 0; status == HQ_OK && start < combinations_.count(); start += chunk)
            status = run_chunk(start, std::min(start + chunk, combinations_.count()));
        return status;
    }

    Napi::Value result(Napi::Env env) override
    {
        Napi::Object found = Napi::Object::New(env);
        Napi::Array params = Napi::Array::New(env), figures = Napi::Array::New(env);
        for (uint32_t k = 0; k < combinations_.width(); k++)
            params.Set(k, table_.column_to_js(env, k));
        for (uint32_t k = 0; k < figures_.size(); k++)
            figures.Set(k, table_.column_to_js(env, combinations_.width() + k));
        found.Set("params", params);
        found.Set("figures", figures);
        found.Set("combinations", static_cast<double>(combinations_.count()));
        found.Set("refused_count", static_cast<double>(refused_));
        found.Set("refusal", refusal_);
        if (with_curves_) {
            found.Set("time", time_.to_js(env));
            found.Set("curves", table_.curves_to_js(env));
        }
        return found;
    }

  private:
    void want(const std::string &name, const std::string &metric)
    {
        Figure figure = figure_of(name);
        if (!figure.field)
            return;
        if (name == metric)
            metric_column_ = combinations_.width() + figures_.size();
        with_metrics_ = with_metrics_ || figure.is_metric;
        figures_.push_back(figure);
    }

    // The times of the steps that a run has, of bars that are not left out; and what a year is for them.
    HqStatus find_year()
    {
        std::vector<HqSymbol> bare = symbols_.entries;
        for (HqSymbol &symbol : bare) {
            symbol.program = nullptr;
            symbol.params = nullptr;
            symbol.n_params = 0;
        }
        time_ = ResultColumn(napi_bigint64_array, symbols_.steps());
        HqBacktestReport report = {};
        report.struct_size = sizeof report;
        HqBacktestOutput output = {};
        output.struct_size = sizeof output;
        output.time = time_.data<int64_t>();
        output.steps_cap = time_.length();
        Quiet quiet(watch);
        symbols_.options.progress = progress_function();
        symbols_.options.progress_user = &quiet;
        HqStatus status = hq_backtest_run(bare.data(), bare.size(), nullptr, 0, &symbols_.options, &report, &output);
        symbols_.options.progress = nullptr;
        if (status != HQ_OK)
            return status;
        steps_room_ = time_.length();
        time_.cut(report.steps);
        return take_year();
    }

    HqStatus take_year()
    {
        HqMetricsInput steps;
        hq_metrics_input_init(&steps);
        steps.time = time_.data<int64_t>();
        steps.length = time_.length();
        year_wanted_.put(&steps);
        HqYear year = blank_year();
        HqStatus status = hq_year_of(&steps, year_wanted_.market_days, &year);
        if (status == HQ_OK) {
            sweep_.periods_per_year = year.periods_per_year;
            sweep_.days_per_year = year.days_per_year;
        }
        return status;
    }

    size_t chunk_size() const
    {
        if (!with_curves_ || steps_room_ == 0)
            return chunk_at_most;
        return std::clamp(curves_at_most / steps_room_, size_t{64}, chunk_at_most);
    }

    void make_room(size_t chunk)
    {
        size_t count = combinations_.count();
        size_t room = top_ < count ? std::min(count, top_ + chunk) : count;
        table_.make(combinations_.width() + figures_.size(), room, with_curves_ ? time_.length() : 0);
    }

    HqStatus run_chunk(size_t start, size_t stop)
    {
        size_t count = stop - start, width = combinations_.width();
        std::vector<double> values(count * width);
        combinations_.write(start, stop, values.data());
        std::vector<HqSweepRow> rows(count, HqSweepRow());
        std::vector<HqMetrics> metrics(with_metrics_ ? count : 0, HqMetrics());
        for (HqMetrics &each : metrics)
            each.struct_size = sizeof each;
        std::vector<double> curves(with_curves_ ? count * steps_room_ : 0);
        PartOf part(watch, start, combinations_.count());
        symbols_.options.progress = progress_function();
        symbols_.options.progress_user = &part;
        sweep_.symbols = symbols_.entries.data();
        sweep_.n_symbols = symbols_.entries.size();
        sweep_.options = &symbols_.options;
        sweep_.params = values.data();
        sweep_.n_params = width;
        sweep_.n_combinations = count;
        HqSweepOutput output = {};
        output.struct_size = sizeof output;
        output.rows = rows.data();
        output.metrics = with_metrics_ ? metrics.data() : nullptr;
        output.equity = with_curves_ ? curves.data() : nullptr;
        output.steps_cap = with_curves_ ? steps_room_ : 0;
        HqStatus status = hq_sweep(&sweep_, &output);
        symbols_.options.progress = nullptr;
        if (status == HQ_OK)
            take(values, rows, metrics, curves);
        return status;
    }

    void take(const std::vector<double> &values, const std::vector<HqSweepRow> &rows,
              const std::vector<HqMetrics> &metrics, const std::vector<double> &curves)
    {
        size_t width = combinations_.width(), first = table_.length(), steps = time_.length();
        for (size_t i = 0; i < rows.size(); i++) {
            for (size_t k = 0; k < width; k++)
                table_.column(k)[first + i] = values[i * width + k];
            for (size_t k = 0; k < figures_.size(); k++) {
                const Figure &figure = figures_[k];
                const void *from = figure.is_metric ? static_cast<const void *>(&metrics[i]) : &rows[i];
                table_.column(width + k)[first + i] = field_number(*figure.field, from);
            }
            if (with_curves_)
                std::copy_n(curves.data() + i * steps_room_, steps, table_.curve(first + i));
            if (rows[i].status != HQ_OK && refused_++ == 0)
                refusal_ = hq_last_error()->message;
        }
        table_.lengthen(rows.size());
        if (top_ < combinations_.count())
            table_.keep(best_first(), top_);
    }

    // By the metric, NaN last, refused ones behind them; equal ones keep their order.
    std::vector<size_t> best_first() const
    {
        const double *metric = table_.column(metric_column_), *status = table_.column(combinations_.width());
        auto is_before = [&](size_t a, size_t b) {
            if ((status[a] != 0) != (status[b] != 0))
                return status[b] != 0;
            if (std::isnan(metric[a]) || std::isnan(metric[b]))
                return std::isnan(metric[b]) && !std::isnan(metric[a]);
            return maximize_ ? metric[a] > metric[b] : metric[a] < metric[b];
        };
        std::vector<size_t> order(table_.length());
        std::iota(order.begin(), order.end(), size_t{0});
        std::stable_sort(order.begin(), order.end(), is_before);
        return order;
    }

    Symbols symbols_;
    Combinations combinations_;
    YearWanted year_wanted_;
    bool maximize_, with_curves_, with_metrics_ = false;
    size_t top_, metric_column_ = SIZE_MAX, steps_room_ = 0, refused_ = 0;
    HqSweep sweep_;
    std::vector<Figure> figures_; // the status first
    std::string refusal_;
    ResultColumn time_;
    Table table_;
};

Napi::Array names_of(Napi::Env env, const Fields &fields)
{
    Napi::Array names = Napi::Array::New(env);
    for (const Field &field : fields)
        names.Set(names.Length(), field.name);
    return names;
}

// The figures that a sweep can tell: {rows: [name, ...], metrics: [name, ...]}.
Napi::Value sweep_figures(const Napi::CallbackInfo &info)
{
    Napi::Object figures = Napi::Object::New(info.Env());
    figures.Set("rows", names_of(info.Env(), row_fields));
    figures.Set("metrics", names_of(info.Env(), metric_fields));
    return figures;
}

} // namespace

void add_sweep(Napi::Object exports, Runner *runner)
{
    add<sweep_figures>(exports, "sweep_figures");
    add_job<Sweep>(exports, runner, "hq_sweep");
}
