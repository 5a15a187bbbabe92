'use strict';
// numbers.json, programs.json, indicators.json, streams.json, markets.json and accounts.json.
const { Aggregator, FuturesBacktest, HQuant, MultiHQuant, Strategy, indicators, ordered } = require('./package.cjs');
const { bits, number } = require('./check.cjs');
const { ROWS, argumentsOf, barOf, signalsOf, statusOf } = require('./inputs.cjs');

const periodsOf = (list) => list.map((ms) => `${ms}ms`);

/** A column as a file has it: how many bars have no value before the first, then the values. */
function outputOf(values) {
  const known = values.findIndex((value) => !Number.isNaN(value));
  const first = known < 0 ? values.length : known;
  return { first, values: Array.from(values.slice(first)) };
}

const namedOutputs = (row, columns) => Object.fromEntries(row.outputs.map((name, i) => [name, outputOf(columns[i])]));

function programAnswer(entry) {
  const program = Strategy.from_bytecode(Buffer.from(entry.hqbc, 'base64'));
  return {
    text: entry.text,
    mode: entry.mode,
    hqbc: (entry.params.length === 1 ? Strategy.compile(entry.text) : program).bytecode.toString('base64'),
    params: program.params.map(({ name, value, minimum, maximum, step }) => ({ name, value, minimum, maximum, step })),
    timeframes_ms: program.timeframes,
    has_clauses: program.has_clauses,
    reads_buy_volume: program.reads_buy_volume,
  };
}

/** Over whole columns, and bar by bar in an engine. */
function indicatorAnswers(test, inputs) {
  const row = ROWS.get(test.indicator);
  const bars = inputs.bars(test.tape);
  const columns = test.fields.map((name) => bars[name === 'time' ? 'timestamp' : name]);
  const found = indicators[row.name.toLowerCase()](...columns, ...test.params, { mode: test.mode });
  const batch = row.outputs.length === 1 ? [found] : row.outputs.map((name) => found[name]);
  const engine = new HQuant(1);
  const id = engine.add_indicator(...argumentsOf(test));
  const stream = row.outputs.map(() => []);
  for (const bar of inputs.rows(test.tape, 0)) {
    engine.push_bar(bar);
    engine.indicator_values(id).forEach((value, i) => stream[i].push(value));
  }
  return [namedOutputs(row, batch), namedOutputs(row, stream)];
}

class Stream {
  #ids = [];
  #programs = [];
  #signals = [];
  #refused = [];
  #values = [];
  #steps = 0;

  constructor(test, inputs) {
    this.inputs = inputs;
    this.engine = new HQuant(test.capacity, { htf: test.htf, bar_period: test.bar_period_ms || null });
    test.indicators.forEach((each) => this.#addIndicator(each));
    test.programs.forEach((each) => this.#addProgram(each));
  }

  #addIndicator(spec) {
    this.#ids.push(this.engine.add_indicator(...argumentsOf(spec)));
    this.#values.push(ROWS.get(spec.indicator).outputs.map(() => []));
  }

  #addProgram(name) {
    this.#programs.push(this.engine.add_strategy(name, this.inputs.program(name)));
  }

  take([kind, ...rest]) {
    const { engine } = this;
    const steps = {
      push: () => this.inputs.rows(...rest).forEach((bar) => this.#step(() => engine.push_bar(bar))),
      push_bar: () => this.#step(() => engine.push_bar(barOf(rest))),
      update_bar: () => this.#step(() => engine.update_last_bar(barOf(rest))),
      push_bars: () => this.#step(() => engine.push_bars(this.inputs.bars(...rest))),
      set_param: () => this.#step(() => engine.set_param(this.#programs[rest[0]], rest[1], rest[2])),
      add_indicator: () => this.#step(() => this.#addIndicator(rest[0])),
      add_program: () => this.#step(() => this.#addProgram(rest[0])),
    };
    steps[kind]();
  }

  #step(call) {
    const status = statusOf(call);
    if (status !== 'HQ_OK') this.#refused.push([this.#steps, status]);
    this.#signals.push(...signalsOf(this.engine, this.#steps));
    this.#ids.forEach((id, i) => this.engine.indicator_values(id).forEach((value, k) => this.#values[i][k].push(value)));
    this.#steps += 1;
  }

  answer() {
    const { engine } = this;
    return {
      steps: this.#steps,
      indicator_ids: this.#ids,
      strategy_ids: this.#programs,
      signals: this.#signals,
      refused: this.#refused,
      values: this.#values,
      bars: engine.len(),
      total_bars: engine.total_bars(),
      rejected_bars: engine.rejected_bars(),
      close: ordered(engine.close_column()),
      timestamp: ordered(engine.timestamp_column(), BigInt64Array),
    };
  }
}

function streamAnswer(test, inputs) {
  const stream = new Stream(test, inputs);
  test.steps.forEach((step) => stream.take(step));
  return stream.answer();
}

// ---------------------------------------------------------------- markets

