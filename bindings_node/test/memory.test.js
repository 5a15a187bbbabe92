'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { runNode } = require('./support');

const CYCLES = `
  const { HQuant, MultiHQuant, Aggregator, Strategy } = require('.');
  const program = Buffer.from(process.env.PROGRAM, 'base64');
  const turn = () => new Promise(setImmediate); // finalizers wait for the event loop
  let held = [];
  function cycle(i) {
    const engine = new HQuant(256);
    const id = engine.add_boll(5, 2);
    engine.add_strategy('s', i % 2 ? program : Strategy.from_bytecode(program));
    const live = engine.live([id, [id, 2]]);
    for (let t = 0; t < 3; t++) engine.push_bar({ timestamp: t, open: 1, high: 2, low: 0.5, close: 1 + t, volume: 1 });
    const multi = new MultiHQuant(16, ['1m', '5m']);
    const part = multi.engine('5m');
    multi.feed_bar({ timestamp: 0, open: 1, high: 2, low: 0.5, close: i, volume: 1 });
    held.push({ live, close: engine.close_column(), upper: engine.indicator_column(id), part: part.close_column(), i });
    if (i % 3 === 0) engine.close();
    if (i % 5 === 0) multi.close();
  }
  function check({ live, close, upper, part, i }) {
    const shown = [new Float64Array(close.buffer)[2], new Float64Array(part.buffer)[0], live[0] === live[0]];
    if (shown[0] !== 3 || shown[1] !== i || shown[2]) throw new Error('views changed: ' + shown);
  }
  async function main() {
    const sizes = [];
    const count = Number(process.env.CYCLES);
    for (let i = 1; i <= count; i++) {
      cycle(i);
      if (i % 50) continue;
      await turn();
      held.forEach(check);
      if (held.length >= 100) held = held.slice(50);
      if (i % 200) continue;
      gc();
      await turn();
      if (i % (count / 10) === 0) sizes.push(process.memoryUsage().rss);
    }
    console.log(JSON.stringify(sizes));
  }
  main();
`;

test('thousands of engines made, used and dropped while views are held: memory stays flat', () => {
  const program = require('./programs').cross.toString('base64');
  for (const [HQUANT_NODE_COPY, cycles] of [['0', '10000'], ['1', '8000']]) {
    const env = { PROGRAM: program, CYCLES: cycles, HQUANT_NODE_COPY };
    const sizes = JSON.parse(runNode(CYCLES, { args: ['--expose-gc'], env }));
    assert.equal(sizes.length, 10);
    // V8 takes some 20 MB and gives them back as it likes: what leaks raises the lowest and the highest.
    const [begin, end] = [sizes.slice(0, 5), sizes.slice(5)];
    const grown = Math.min(Math.max(...end) - Math.max(...begin), Math.min(...end) - Math.min(...begin));
    assert.ok(grown < 16e6, `copies: ${HQUANT_NODE_COPY}: ${sizes.map((size) => Math.round(size / 1e6))} MB`);
  }
});
