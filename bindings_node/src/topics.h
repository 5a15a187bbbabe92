// The topics of the addon: each adds its functions to the exports.
#ifndef HQUANT_NODE_TOPICS_H
#define HQUANT_NODE_TOPICS_H

#include <napi.h>

void init_handle(Napi::Object exports);
void init_library(Napi::Object exports);
void init_engine(Napi::Object exports);
void init_engine_add(Napi::Object exports);
void init_engine_read(Napi::Object exports);
void init_multi(Napi::Object exports);
void init_aggregator(Napi::Object exports);
void init_account(Napi::Object exports);
void init_indicator(Napi::Object exports);
void init_program(Napi::Object exports);
void init_bars(Napi::Object exports);
void init_jobs(Napi::Object exports);

#endif
