/**
 * @file indicator.hpp
 * The table of indicators, specs of them, and whole columns at once.
 */
#ifndef HQUANT_CPP_INDICATOR_HPP
#define HQUANT_CPP_INDICATOR_HPP

#include "error.hpp"
#include "span.hpp"

#include "../indicator.h"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace hquant {
inline namespace HQUANT_MODE {

/** A series that an indicator reads. */
enum class Field : std::uint32_t { open, high, low, close, volume, buy_volume };

/** How an indicator starts. */
enum class Mode : std::uint32_t {
    seed = HQ_MODE_SEED,  /**< by the project's own conventions */
    talib = HQ_MODE_TALIB /**< with TA-Lib's values and warm-up */
};

/** How many rows the table has, building blocks of the language included. */
inline std::size_t indicator_count() noexcept { return hq_indicator_count(); }

/** Row `index`, 0..indicator_count()-1; NULL beyond. Valid for the process's life. */
inline const HqIndicatorInfo *indicator_info(std::size_t index) noexcept
{
    return hq_indicator_info(index);
}

namespace detail {

/** A copy of a name with a NUL behind it. Names of the table are shorter than this. */
class Name {
  public:
    explicit Name(std::string_view name) noexcept
    {
        fits_ = name.size() < sizeof text_ && name.find('\0') == std::string_view::npos;
        if (fits_)
            name.copy(text_, name.size());
    }
    bool fits() const noexcept { return fits_; }
    /** The name; one that no row has where it does not fit. */
    const char *c_str() const noexcept { return fits_ ? text_ : "?"; }

  private:
    char text_[64] = {};
    bool fits_;
};

inline const HqIndicatorInfo *row_of(std::uint32_t code) noexcept
{
    for (std::size_t i = 0; const HqIndicatorInfo *row = hq_indicator_info(i); i++)
        if (row->code == code)
            return row;
    return nullptr;
}

} // namespace detail

/** The row of a name, in any case of letters; NULL when there is none. */
inline const HqIndicatorInfo *find_indicator(std::string_view name) noexcept
{
    return hq_indicator_find(detail::Name(name).c_str());
}

/** The inputs of a row. */
inline span<const HqInputInfo> inputs_of(const HqIndicatorInfo &row) noexcept
{
    return {row.inputs, row.n_inputs};
}
/** The parameters of a row. */
inline span<const HqParamInfo> params_of(const HqIndicatorInfo &row) noexcept
{
    return {row.params, row.n_params};
}
/** The names of a row's outputs. */
inline span<const char *const> outputs_of(const HqIndicatorInfo &row) noexcept
{
    return {row.outputs, row.n_outputs};
}

/** An indicator to be computed. */
struct IndicatorSpec : HqIndicatorSpec {
    /**
     * An indicator by name.
     * @param name    such as "RSI", in any case of letters.
     * @param params  in the row's order; the rest take their defaults.
     * @param fields  what it reads of a bar, in the inputs' order; the rest are the inputs' own.
     * @param mode    how it starts.
     * @return HQ_ENOTFOUND (name), HQ_EINVAL (more params or fields than any indicator has).
     *         Values are checked where the spec is used.
     */
    static Result<IndicatorSpec> of(std::string_view name,
                                    std::initializer_list<double> params = {},
                                    std::initializer_list<Field> fields = {},
                                    Mode mode = Mode::seed)
    {
        return of(name, span<const double>(params.begin(), params.size()),
                  span<const Field>(fields.begin(), fields.size()), mode);
    }

    /** The same with arrays. */
    static Result<IndicatorSpec> of(std::string_view name, span<const double> params,
                                    span<const Field> fields, Mode mode = Mode::seed)
    {
        IndicatorSpec spec;
        if (params.size() > HQ_INDICATOR_PARAMS_MAX || fields.size() > HQ_INDICATOR_INPUTS_MAX)
            return detail::answer({HQ_EINVAL, "indicator: expected at most 8 params and 6 fields"},
                                  spec);
        const detail::Name known(name);
        if (!known.fits())
            return detail::answer({HQ_ENOTFOUND, "indicator: expected a name without a NUL, of at "
                                                 "most 63 bytes; found another"},
                                  spec);
        const HqStatus status = hq_indicator_spec(known.c_str(), &spec);
        spec.mode = static_cast<std::uint32_t>(mode);
        if (!params.empty())
            spec.n_params = static_cast<std::uint32_t>(params.size());
        for (std::size_t i = 0; i < params.size(); i++)
            spec.params[i] = params[i];
        spec.n_fields = static_cast<std::uint32_t>(fields.size());
        for (std::size_t i = 0; i < fields.size(); i++)
            spec.fields[i] = static_cast<std::uint32_t>(fields[i]);
        return detail::answer(status, spec);
    }

    /** Its row of the table. */
    const HqIndicatorInfo *info() const noexcept { return detail::row_of(code); }

    /** Index of the first bar with a value of an output, from 0. */
    Result<std::int64_t> warmup(std::uint32_t output = 0) const
    {
        const detail::Asking asking;
        const std::int64_t first = hq_indicator_warmup(this, output);
        return detail::answer(first < 0 ? detail::last_outcome() : HQ_OK,
                              static_cast<std::int64_t>(first));
    }

    IndicatorSpec() noexcept : HqIndicatorSpec{} { struct_size = sizeof(HqIndicatorSpec); }
};

namespace detail {

inline Outcome run_batch(const HqIndicatorSpec &spec, span<const span<const double>> inputs,
                         span<const span<double>> outputs)
{
    const HqIndicatorInfo *row = row_of(spec.code);
    const double *in[HQ_INDICATOR_INPUTS_MAX] = {};
    std::vector<double *> out;
    if (row && (inputs.size() != row->n_inputs || outputs.size() != row->n_outputs))
        return {HQ_EINVAL, "batch: expected a column for each input and each output of the "
                           "indicator; found another number of them"};
    const std::size_t length = inputs.empty() ? 0 : inputs[0].size();
    bool fit = true;
    for (std::size_t i = 0; row && i < inputs.size(); i++) {
        in[i] = inputs[i].data();
        fit = fit && inputs[i].size() == length;
    }
    for (const span<double> &output : outputs) {
        out.push_back(output.data());
        fit = fit && output.size() == length;
    }
    if (!fit)
        return {HQ_EINVAL, "batch: expected columns of one length; they differ"};
    return hq_indicator_batch(&spec, in, length, out.data());
}

} // namespace detail

/**
 * Run an indicator over whole columns, to the bit what an engine has bar by bar.
 * @param inputs   a column for each input of its row, all of one length.
 * @param outputs  a column for each output, of that length; must not overlap the inputs.
 * @return HQ_EINVAL (their number or length, a parameter), HQ_ENOTFOUND, HQ_ENOMEM.
 */
inline Result<void> batch(const HqIndicatorSpec &spec, span<const span<const double>> inputs,
                          span<const span<double>> outputs)
{
    return detail::answer(detail::run_batch(spec, inputs, outputs));
}

/** The same into columns of its own, one for each output. */
inline Result<std::vector<std::vector<double>>> batch(
    const HqIndicatorSpec &spec, std::initializer_list<span<const double>> inputs)
{
    const HqIndicatorInfo *row = detail::row_of(spec.code);
    const std::size_t length = inputs.size() == 0 ? 0 : inputs.begin()->size();
    std::vector<std::vector<double>> columns(row ? row->n_outputs : 0,
                                             std::vector<double>(length));
    const std::vector<span<double>> views(columns.begin(), columns.end());
    const detail::Outcome outcome =
        detail::run_batch(spec, {inputs.begin(), inputs.size()}, views);
    return detail::answer(outcome, std::move(columns));
}

} // namespace HQUANT_MODE
} // namespace hquant

#endif
