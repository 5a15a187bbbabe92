/**
 * @file program.hpp
 * Compiled strategies.
 */
#ifndef HQUANT_CPP_PROGRAM_HPP
#define HQUANT_CPP_PROGRAM_HPP

#include "handle.hpp"
#include "span.hpp"

#include "../program.h"

#include <string>
#include <string_view>
#include <vector>

namespace hquant {
inline namespace HQUANT_MODE {

namespace detail {
inline const std::uint8_t *bytes_of(std::string_view text) noexcept
{
    return reinterpret_cast<const std::uint8_t *>(text.data());
}
} // namespace detail

/**
 * A verified program. Immutable: may be read by many threads at once. An empty one has no bytes, no
 * params, no timeframes.
 */
class Program : public Handle<HqProgram, hq_program_free> {
  public:
    using Handle::Handle;

    /** Verify the bytes of a program (HQBC) and load it. HQ_EPROGRAM names the rule it breaks. */
    static Result<Program> load(span<const std::uint8_t> bytes)
    {
        HqProgram *made = nullptr;
        const HqStatus status = hq_program_load(bytes.data(), bytes.size(), &made);
        return detail::owned<Program>(status, made);
    }

    /**
     * Compile a strategy's text, or load a program's bytes.
     * @param text  UTF-8; bytes of a program are known by their first four.
     * @param name  for messages, UTF-8.
     * @return HQ_ECOMPILE with line, column and diagnostics; HQ_ENOCOMPILER where no compiler is to
     *         be had (docs/c.md); HQ_EPROGRAM, HQ_EUTF8, HQ_ELIMIT, HQ_ENOMEM.
     */
    static Result<Program> compile(std::string_view text, std::string_view name = {})
    {
        HqProgram *made = nullptr;
        const HqStatus status = hq_program_compile(detail::bytes_of(name), name.size(),
                                                   detail::bytes_of(text), text.size(), &made);
        return detail::owned<Program>(status, made);
    }

    /** The program as bytes (HQBC): what load() reads. */
    std::vector<std::uint8_t> bytes() const
    {
        std::vector<std::uint8_t> bytes(hq_program_bytes(get(), nullptr, 0));
        hq_program_bytes(get(), bytes.data(), bytes.size());
        return bytes;
    }

    /** The PARAMs, in the text's order. Their names are the program's. */
    Result<std::vector<HqProgramParam>> params() const &
    {
        std::vector<HqProgramParam> params(hq_program_param_count(get()));
        HqStatus status = HQ_OK;
        for (std::size_t i = 0; i < params.size() && status == HQ_OK; i++)
            status = hq_program_param(get(), i, &params[i]);
        return detail::answer(status, std::move(params));
    }
    Result<std::vector<HqProgramParam>> params() const && = delete; /* the names would dangle */

    /** Higher timeframes that it reads, ms. */
    std::vector<std::int64_t> timeframes() const
    {
        std::vector<std::int64_t> timeframes(hq_program_timeframe_count(get()));
        for (std::size_t i = 0; i < timeframes.size(); i++)
            timeframes[i] = hq_program_timeframe(get(), i);
        return timeframes;
    }

    /** Whether a rule carries SIZE, STOP, TARGET or TRAIL. */
    bool has_clauses() const noexcept { return hq_program_has_clauses(get()) != 0; }

    /** Whether it reads buy_volume, which not all data has. */
    bool reads_buy_volume() const noexcept { return hq_program_reads_buy_volume(get()) != 0; }

    /** The program as text, a line an instruction. */
    std::string disassemble() const
    {
        std::string text(hq_program_disassemble(get(), nullptr, 0), '\0');
        hq_program_disassemble(get(), text.data(), text.size() + 1);
        return text;
    }
};

} // namespace HQUANT_MODE
} // namespace hquant

#endif
