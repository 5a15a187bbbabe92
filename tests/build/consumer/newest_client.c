/* Newest values read in place: what the header compiles into a program needs no library but ours. */
#include <hquant/engine.h>
#include <stdio.h>

int main(void)
{
    HQuant *engine = hquant_new(4);
    HqIndicatorOutput outputs[] = {{hquant_add_sma_close(engine, 2), 0}, {hquant_add_sma_close(engine, 4), 0}};
    HqNewest newest;
    if (hq_engine_newest(engine, outputs, 2, &newest) != HQ_OK)
        return 1;
    for (int i = 0; i < 3; i++)
        hq_push_bar(engine, 60000 * i, i, i, i, i, 1, 1);
    printf("%g %g\n", hq_newest_value(&newest, 0), hq_newest_value(&newest, 1));
    hquant_free(engine);
    return 0;
}
