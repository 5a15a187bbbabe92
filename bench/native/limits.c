/*
 * The frozen loops of limit.c as functions, so that they are timed on the same columns in the same
 * process as what they limit. The file is included as it is; its own program is not run.
 */
#define main limit_main
#include "limit.c"
#undef main

void limit_copy(double *to, const double *from, long n)
{
    memcpy(to, from, (size_t)n * sizeof *to);
}

void limit_sma(const double *close, long n, double *out, int wide)
{
    (wide ? sma20v : sma20)(close, n, out);
}

void limit_ema(const double *close, long n, double *out, int wide)
{
    (wide ? ema20v : ema20)(close, n, out);
}

/* out: sma ema stddev rsi upper middle lower macd signal histogram atr, a column of n each. */
void limit_seven(const double *close, const double *high, const double *low, long n, double *out,
                 int wide)
{
    out_t to = {out,         out + n,     out + 2 * n, out + 3 * n, out + 4 * n, out + 5 * n,
                out + 6 * n, out + 7 * n, out + 8 * n, out + 9 * n, out + 10 * n};
    if (wide)
        fusedv(close, high, low, n, to, 0);
    else
        fused(close, high, low, n, to);
}

/* As main() does: the state begins with zeros, so values settle after some hundred bars. */
void limit_stream(const double *close, const double *high, const double *low, long n, double *last)
{
    st_t state = {0};
    state.base = close[0];
    double sum = 0;
    for (long i = 0; i < n; i++) {
        upd(&state, close[i], high[i], low[i]);
        sum += state.out[8];
    }
    __asm__ volatile("" : : "x"(sum));
    memcpy(last, state.out, sizeof state.out);
}

/* out: final equity, drawdown, sum and sum of squares of returns, trades opened. */
void limit_cross(const double *close, long n, int fast, int slow, double fee, double *equity,
                 double *out)
{
    bt_t found = cross(close, n, fast, slow, fee, equity);
    out[0] = found.eq;
    out[1] = found.dd;
    out[2] = found.sum;
    out[3] = found.sq;
    out[4] = (double)found.tr;
}

/* Twenty fast lengths 5..24 for each of n_slow, 400 combinations in main(); as main(), 24 lanes of
 * which 20 are useful. rows: as limit_cross(); fast varies fastest. */
void limit_sweep(const double *close, long n, const int *slow, int n_slow, double fee, double *rows,
                 int division_free)
{
    static const int first[3] = {5, 13, 17};
    for (int s = 0; s < n_slow; s++) {
        double equity[24], drawdown[24], sum[24], squares[24], trades[24];
        if (division_free)
            sweep24(close, n, first, slow[s], fee, equity, drawdown, sum, squares, trades);
        else
            for (int v = 0; v < 3; v++)
                sweep8(close, n, first[v], slow[s], fee, equity + 8 * v, drawdown + 8 * v,
                       sum + 8 * v, squares + 8 * v, trades + 8 * v);
        for (int v = 0; v < 3; v++)
            for (int lane = 0; lane < 8; lane++) {
                double *row = rows + 5 * (20 * s + first[v] - 5 + lane);
                row[0] = equity[8 * v + lane];
                row[1] = drawdown[8 * v + lane];
                row[2] = sum[8 * v + lane];
                row[3] = squares[8 * v + lane];
                row[4] = trades[8 * v + lane];
            }
    }
}
