/* The dominant cycle: the HILBERT discriminator and what TA-Lib reads off it, HT_DCPERIOD to HT_TRENDMODE. */
#include "indicator/cycle.h"

/* ------------------------------------------------------------------- HILBERT
 *
 * J. Ehlers' homodyne discriminator over a smoothed price: what is in phase with the dominant
 * cycle, what is a quarter ahead of it, and the cycle's period in bars. Everything before its first
 * value counts as 0. The past it needs is carried along in the line.
 */

enum { SMOOTH_LAGS = 6, DETREND_LAGS = 9, QUADRATURE_LAGS = 6 };
enum {
    HT_INPHASE, HT_QUADRATURE, HT_PERIOD, HT_SMOOTH_PERIOD, /* outputs, as in cycle.h */
    HT_I2, HT_Q2, HT_RE, HT_IM,
    HT_SMOOTH, /* the input and its lags: each list newest first */
    HT_DETREND = HT_SMOOTH + SMOOTH_LAGS + 1,
    HT_QUADRATURES = HT_DETREND + DETREND_LAGS + 1,
    HT_SIZE = HT_QUADRATURES + QUADRATURE_LAGS + 1,
    HT_OUTPUTS = HT_SMOOTH_PERIOD + 1,
};

/* The value of a list that begins at x[0], newest first, with `newest` put before it. */
static double transform(double newest, const double *past, double gain)
{
    /* In pairs, so that a flat price gives exactly 0. */
    return ((0.0962 * newest - 0.0962 * past[5]) - 0.5769 * past[3] + 0.5769 * past[1]) * gain;
}

static void shift(double *now, const double *then, double newest, uint32_t lags)
{
    now[0] = newest;
    memcpy(now + 1, then, lags * sizeof *now);
}

static double bounded(double x, double least, double most)
{
    return x < least ? least : x > most ? most : x;
}

static void hilbert_init(HqNode *node, double *before, const double *params)
{
    (void)node;
    (void)params;
    memset(before, 0, HT_SIZE * sizeof *before);
}

static void hilbert_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, smooth = HQ_X(0);
    const double *then = before + node->out;
    if (!(fabs(smooth) <= DBL_MAX)) {
        memcpy(now, then, HT_SIZE * sizeof *now);
        return;
    }
    const double gain = 0.075 * then[HT_PERIOD] + 0.54;
    const double *detrends = then + HT_DETREND, *quadratures = then + HT_QUADRATURES;
    double detrend = transform(smooth, then + HT_SMOOTH, gain);
    double quadrature = transform(detrend, detrends, gain), inphase = detrends[2];
    double ahead_i = transform(inphase, detrends + 3, gain);
    double ahead_q = transform(quadrature, quadratures, gain);
    double i2 = 0.2 * (inphase - ahead_q) + 0.8 * then[HT_I2];
    double q2 = 0.2 * (quadrature + ahead_i) + 0.8 * then[HT_Q2];
    double re = 0.2 * (i2 * then[HT_I2] + q2 * then[HT_Q2]) + 0.8 * then[HT_RE];
    double im = 0.2 * (i2 * then[HT_Q2] - q2 * then[HT_I2]) + 0.8 * then[HT_IM];
    double last = then[HT_PERIOD], period = last;
    if (im != 0 && re != 0)
        period = 360 / (atan(im / re) * (180 / HQ_PI));
    if (period > 1.5 * last)
        period = 1.5 * last;
    if (period < 0.67 * last)
        period = 0.67 * last;
    period = 0.2 * bounded(period, 6, 50) + 0.8 * last;
    now[HT_INPHASE] = inphase;
    now[HT_QUADRATURE] = quadrature;
    now[HT_PERIOD] = period;
    now[HT_SMOOTH_PERIOD] = 0.33 * period + 0.67 * then[HT_SMOOTH_PERIOD];
    now[HT_I2] = i2;
    now[HT_Q2] = q2;
    now[HT_RE] = re;
    now[HT_IM] = im;
    shift(now + HT_SMOOTH, then + HT_SMOOTH, smooth, SMOOTH_LAGS);
    shift(now + HT_DETREND, then + HT_DETREND, detrend, DETREND_LAGS);
    shift(now + HT_QUADRATURES, then + HT_QUADRATURES, quadrature, QUADRATURE_LAGS);
}

HQ_CHAIN(hilbert_step, hilbert_step)

