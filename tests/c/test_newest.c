/* Values read in place are those that can be asked for, of every output of every indicator. */
#include "check.h"
#include "hquant/indicator.h"
#include "twins.h"

enum { BARS = 300, OUTPUTS_MAX = 1024, VALUES_MAX = 16 };

typedef struct Outputs {
    HqIndicatorOutput at[OUTPUTS_MAX];
    size_t count;
} Outputs;

static Outputs all_outputs(HQuant *engine)
{
    Outputs all = {.count = 0};
    for (size_t i = 0; i < hq_indicator_count(); i++) {
        const HqIndicatorInfo *row = hq_indicator_info(i);
        HqIndicatorSpec spec = {.struct_size = sizeof spec, .code = row->code,
                                .n_params = row->n_params, .params = {7, 19, 5}};
        uint32_t id = hq_add_indicator(engine, &spec);
        for (uint32_t k = 0; id > 0 && k < row->n_outputs && all.count < OUTPUTS_MAX; k++)
            all.at[all.count++] = (HqIndicatorOutput){id, k};
    }
    return all;
}

static void every_value_read_in_place_is_the_one_that_can_be_asked_for(void)
{
    HQuant *engine = hquant_new(20);
    Outputs all = all_outputs(engine);
    HqNewest newest;
    double asked[VALUES_MAX];
    size_t cleaned = 0; /* NaN of other bits than callers see stood there */
    const double one_nan = (double)NAN;
    CHECK(all.count > 100 && all.count < OUTPUTS_MAX);
    CHECK(hq_engine_newest(engine, all.at, all.count, &newest) == HQ_OK && newest.count == all.count);
    for (int i = 0; i < BARS; i++) {
        hquant_push_bar(engine, wavy_bar(i));
        for (size_t k = 0; k < all.count; k++) {
            double value = hq_newest_value(&newest, k), raw = (*newest.values)[newest.places[k]];
            CHECK(hq_indicator_values(engine, all.at[k].id, asked, VALUES_MAX) > all.at[k].output);
            CHECK(memcmp(&value, &asked[all.at[k].output], sizeof value) == 0);
            cleaned += value != value && memcmp(&raw, &one_nan, sizeof raw) != 0;
        }
    }
    CHECK(cleaned > 0);
    hquant_free(engine);
}

int main(void)
{
    every_value_read_in_place_is_the_one_that_can_be_asked_for();
    return check_report("test_newest");
}
