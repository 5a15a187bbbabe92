/* Bytes as a sequence of calls with hostile arguments; the first one says on what. */
#include "api_account.h"
#include "api_engine.h"
#include "api_market.h"
#include "api_multi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const kinds[])(Input *) = {fuzz_engine, fuzz_account, fuzz_market, fuzz_multi};
    Input in = {data, data + size};
    kinds[take_byte(&in) % 4](&in);
    return 0;
}