static const char *const hilbert_outputs[] = {"inphase", "quadrature", "period", "smooth_period"};

const HqRow hq_row_hilbert = {
    .info = {.code = 4103, .name = "HILBERT", .title = "Homodyne discriminator",
             .formula = "phase components and period of the dominant cycle of a smoothed price",
             .source = "J. Ehlers, Rocket Science for Traders (2001), ch. 6 and 7", .unit = "bars",
             .cost = "O(1)", HQ_INPUTS(hq_input_close), HQ_OUTPUTS(hilbert_outputs), .group = "cycle"},
    .n_memory = HT_SIZE - HT_OUTPUTS, .gives_known = 1, .init = hilbert_init,
    HQ_STREAM_STEPS(hilbert_step, hilbert_step),
};

uint32_t hq_cycle_input(HqBuilder *b, uint32_t x, double start)
{
    return hq_skip(b, hq_over(b, &hq_row_wma, x, 4), start - 3);
}

/* -------------------------------------------------------- the last fifty values */

enum { RING_SIZE = 50 };

typedef struct Ring {
    uint32_t next;
    double value[RING_SIZE]; /* 0 before the first */
} Ring;

static size_t ring_size(const double *params) { (void)params; return sizeof(Ring); }

static bool ring_holds(const double *params, void *fresh, const void *loaded)
{
    const Ring *r = loaded;
    (void)params;
    (void)fresh;
    return r->next < RING_SIZE;
}

/* An unknown value leaves no trace: the discriminator has not seen it either. */
static void ring_commit(Ring *r, double x)
{
    if (hq_is_unknown(x))
        return;
    r->value[r->next] = x;
    r->next = (r->next + 1) % RING_SIZE;
}

/** The value k bars before the newest, k in 1..RING_SIZE. */
static double ring_back(const Ring *r, uint32_t k)
{
    return r->value[(r->next + RING_SIZE - k) % RING_SIZE];
}

/* --------------------------------------------------------------- HT_TRENDLINE */

enum { TRENDLINE_MEANS = 1, TRENDLINE_MEMORY = 3 };

static void trendline_init(HqNode *node, double *before, const double *params)
{
    (void)node;
    (void)params;
    memset(before + TRENDLINE_MEANS, 0, TRENDLINE_MEMORY * sizeof *before);
}

/* x, smoothed price, smoothed period: the mean of one cycle's prices, weighted over four bars. */
static void trendline_peek(const HqNode *node, double *line, double *before)
{
    const Ring *r = node->state;
    const double *then = before + node->out + TRENDLINE_MEANS;
    double *now = line + node->out, sum = HQ_X(0), length = floor(HQ_X(2) + 0.5);
    memcpy(now + TRENDLINE_MEANS, then, TRENDLINE_MEMORY * sizeof *now);
    now[0] = (double)NAN;
    if (hq_is_unknown(HQ_X(1)))
        return;
    for (uint32_t k = 1; k < length && k <= RING_SIZE; k++)
        sum += ring_back(r, k);
    double mean = length > 0 ? sum / length : 0;
    if (!(fabs(mean) <= DBL_MAX))
        return;
    now[0] = (4 * mean + 3 * then[0] + 2 * then[1] + then[2]) / 10;
    now[TRENDLINE_MEANS] = mean;
    memcpy(now + TRENDLINE_MEANS + 1, then, (TRENDLINE_MEMORY - 1) * sizeof *now);
}

static void trendline_push(const HqNode *node, double *line, double *before)
{
    ring_commit(node->state, before[node->in[0]]);
    trendline_peek(node, line, before);
}

HQ_CHAIN(trendline_push, trendline_peek)
HQ_SPAN(trendline_push, 1, 3)

static const HqInputInfo trendline_inputs[] = {
    {.name = "x", .field = -1}, {.name = "smooth", .field = -1}, {.name = "period", .field = -1}};

const HqRow hq_row_trendline = {
    .info = {.code = 4111, .name = "TRENDLINE", .title = "HT_TRENDLINE from its start",
             .formula = "as HT_TRENDLINE, from the first smoothed price on", .source = "as HT_TRENDLINE",
             .unit = "that of x", .cost = "O(1), sums up to 50 prices", HQ_INPUTS(trendline_inputs),
             HQ_OUTPUTS(hq_output_value), .group = "overlap"},
    .n_memory = TRENDLINE_MEMORY, .gives_known = 1, .state_size = ring_size, .holds = ring_holds,
    .init = trendline_init, HQ_STEPS(trendline_push, trendline_peek),
};

