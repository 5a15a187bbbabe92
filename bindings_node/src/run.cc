// hquant/run.h: a program and indicators over whole columns as a job.
#include "result_column.h"
#include "errors.h"
#include "jobs.h"
#include "structs.h"

#include <deque>

namespace {

HqIndicatorSpec spec_of(Napi::Object wanted)
{
    HqIndicatorSpec spec = {};
    spec.struct_size = sizeof spec;
    spec.code = wanted.Get("code").ToNumber();
    spec.mode = wanted.Get("mode").ToNumber();
    std::vector<double> params = double_vector(wanted.Get("params")), fields = double_vector(wanted.Get("fields"));
    if (params.size() > HQ_INDICATOR_PARAMS_MAX || fields.size() > HQ_INDICATOR_INPUTS_MAX)
        throw Napi::RangeError::New(wanted.Env(), "too many arguments of an indicator");
    spec.n_params = static_cast<uint32_t>(params.size());
    std::copy(params.begin(), params.end(), spec.params);
    spec.n_fields = static_cast<uint32_t>(fields.size());
    std::copy(fields.begin(), fields.end(), spec.fields);
    return spec;
}

// {bars, options: {fields of HqRunOptions}, program?, params?, with_signals,
//  columns: [{register} or {code, mode, params, fields, output}]}.
class Run : public Job {
  public:
    Run(Napi::Object request, Arrays arrays)
        : bars_(read_bars(request.Get("bars"), arrays)), params_(double_vector(request.Get("params"))),
          with_signals_(request.Get("with_signals").ToBoolean())
    {
        hq_run_options_init(&options_);
        set_fields(request.Get("options").As<Napi::Object>(), run_option_fields, &options_);
        if (!request.Get("program").IsUndefined())
            program_ = shared_of<HqProgram>(request.Get("program"));
        Napi::Object columns = request.Get("columns").As<Napi::Object>();
        uint32_t count = columns.Get("length").ToNumber().Uint32Value();
        for (uint32_t i = 0; i < count; i++)
            want(columns.Get(i).As<Napi::Object>());
    }

    HqStatus run() override
    {
        options_.params = params_.empty() ? nullptr : params_.data();
        options_.n_params = params_.size();
        options_.progress = progress_function();
        options_.progress_user = watch;
        found_.struct_size = sizeof found_;
        size_t length = bars_.columns.length;
        for (HqRunColumn &column : wanted_) {
            columns_.emplace_back(napi_float64_array, length);
            column.values = columns_.back().data<double>();
        }
        if (with_signals_) {
            actions_ = ResultColumn(napi_uint8_array, length);
            rules_ = ResultColumn(napi_int16_array, length);
            found_.actions = actions_.data<uint8_t>();
            found_.rules = rules_.data<int16_t>();
        }
        found_.columns = wanted_.data();
        found_.n_columns = wanted_.size();
        return hq_run(&bars_.columns, program_.get(), &options_, &found_);
    }

    Napi::Value result(Napi::Env env) override
    {
        Napi::Object found = fields_object(env, run_result_fields, &found_);
        Napi::Array columns = Napi::Array::New(env, columns_.size());
        for (uint32_t i = 0; i < columns_.size(); i++)
            columns.Set(i, columns_[i].to_js(env));
        found.Set("columns", columns);
        if (with_signals_) {
            found.Set("actions", actions_.to_js(env));
            found.Set("rules", rules_.to_js(env));
        }
        return found;
    }

  private:
    void want(Napi::Object wanted)
    {
        HqRunColumn column = {};
        Napi::Value place = wanted.Get("register");
        if (place.IsUndefined()) {
            specs_.push_back(spec_of(wanted));
            column.indicator = &specs_.back();
            place = wanted.Get("output");
        }
        column.index = place.ToNumber();
        wanted_.push_back(column);
    }

    BarsInput bars_;
    std::shared_ptr<HqProgram> program_;
    std::vector<double> params_;
    bool with_signals_;
    HqRunOptions options_;
    std::deque<HqIndicatorSpec> specs_; // whose elements stay where they are
    std::vector<HqRunColumn> wanted_;
    HqRunResult found_ = {};
    std::vector<ResultColumn> columns_;
    ResultColumn actions_, rules_;
};

} // namespace

void add_run(Napi::Object exports, Runner *runner)
{
    add_job<Run>(exports, runner, "hq_run");
}
