'use strict';
// What is packed installs into an empty folder and works there.
const test = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { npmEnv, root } = require('./support');

const repository = path.join(root, '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hquant-package-'));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

const env = npmEnv(folder);
const run = (command, args, cwd) => execFileSync(command, args, { cwd, env, encoding: 'utf8' });
const filesBelow = (top) =>
  fs.readdirSync(top, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(path.join(top, entry.name)).map((name) => path.join(entry.name, name)) : [entry.name],
  );

/** The tarball of a copy of this folder, so that nothing is left behind in it. */
function pack({ prebuilds }) {
  const copy = path.join(folder, `copy-${prebuilds}`, 'bindings_node');
  for (const name of filesBelow(root).filter((each) => !/^(node_modules|build|prebuilds|core)\//.test(each))) {
    fs.cpSync(path.join(root, name), path.join(copy, name));
  }
  for (const name of ['CMakeLists.txt', 'cmake', 'csrc', 'include', 'LICENSE']) {
    fs.cpSync(path.join(repository, name), path.join(copy, '..', name), { recursive: true });
  }
  if (prebuilds) {
    fs.cpSync(path.join(root, 'build', 'Release'), path.join(copy, 'build', 'Release'), { recursive: true });
    run(process.execPath, ['scripts/prebuild.js', '--copy-only'], copy);
  }
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', '..'], copy));
  assert.equal(fs.existsSync(path.join(copy, 'core')), false, 'what was copied for the tarball is taken away again');
  return path.join(copy, '..', filename);
}

test('with a prebuilt binary the package installs without a compiler, and works by require and import', () => {
  const tarball = pack({ prebuilds: true });
  const app = path.join(folder, 'app');
  fs.mkdirSync(app);
  fs.writeFileSync(path.join(app, 'package.json'), '{"name":"app","private":true}');
  const before = env.PATH;
  env.CMAKE = '/nonexistent/cmake';
  run('npm', ['install', '--no-audit', '--no-fund', '--foreground-scripts', tarball], app);
  delete env.CMAKE;
  assert.equal(env.PATH, before);
  const use = 'const e = new HQuant(4); e.push_bar({timestamp: 0, open: 1, high: 1, low: 1, close: 5, volume: 1}); console.log(e.indicator_last(e.add_sma_close(1)).a, version())';
  const expected = `5 ${require('../package.json').version}\n`;
  fs.writeFileSync(path.join(app, 'a.js'), `const { HQuant, version } = require('hquant'); ${use}`);
  fs.writeFileSync(path.join(app, 'b.mjs'), `import { HQuant, version } from 'hquant'; ${use}`);
  for (const name of ['a.js', 'b.mjs']) assert.equal(run(process.execPath, [name], app), expected);
  const installed = path.join(app, 'node_modules', 'hquant');
  const binaries = fs.readdirSync(path.join(installed, 'prebuilds', `${process.platform}-${process.arch}`));
  assert.ok(binaries.includes('libhquant.so') && binaries.includes('libhquant_dsl.so'), String(binaries));
  fs.renameSync(app, `${app}-moved`); // the library is found beside the addon, wherever that is
  assert.equal(run(process.execPath, ['a.js'], `${app}-moved`), expected);
});

test('without one it carries the whole source of the core, and CMake accepts it', () => {
  const unpacked = path.join(folder, 'unpacked');
  fs.mkdirSync(unpacked);
  run('tar', ['xzf', pack({ prebuilds: false }), '-C', unpacked, '--strip-components=1'], folder);
  for (const part of ['csrc', 'include', 'cmake']) {
    const files = filesBelow(path.join(repository, part));
    assert.deepEqual(filesBelow(path.join(unpacked, 'core', part)).sort(), files.sort(), part);
    for (const name of files) {
      const [packed, ours] = [path.join(unpacked, 'core', part, name), path.join(repository, part, name)];
      assert.ok(fs.readFileSync(packed).equals(fs.readFileSync(ours)), name);
    }
  }
  for (const name of ['LICENSE', 'README.md', 'index.d.ts', 'index.d.mts', 'indicators.d.ts', 'jobs.d.ts', 'aliases.d.ts', 'lib/index.mjs']) {
    assert.ok(fs.existsSync(path.join(unpacked, name)), name);
  }
  assert.equal(fs.existsSync(path.join(unpacked, 'test')), false);
  for (const name of ['node-addon-api', 'node-api-headers']) {
    fs.cpSync(path.join(root, 'node_modules', name), path.join(unpacked, 'node_modules', name), { recursive: true });
  }
  run(process.env.CMAKE || 'cmake', ['-S', '.', '-B', 'build/cmake', '-DHQ_LTO=OFF'], unpacked);
  run(process.env.CMAKE || 'cmake', ['--build', 'build/cmake', '--target', 'hquant_dsl'], unpacked);
  assert.ok(fs.existsSync(path.join(unpacked, 'build', 'Release', 'libhquant_dsl.so')));
});

/** This folder's sources, but for what is built; without dependencies. */
function sources(name) {
  const copy = path.join(folder, name, 'bindings_node');
  for (const part of ['lib', 'src', 'scripts', 'package.json', 'CMakeLists.txt']) {
    fs.cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  }
  return copy;
}

/** A package that a copy depends on, from here. */
const borrow = (name, copy) =>
  fs.cpSync(path.join(root, 'node_modules', name), path.join(copy, 'node_modules', name), { recursive: true });

test('a prebuilt binary is built anew, apart from the build for tests, and ships three files', () => {
  const copy = sources('prebuild');
  for (const work of ['cmake', 'prebuild']) {
    fs.mkdirSync(path.join(copy, 'build', work), { recursive: true });
    fs.writeFileSync(path.join(copy, 'build', work, 'CMakeCache.txt'), 'HQ_WERROR:BOOL=ON\nHQ_LIBRARIES:PATH=/nowhere\n');
  }
  fs.mkdirSync(path.join(copy, 'build', 'Release'));
  for (const name of ['hquant.node', 'libhquant.so', 'libhquant_dsl.so']) {
    fs.writeFileSync(path.join(copy, 'build', 'Release', name), 'of the build for tests');
  }
  // In place of CMake: it says what it is asked for, and puts a file too many where binaries go.
  const cmake = path.join(folder, 'cmake.js');
  fs.writeFileSync(cmake, `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync('asked.txt', args.join(' ') + '\\n');
if (args[0] === '-S') {
  if (fs.existsSync(args[3] + '/CMakeCache.txt')) throw new Error(args[3] + ' was used before');
  const release = args.find((each) => each.startsWith('-Drelease=')).slice(10);
  fs.mkdirSync(release, { recursive: true });
  for (const name of ['hquant.node', 'libhquant.so', 'libhquant_dsl.so', 'libold.so']) fs.writeFileSync(release + '/' + name, 'new');
}
`, { mode: 0o755 });
  execFileSync(process.execPath, ['scripts/prebuild.js', '-DHQ_LTO=OFF'], { cwd: copy, env: { ...env, CMAKE: cmake }, stdio: 'pipe' });
  const asked = fs.readFileSync(path.join(copy, 'asked.txt'), 'utf8').split('\n');
  assert.match(asked[0], /^-S \. -B build\/prebuild .*-DHQ_LTO=OFF/);
  assert.match(asked[1], /^--build build\/prebuild /);
  const shipped = path.join(copy, 'prebuilds', `${process.platform}-${process.arch}`);
  const names = fs.readdirSync(shipped).sort();
  assert.match(names.join(' '), /^hquant(\.glibc|\.musl)?\.node libhquant\.so libhquant_dsl\.so$/);
  for (const name of names) assert.equal(fs.readFileSync(path.join(shipped, name), 'utf8'), 'new', name);
});

test('in the repository the repository is built, not a copy of the core that an interrupted npm pack has left', () => {
  const copy = sources('left');
  for (const name of ['node-addon-api', 'node-api-headers']) borrow(name, copy);
  for (const name of ['CMakeLists.txt', 'cmake', 'csrc', 'include', 'LICENSE']) {
    fs.cpSync(path.join(repository, name), path.join(copy, '..', name), { recursive: true });
    fs.cpSync(path.join(repository, name), path.join(copy, 'core', name), { recursive: true });
  }
  run(process.env.CMAKE || 'cmake', ['-S', '.', '-B', 'build/cmake', '-DHQ_LTO=OFF'], copy);
  const cache = fs.readFileSync(path.join(copy, 'build', 'cmake', 'CMakeCache.txt'), 'utf8');
  assert.equal(/^hquant_SOURCE_DIR:STATIC=(.*)$/m.exec(cache)[1], fs.realpathSync(path.join(copy, '..')));
});

test('where the install script has not run, require says how to run it', () => {
  const copy = sources('unbuilt');
  borrow('node-gyp-build', copy);
  const load = () => execFileSync(process.execPath, ['-e', "require('./lib')"], { cwd: copy, env, stdio: 'pipe', encoding: 'utf8' });
  assert.throws(load, (error) =>
    ['npm rebuild hquant', 'npm install-scripts approve hquant', 'pnpm approve-builds', process.arch].every((part) =>
      error.stderr.includes(part)));
});

test('a machine without CMake is told what it takes', () => {
  const build = () => execFileSync(process.execPath, ['scripts/build.js'], { cwd: root, env: { ...env, CMAKE: '/nonexistent/cmake' }, stdio: 'pipe', encoding: 'utf8' }); // prettier-ignore
  assert.throws(build, (error) => /CMake 3\.25 or newer/.test(error.stderr) && error.status === 1);
});
