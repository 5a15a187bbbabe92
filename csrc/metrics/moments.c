/* Mean and central moments of numbers that come one at a time. */
#include "metrics/moments.h"

#include <float.h>
#include <math.h>

bool hq_deviates(double deviation, double least, double most)
{
    return least < most && deviation > 8 * DBL_EPSILON * (1 + fmax(fabs(least), fabs(most)));
}

void hq_moments_push(HqMoments *m, double x)
{
    double before = m->count, count = before + 1, share = 1 / count;
    double off = x - (before > 0 ? hq_sum(m->sum) / before : 0);
    double step = off * share, square = step * step, spread = off * step * before;
    double second = hq_sum(m->second), third = hq_sum(m->third);
    hq_sum_add(&m->fourth, spread * square * (count * count - 3 * count + 3));
    hq_sum_add(&m->fourth, 6 * square * second - 4 * step * third);
    hq_sum_add(&m->third, spread * step * (count - 2));
    hq_sum_add(&m->third, -3 * step * second);
    hq_sum_add(&m->second, spread);
    hq_sum_add(&m->sum, x);
    m->least = before > 0 ? fmin(m->least, x) : x;
    m->most = before > 0 ? fmax(m->most, x) : x;
    m->count = count;
}

double hq_moments_mean(const HqMoments *m)
{
    return m->count > 0 ? hq_sum(m->sum) / m->count : NAN;
}

double hq_moments_deviation(const HqMoments *m)
{
    if (m->count < 2)
        return NAN;
    double deviation = sqrt(hq_sum(m->second) / (m->count - 1));
    return isnan(deviation) || hq_deviates(deviation, m->least, m->most) ? deviation : 0;
}

double hq_moments_skew(const HqMoments *m)
{
    double n = m->count, deviation = hq_moments_deviation(m);
    if (n < 3 || deviation == 0)
        return NAN;
    return n / ((n - 1) * (n - 2)) * hq_sum(m->third) / (deviation * deviation * deviation);
}

double hq_moments_kurtosis(const HqMoments *m)
{
    double n = m->count, deviation = hq_moments_deviation(m);
    if (n < 4 || deviation == 0)
        return NAN;
    double variance = deviation * deviation, rest = (n - 2) * (n - 3);
    double raw = n * (n + 1) / ((n - 1) * rest) * hq_sum(m->fourth) / (variance * variance);
    return raw - 3 * (n - 1) * (n - 1) / rest;
}

void hq_comoment_push(HqComoment *c, double x, double y)
{
    double before = c->count;
    double off_x = x - (before > 0 ? hq_sum(c->sum_x) / before : 0);
    double off_y = y - (before > 0 ? hq_sum(c->sum_y) / before : 0);
    double share = before / (before + 1);
    hq_sum_add(&c->xy, off_x * off_y * share);
    hq_sum_add(&c->yy, off_y * off_y * share);
    hq_sum_add(&c->sum_x, x);
    hq_sum_add(&c->sum_y, y);
    c->least_y = before > 0 ? fmin(c->least_y, y) : y;
    c->most_y = before > 0 ? fmax(c->most_y, y) : y;
    c->count = before + 1;
}

double hq_comoment_slope(const HqComoment *c)
{
    if (c->count < 2)
        return NAN;
    double deviation = sqrt(hq_sum(c->yy) / (c->count - 1));
    return hq_deviates(deviation, c->least_y, c->most_y) ? hq_sum(c->xy) / hq_sum(c->yy) : NAN;
}