/* What the long-starting functions share, from the bar at which TA-Lib starts them. */
typedef struct Cycle {
    uint32_t smooth, discriminator, period;
} Cycle;

static Cycle cycle_of(HqBuilder *b, uint32_t x, double start)
{
    Cycle c;
    c.smooth = hq_cycle_input(b, x, start);
    c.discriminator = hq_over(b, &hq_row_hilbert, c.smooth, 0);
    c.period = hq_output(c.discriminator, HQ_CYCLE_SMOOTH_PERIOD);
    return c;
}

static uint32_t trendline(HqBuilder *b, uint32_t x, const Cycle *c)
{
    return hq_build(b, &hq_row_trendline, HQ_SLOTS(x, c->smooth, c->period), NULL);
}

static void ht_trendline_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    (void)params;
    Cycle c = cycle_of(b, in[0], HQ_CYCLE_LONG_START);
    core[0] = hq_skip(b, trendline(b, in[0], &c), HQ_CYCLE_LONG_FIRST - HQ_CYCLE_LONG_START);
}

const HqRow hq_row_ht_trendline = {
    .info = {.code = 114, .is_public = 1, .name = "HT_TRENDLINE", .title = "Instantaneous trendline",
             .formula = "mean of the prices of one dominant cycle, weighted 4, 3, 2, 1 over four bars",
             .source = "J. Ehlers, Rocket Science for Traders (2001), ch. 10; TA-Lib, function HT_TRENDLINE",
             .unit = "that of x", .cost = "O(1), sums up to 50 prices", HQ_INPUTS(hq_input_close),
             HQ_OUTPUTS(hq_output_value), .group = "overlap", .talib_name = "HT_TRENDLINE"},
    .parts = ht_trendline_parts, .n_core = 1,
};

/* ----------------------------------------------------- HT_DCPERIOD, HT_PHASOR */

#define CYCLE_INFO(id, label, long_title, meaning, chapter, units, named)                          \
    {.code = id, .is_public = 1, .name = label, .title = long_title, .formula = meaning,           \
     .source = "J. Ehlers, Rocket Science for Traders (2001), " chapter "; TA-Lib, function " label, \
     .unit = units, .cost = "O(1), up to 50 sines where a phase is needed",                        \
     HQ_INPUTS(hq_input_close), HQ_OUTPUTS(named), .group = "cycle", .talib_name = label}

/* An output of the discriminator is a value only where its input was one. */
HQ_PURE_STEP(shown, HQ_X(0) + 0 * HQ_X(1))

static const HqInputInfo shown_inputs[] = {{.name = "x", .field = -1}, {.name = "where", .field = -1}};

const HqRow hq_row_shown = {
    .info = {.code = 4117, .name = "SHOWN", .title = "A series where another is known",
             .formula = "x where `where` is known", .source = "hquant", .unit = "that of x",
             .cost = "O(1)", HQ_INPUTS(shown_inputs), HQ_OUTPUTS(hq_output_value), .group = "cycle"},
    .gives_known = 1, HQ_STEPS(shown, shown),
};

static uint32_t show(HqBuilder *b, uint32_t x, uint32_t where, double skip)
{
    return hq_skip(b, hq_build(b, &hq_row_shown, HQ_SLOTS(x, where), NULL), skip);
}

static void dcperiod_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    (void)params;
    Cycle c = cycle_of(b, in[0], HQ_CYCLE_SHORT_START);
    core[0] = show(b, c.period, c.smooth, HQ_CYCLE_SHORT_FIRST - HQ_CYCLE_SHORT_START);
}

const HqRow hq_row_ht_dcperiod = {
    .info = CYCLE_INFO(260, "HT_DCPERIOD", "Dominant cycle period", "smoothed period of the dominant cycle",
                       "ch. 7", "bars", hq_output_value),
    .parts = dcperiod_parts, .n_core = 1,
};

static void phasor_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    (void)params;
    Cycle c = cycle_of(b, in[0], HQ_CYCLE_SHORT_START);
    for (uint32_t o = 0; o < 2; o++)
        core[o] = show(b, hq_output(c.discriminator, o), c.smooth, HQ_CYCLE_SHORT_FIRST - HQ_CYCLE_SHORT_START);
}

