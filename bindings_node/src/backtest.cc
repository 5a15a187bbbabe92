// hquant/backtest.h: a whole backtest as a job.
#include "result_column.h"
#include "jobs.h"
#include "structs.h"
#include "symbols.h"
#include "years.h"

#include <cstdlib>
#include <new>

namespace {

// Records of a run that is told how many there are only at its end. What is not written to costs nothing.
template <typename T> class Records {
  public:
    void make_room(size_t count)
    {
        memory_.reset(static_cast<T *>(std::malloc((count > 0 ? count : 1) * sizeof(T))));
        if (!memory_)
            throw std::bad_alloc();
        room_ = count;
    }
    T *data() const { return memory_.get(); }
    size_t room() const { return room_; }

    std::vector<ResultColumn> columns(const Fields &fields, size_t count) const
    {
        std::vector<ResultColumn> columns;
        for (const Field &field : fields)
            columns.push_back(field_column(field, data(), sizeof(T), count));
        return columns;
    }

  private:
    struct Free {
        void operator()(T *memory) const { std::free(memory); }
    };
    std::unique_ptr<T, Free> memory_;
    size_t room_ = 0;
};

// Records that there is room for at first: few runs have more, and those run twice.
constexpr size_t records_at_first = size_t{1} << 18;

std::vector<HqOrder> orders_of(Napi::Value value)
{
    std::vector<HqOrder> orders;
    if (value.IsUndefined())
        return orders;
    Napi::Object list = value.As<Napi::Object>();
    uint32_t count = list.Get("length").ToNumber().Uint32Value();
    for (uint32_t i = 0; i < count; i++) {
        HqOrder order = {};
        set_fields(list.Get(i).As<Napi::Object>(), order_fields, &order);
        orders.push_back(order);
    }
    return orders;
}

Napi::Object columns_object(Napi::Env env, const Fields &fields, const std::vector<ResultColumn> &columns)
{
    Napi::Object object = Napi::Object::New(env);
    size_t i = 0;
    for (const Field &field : fields)
        object.Set(field.name, columns[i++].to_js(env));
    return object;
}

// A request as of Symbols, and {orders?, with_margin, with_position}.
class Backtest : public Job {
  public:
    Backtest(Napi::Object request, Arrays arrays)
        : symbols_(request, arrays), orders_(orders_of(request.Get("orders"))),
          with_margin_(request.Get("with_margin").ToBoolean()),
          with_position_(request.Get("with_position").ToBoolean())
    {
    }

    HqStatus run() override
    {
        symbols_.options.progress = progress_function();
        symbols_.options.progress_user = watch;
        make_columns();
        trades_.make_room(records_at_first);
        fills_.make_room(records_at_first);
        HqStatus status = call();
        if (status == HQ_OK && lacks_room()) {
            trades_.make_room(report_.trades + report_.open_trades);
            fills_.make_room(report_.fills);
            Quiet again(watch); // it has been told to the end
            symbols_.options.progress_user = &again;
            status = call();
        }
        if (status == HQ_OK)
            take_records();
        return status;
    }

    Napi::Value result(Napi::Env env) override
    {
        Napi::Object found = Napi::Object::New(env);
        Napi::Array rejects = Napi::Array::New(env, HQ_REJECT_COUNT);
        for (uint32_t i = 0; i < HQ_REJECT_COUNT; i++)
            rejects.Set(i, static_cast<double>(report_.rejects[i]));
        found.Set("report", fields_object(env, report_fields, &report_));
        found.Set("rejects", rejects);
        found.Set("time", time_.to_js(env));
        found.Set("equity", equity_.to_js(env));
        if (with_margin_)
            found.Set("margin", margin_.to_js(env));
        if (with_position_)
            found.Set("position", position_.to_js(env));
        found.Set("actions", actions_.to_js(env));
        found.Set("trades", columns_object(env, trade_fields, trade_columns_));
        found.Set("fills", columns_object(env, fill_fields, fill_columns_));
        if (output_.has_metrics)
            found.Set("metrics", figures_object(env, metrics_, year_));
        return found;
    }

  private:
    void make_columns()
    {
        size_t steps = symbols_.steps(), width = symbols_.entries.size();
        time_ = ResultColumn(napi_bigint64_array, steps);
        equity_ = ResultColumn(napi_float64_array, steps);
        actions_ = ResultColumn(napi_uint8_array, symbols_.bars());
        if (with_margin_)
            margin_ = ResultColumn(napi_float64_array, steps);
        if (with_position_)
            position_ = ResultColumn(napi_float64_array, steps * width);
    }

    HqStatus call()
    {
        report_.struct_size = sizeof report_;
        output_ = {};
        output_.struct_size = sizeof output_;
        output_.steps_cap = time_.length();
        output_.time = time_.data<int64_t>();
        output_.equity = equity_.data<double>();
        output_.margin = margin_.data<double>();
        output_.position = position_.data<double>();
        output_.actions = actions_.data<uint8_t>();
        output_.trades = trades_.data();
        output_.trades_cap = trades_.room();
        output_.fills = fills_.data();
        output_.fills_cap = fills_.room();
        metrics_.struct_size = sizeof metrics_;
        output_.metrics = &metrics_;
        output_.year = &year_;
        return hq_backtest_run(symbols_.entries.data(), symbols_.entries.size(), orders_.data(),
                               orders_.size(), &symbols_.options, &report_, &output_);
    }

    bool lacks_room() const
    {
        return report_.trades + report_.open_trades > output_.trades_len || report_.fills > output_.fills_len;
    }

    void take_records()
    {
        size_t steps = report_.steps;
        time_.cut(steps);
        equity_.cut(steps);
        if (with_margin_)
            margin_.cut(steps);
        if (with_position_)
            position_.cut(steps * symbols_.entries.size());
        trade_columns_ = trades_.columns(trade_fields, output_.trades_len);
        fill_columns_ = fills_.columns(fill_fields, output_.fills_len);
        trades_ = {};
        fills_ = {};
    }

    Symbols symbols_;
    std::vector<HqOrder> orders_;
    bool with_margin_, with_position_;
    HqBacktestReport report_ = {};
    HqBacktestOutput output_ = {};
    HqMetrics metrics_ = {};
    HqYear year_ = blank_year();
    ResultColumn time_, equity_, margin_, position_, actions_;
    Records<HqTrade> trades_;
    Records<HqFill> fills_;
    std::vector<ResultColumn> trade_columns_, fill_columns_;
};

} // namespace

void add_backtest(Napi::Object exports, Runner *runner)
{
    add_job<Backtest>(exports, runner, "hq_backtest_run");
}
