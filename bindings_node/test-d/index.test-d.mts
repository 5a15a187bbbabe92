// What a TypeScript program in ESM sees: names and the default export.
import hquant, { HQuant, HquantError, indicators, type Bar, type Signal } from 'hquant';
import { expectError, expectType } from 'tsd';

const engine = new HQuant(1024);
expectType<HQuant>(new hquant.HQuant(1024));
expectType<Signal[]>(engine.pollSignals());
expectType<void>(engine.push_bar({} as Bar));
expectType<Float64Array>(indicators.ema(Float64Array.of(1), { period: 2 }));
expectType<string>(hquant.version());
expectType<string>(new HquantError('x').code);
expectError(engine.push_bar(1));

// The default export has the types as well.
const bar: hquant.Bar = { timestamp: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 };
expectType<void>(engine.push_bar(bar));
const signals: hquant.Signal[] = engine.poll_signals();
expectType<Signal[]>(signals);
expectType<hquant.HQuant>(engine);
expectError(hquant.default);