HQ_COPY_STEP(copy_two, hq_copy_together, 2)

static const char *const phasor_outputs[] = {"inphase", "quadrature"};

const HqRow hq_row_ht_phasor = {
    .info = CYCLE_INFO(261, "HT_PHASOR", "Phasor components",
                       "what is in phase with the dominant cycle, and a quarter ahead", "ch. 6", "that of x",
                       phasor_outputs),
    .gives_known = 1, HQ_STEPS(copy_two, copy_two), .parts = phasor_parts, .n_core = 2,
};

/* --------------------------------------------------------- HT_DCPHASE, HT_SINE */

enum { PHASE_KEPT = 1 }; /* memory: the phase, degrees */

static void phase_init(HqNode *node, double *before, const double *params)
{
    (void)node;
    (void)params;
    before[PHASE_KEPT] = 0;
}

static double phase_from(double last, double real, double imaginary, double period)
{
    double phase = last;
    if (fabs(imaginary) > 0)
        phase = atan(real / imaginary) * (180 / HQ_PI);
    else
        phase += real < 0 ? -90 : real > 0 ? 90 : 0;
    phase += 90 + 360 / period; /* the smoothing lags by a bar */
    if (imaginary < 0)
        phase += 180;
    return phase > 315 ? phase - 360 : phase;
}

/* smoothed price, smoothed period: the phase of one cycle's prices, by a discrete Fourier transform. */
static void phase_peek(const HqNode *node, double *line, double *before)
{
    const Ring *r = node->state;
    double *now = line + node->out, smooth = HQ_X(0), period = HQ_X(1);
    double last = before[node->out + PHASE_KEPT], real = 0, imaginary = smooth;
    now[0] = (double)NAN;
    now[PHASE_KEPT] = last;
    if (hq_is_unknown(smooth))
        return;
    double length = floor(period + 0.5);
    for (uint32_t k = 1; k < length && k <= RING_SIZE; k++) {
        double angle = k * (2 * HQ_PI) / length, price = ring_back(r, k);
        real += sin(angle) * price;
        imaginary += cos(angle) * price;
    }
    double phase = phase_from(last, real, length > 0 ? imaginary : 0, period);
    now[0] = now[PHASE_KEPT] = fabs(phase) <= DBL_MAX ? phase : last;
}

static void phase_push(const HqNode *node, double *line, double *before)
{
    ring_commit(node->state, before[node->in[0]]);
    phase_peek(node, line, before);
}

HQ_CHAIN(phase_push, phase_peek)
HQ_SPAN(phase_push, 1, 1)

static const HqInputInfo phase_inputs[] = {{.name = "smooth", .field = -1}, {.name = "period", .field = -1}};

const HqRow hq_row_phase = {
    .info = {.code = 4118, .name = "PHASE", .title = "HT_DCPHASE from its start",
             .formula = "as HT_DCPHASE, from the first smoothed price on", .source = "as HT_DCPHASE",
             .unit = "degrees", .cost = "O(1), up to 50 sines", HQ_INPUTS(phase_inputs),
             HQ_OUTPUTS(hq_output_value), .group = "cycle"},
    .n_memory = 1, .gives_known = 1, .state_size = ring_size, .holds = ring_holds, .init = phase_init,
    HQ_STEPS(phase_push, phase_peek),
};

static uint32_t phase_of(HqBuilder *b, const Cycle *c)
{
    return hq_build(b, &hq_row_phase, HQ_SLOTS(c->smooth, c->period), NULL);
}

static void dcphase_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    (void)params;
    Cycle c = cycle_of(b, in[0], HQ_CYCLE_LONG_START);
    core[0] = hq_skip(b, phase_of(b, &c), HQ_CYCLE_LONG_FIRST - HQ_CYCLE_LONG_START);
}

const HqRow hq_row_ht_dcphase = {
    .info = CYCLE_INFO(262, "HT_DCPHASE", "Dominant cycle phase", "phase of the dominant cycle", "ch. 9",
                       "degrees, -45..315", hq_output_value),
    .parts = dcphase_parts, .n_core = 1,
};

static void sine_step(const HqNode *node, double *line, double *before)
{
    double *now = line + node->out, phase = HQ_X(0);
    (void)before;
    now[0] = sin(phase * (HQ_PI / 180));
    now[1] = sin((phase + 45) * (HQ_PI / 180));
}