/** Take the steps of a case; what waits after each is collected. */
function fed(test, inputs, { feed, flush, set_param, collect }) {
  const refused = [];
  let steps = 0;
  const step = (call) => {
    const status = statusOf(call);
    if (status !== 'HQ_OK') refused.push([steps, status]);
    collect(steps);
    steps += 1;
  };
  for (const [kind, ...rest] of test.steps) {
    if (kind === 'feed') inputs.rows(...rest).forEach((bar) => step(() => feed(bar)));
    else if (kind === 'feed_bar') step(() => feed(barOf(rest)));
    else if (kind === 'flush') step(flush);
    else step(() => set_param(...rest));
  }
  return { steps, refused };
}

function multiAnswer(test, inputs) {
  const { emit, htf } = test;
  const options = { emit, htf, bar_period: test.bar_period_ms || null };
  const multi = new MultiHQuant(test.capacity, periodsOf(test.periods_ms), options);
  const strategy_ids = test.programs.map((name) => multi.add_multi_strategy(name, inputs.program(name)));
  const engines = test.engines.map((each) => {
    const engine = multi.engine(each.period_ms);
    const indicator_ids = each.indicators.map((spec) => engine.add_indicator(...argumentsOf(spec)));
    return { engine, indicator_ids, strategy_ids: each.programs.map((name) => engine.add_strategy(name, inputs.program(name))) };
  });
  const signals = [];
  const run = fed(test, inputs, {
    feed: (bar) => multi.feed_bar(bar),
    flush: () => multi.flush(),
    set_param: (i, name, value) => multi.set_param(strategy_ids[i], name, value),
    collect: (step) => signals.push(...signalsOf(multi, step)),
  });
  const answers = engines.map(({ engine, ...ids }) => ({
    ...ids,
    timestamp: ordered(engine.timestamp_column(), BigInt64Array),
    close: ordered(engine.close_column()),
    volume: ordered(engine.volume_column()),
    values: ids.indicator_ids.map((id) => ordered(engine.indicator_column(id))),
  }));
  return { ...run, strategy_ids, signals, rejected_bars: multi.rejected_bars(), engines: answers };
}

const KINDS = { KlineUpdated: 1, KlineClosed: 2 };
const CANDLE = ['open_time', 'close_time', 'open', 'high', 'low', 'close', 'volume', 'buy_volume', 'last_update_ts'];

function candlesAnswer(test, inputs) {
  const aggregator = new Aggregator(periodsOf(test.periods_ms));
  const events = [];
  const run = fed(test, inputs, {
    feed: (bar) => aggregator.push(bar),
    flush: () => aggregator.flush(),
    collect: (step) => aggregator.poll_events().forEach(({ kind, period, candle }) =>
      events.push([step, KINDS[kind], test.periods_ms.indexOf(period.ms), ...CANDLE.map((name) => candle[name])])),
  });
  return { ...run, events, rejected_bars: aggregator.rejected() };
}

const marketAnswer = (test, inputs) => (test.kind === 'multi' ? multiAnswer : candlesAnswer)(test, inputs);

// --------------------------------------------------------------- accounts

const READ = {
  cash: (account) => account.cash(),
  equity: (account, price) => account.equity(price),
  locked_margin: (account) => account.locked_margin(),
  total_notional: (account, price) => account.total_notional(price),
  maintenance_margin: (account, price) => account.maintenance_margin(price),
  max_open_margin: (account) => account.max_open_margin(0.0004),
  long_contracts: (account) => account.contracts('long'),
  short_contracts: (account) => account.contracts('short'),
  long_entry: (account) => account.entry_price('long'),
  short_entry: (account) => account.entry_price('short'),
  fees: (account) => account.fees(),
  realized_pnl: (account) => account.realized_pnl(),
  liquidation_loss: (account) => account.liquidation_loss(),
  profit: (account, price) => account.result(price).profit,
  profit_rate: (account, price) => account.result(price).profit_rate,
  max_drawdown_rate: (account, price) => account.result(price).max_drawdown_rate,
  liquidated: (account, price) => Number(account.result(price).liquidated),
};

function accountAnswer(test) {
  const account = new FuturesBacktest(test.params);
  const answer = { statuses: [], ...Object.fromEntries(Object.keys(READ).map((name) => [name, []])) };
  let price = 1;
  for (const [kind, at, ...rest] of test.calls) {
    // After a liquidation a signal is no failure here, as in Python; the C function says HQ_ELIQUIDATED.
    const wasLiquidated = kind === 'apply_signal' && account.liquidated();
    const status = statusOf(() => (kind === 'apply_signal'
      ? account.apply_signal(rest[0], number(at), number(rest[1]))
      : account[kind](number(at), ...rest.map(number))));
    answer.statuses.push(wasLiquidated && status === 'HQ_OK' ? 'HQ_ELIQUIDATED' : status);
    if (number(at) > 0) price = at; // a refused one cannot be asked about
    for (const [name, of] of Object.entries(READ)) answer[name].push(of(account, price));
  }
  return answer;
}

module.exports = {
  numbers: (test) => [bits(number(test.number))],
  programs: (test) => [programAnswer(test)],
  indicators: indicatorAnswers,
  streams: (test, inputs) => [streamAnswer(test, inputs)],
  markets: (test, inputs) => [marketAnswer(test, inputs)],
  accounts: (test) => [accountAnswer(test)],
};
