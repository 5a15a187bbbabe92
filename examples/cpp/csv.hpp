// Bars from a plain CSV file: the header timestamp,open,high,low,close,volume, with or without
// ,buy_volume behind it, and a row of numbers a bar; timestamps are milliseconds.
#ifndef EXAMPLE_CSV_HPP
#define EXAMPLE_CSV_HPP

#include <hquant/hquant.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

constexpr std::string_view CSV_HEADER = "timestamp,open,high,low,close,volume";
constexpr std::size_t LINE_MAX_SIZE = 1023;

inline std::string quoted(std::string_view text, std::size_t most)
{
    return '"' + std::string(text.substr(0, most)) + '"';
}

// The number that a text is, all of it: digits, with a sign "-", a point and an exponent; not "inf".
// from_chars() knows no locale: a point is a point.
template <class T> bool parse_number(std::string_view text, T &value)
{
    if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
        return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

// Cuts the next field off a row; the last one must end it.
template <class T>
T next_number(std::string_view &row, const char *name, const char *what, bool is_last = false)
{
    const std::size_t comma = row.find(',');
    const bool is_separated = (comma == std::string_view::npos) == is_last;
    T value{};
    if (!is_separated || !parse_number(row.substr(0, comma), value))
        throw std::runtime_error(std::string(name) + ": expected " + what +
                                 (is_last ? " at the end of the line" : " and a comma") +
                                 ", found " + quoted(row, 40));
    row.remove_prefix(is_last ? row.size() : comma + 1);
    return value;
}

inline Bar parse_row(std::string_view row, bool has_buy_volume)
{
    Bar bar{};
    bar.timestamp = next_number<std::int64_t>(row, "timestamp", "milliseconds");
    bar.open = next_number<double>(row, "open", "a number");
    bar.high = next_number<double>(row, "high", "a number");
    bar.low = next_number<double>(row, "low", "a number");
    bar.close = next_number<double>(row, "close", "a number");
    bar.volume = next_number<double>(row, "volume", "a number", !has_buy_volume);
    if (has_buy_volume)
        bar.buy_volume = next_number<double>(row, "buy_volume", "a number", true);
    return bar;
}

// An empty table with the columns that the header names.
inline hquant::BarTable parse_header(std::string_view line)
{
    const std::string_view rest = line.substr(std::min(CSV_HEADER.size(), line.size()));
    if (line.substr(0, CSV_HEADER.size()) != CSV_HEADER || !(rest.empty() || rest == ",buy_volume"))
        throw std::runtime_error("expected the header \"" + std::string(CSV_HEADER) +
                                 "\", with \",buy_volume\" behind it where there is one, found " +
                                 quoted(line, 60));
    return hquant::BarTable(rest.empty() ? hquant::BuyVolume::absent : hquant::BuyVolume::given);
}

// Some rows of a table, for as long as it stays as it is.
inline hquant::Bars rows_of(const hquant::BarTable &table, std::size_t begin, std::size_t length)
{
    hquant::Bars rows = table.bars();
    rows.timestamp += begin;
    for (const double **column : {&rows.open, &rows.high, &rows.low, &rows.close, &rows.volume})
        *column += begin;
    if (rows.buy_volume)
        rows.buy_volume += begin;
    rows.length = length;
    return rows;
}

// The newest row beside the one before it: a candle, and later.
inline void check_newest(const hquant::BarTable &table)
{
    const std::size_t begin = table.size() > 1 ? table.size() - 2 : 0;
    try {
        rows_of(table, begin, table.size() - begin).check();
    } catch (const hquant::Error &error) { // "bar 1: high: expected ...": the file's line says it
        const std::string_view message = error.what();
        throw std::runtime_error(std::string(message.substr(message.find(": ") + 2)));
    }
}

// The next line without its end; false where the file ends.
inline bool read_line(std::ifstream &file, std::string &line)
{
    const bool found = static_cast<bool>(std::getline(file, line));
    if (file.bad())
        throw std::runtime_error("cannot be read");
    if (found && !line.empty() && line.back() == '\r')
        line.pop_back();
    if (line.find('\r') != std::string::npos)
        throw std::runtime_error("expected lines that end in LF or CR LF, found a CR alone");
    if (line.find('\0') != std::string::npos)
        throw std::runtime_error("expected text, found a NUL byte");
    if (line.size() > LINE_MAX_SIZE)
        throw std::runtime_error("the line is too long");
    return found;
}

// Reads a file; a row that is no candle throws with FILE:LINE in front.
inline hquant::BarTable read_csv(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error(path + ": cannot be read");
    std::string line;
    std::size_t number = 1;
    try {
        if (!read_line(file, line))
            throw std::runtime_error("expected a header, found an empty file");
        hquant::BarTable table = parse_header(line);
        for (number = 2; read_line(file, line); number++) {
            table.push_back(parse_row(line, table.has_buy_volume()));
            check_newest(table);
        }
        if (table.size() == 0)
            throw std::runtime_error("expected rows below the header, found none");
        return table;
    } catch (const std::runtime_error &error) {
        throw std::runtime_error(path + ':' + std::to_string(number) + ": " + error.what());
    }
}

#endif