HQ_CHAIN(sine_step, sine_step)
HQ_SPAN_FREE(sine_step, 2)

static const char *const sine_outputs[] = {"sine", "leadsine"};

const HqRow hq_row_ht_sine = {
    .info = CYCLE_INFO(263, "HT_SINE", "Sine of the dominant cycle",
                       "sine of the phase, and of the phase 45 degrees ahead", "ch. 9", "-1..1", sine_outputs),
    .gives_known = 1, HQ_STEPS(sine_step, sine_step), .parts = dcphase_parts, .n_core = 1,
};

/* ---------------------------------------------------------------- HT_TRENDMODE */

enum { MODE_PHASE = 1, MODE_SINE, MODE_LEAD, MODE_DAYS, MODE_MEMORY = 4 };

static void trendmode_init(HqNode *node, double *before, const double *params)
{
    (void)node;
    (void)params;
    memset(before + MODE_PHASE, 0, MODE_MEMORY * sizeof *before);
}

/* phase, smoothed period, trendline, smoothed price: a trend unless something speaks for a cycle. */
static void trendmode_step(const HqNode *node, double *line, double *before)
{
    const double *then = before + node->out;
    double *now = line + node->out, phase = HQ_X(0), period = HQ_X(1), level = HQ_X(2), smooth = HQ_X(3);
    memcpy(now + 1, then + 1, MODE_MEMORY * sizeof *now);
    now[0] = (double)NAN;
    if (hq_is_unknown(phase + period + level + smooth))
        return;
    double sine = sin(phase * (HQ_PI / 180)), lead = sin((phase + 45) * (HQ_PI / 180));
    double turned = phase - then[MODE_PHASE], steady = 360 / period, days = then[MODE_DAYS], trend = 1;
    bool crossed_up = sine > lead && then[MODE_SINE] <= then[MODE_LEAD];
    bool crossed_down = sine < lead && then[MODE_SINE] >= then[MODE_LEAD];
    if (crossed_up || crossed_down)
        days = trend = 0;
    days++;
    if (days < 0.5 * period || (turned > 0.67 * steady && turned < 1.5 * steady))
        trend = 0;
    if (level != 0 && fabs((smooth - level) / level) >= 0.015)
        trend = 1;
    now[0] = trend;
    now[MODE_PHASE] = phase;
    now[MODE_SINE] = sine;
    now[MODE_LEAD] = lead;
    now[MODE_DAYS] = days;
}

HQ_CHAIN(trendmode_step, trendmode_step)
HQ_SPAN(trendmode_step, 1, 4)

static const HqInputInfo trendmode_inputs[] = {
    {.name = "phase", .field = -1}, {.name = "period", .field = -1}, {.name = "trendline", .field = -1},
    {.name = "smooth", .field = -1}};

const HqRow hq_row_trendmode = {
    .info = {.code = 4119, .name = "TRENDMODE", .title = "HT_TRENDMODE from its start",
             .formula = "as HT_TRENDMODE, from the first smoothed price on", .source = "as HT_TRENDMODE",
             .unit = "0 or 1", .cost = "O(1)", HQ_INPUTS(trendmode_inputs), HQ_OUTPUTS(hq_output_value),
             .group = "cycle"},
    .n_memory = MODE_MEMORY, .gives_known = 1, .init = trendmode_init,
    HQ_STEPS(trendmode_step, trendmode_step),
};

static void ht_trendmode_parts(HqBuilder *b, const uint32_t *in, const double *params, uint32_t *core)
{
    (void)params;
    Cycle c = cycle_of(b, in[0], HQ_CYCLE_LONG_START);
    const uint32_t reads[] = {phase_of(b, &c), c.period, trendline(b, in[0], &c), c.smooth};
    core[0] = hq_skip(b, hq_build(b, &hq_row_trendmode, reads, NULL),
                      HQ_CYCLE_LONG_FIRST - HQ_CYCLE_LONG_START);
}

const HqRow hq_row_ht_trendmode = {
    .info = CYCLE_INFO(264, "HT_TRENDMODE", "Trend or cycle",
                       "1 while the price trends: long since the sine crossed its lead, an unsteady phase, or 1.5 % "
                       "from the trendline",
                       "ch. 11", "0 or 1", hq_output_value),
    .parts = ht_trendmode_parts, .n_core = 1,
};
