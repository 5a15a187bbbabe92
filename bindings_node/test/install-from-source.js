'use strict';
// `make test-node-source`: pack, install into an empty folder from source, use. It compiles the whole core.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { npmEnv, root } = require('./support');

const app = fs.mkdtempSync(path.join(os.tmpdir(), 'hquant-source-'));
const env = npmEnv(app);
const run = (command, args, cwd) => execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', app], root));
  fs.writeFileSync(path.join(app, 'package.json'), '{"name":"app","private":true}');
  run('npm', ['install', '--no-audit', '--no-fund', '--build-from-source', path.join(app, filename)], app);
  const release = path.join(app, 'node_modules', 'hquant', 'build', 'Release');
  assert.deepEqual(fs.readdirSync(release).sort(), ['hquant.node', 'libhquant.so', 'libhquant_dsl.so']);
  const use = "const { HQuant } = require('hquant'); const e = new HQuant(4); e.push_bar({timestamp: 0, open: 1, high: 1, low: 1, close: 5, volume: 1}); console.log(e.indicator_last(e.add_rsi(1)).kind, e.len())";
  assert.equal(run(process.execPath, ['-e', use], app), '1 1\n');
  console.log('installed from source and used');
} finally {
  fs.rmSync(app, { recursive: true });
}
