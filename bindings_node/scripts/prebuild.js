'use strict';
// `npm run prebuild`: a binary of this platform for the package, where node-gyp-build looks for it:
// prebuilds/<platform>-<arch>/hquant.<libc>.node, with the libraries beside it. It is built from source in
// build/prebuild, begun anew: nothing of a build for tests gets into the package. --copy-only: what is in
// build/Release; other arguments go to CMake.
const fs = require('node:fs');
const path = require('node:path');
const { build } = require('./build');

const root = path.join(__dirname, '..');
const FILES = ['hquant.node', 'libhquant.so', 'libhquant_dsl.so'];
const folder = path.join(root, 'prebuilds', `${process.platform}-${process.arch}`);

function libc() {
  if (process.platform !== 'linux') return '';
  return process.report.getReport().header.glibcVersionRuntime ? '.glibc' : '.musl';
}

/** A build of its own; where its files are. */
function built(options) {
  const work = path.join('build', 'prebuild');
  const release = path.join(root, work, 'Release');
  fs.rmSync(path.join(root, work), { recursive: true, force: true });
  build([`-Drelease=${release}`, ...options], work);
  return release;
}

const options = process.argv.slice(2);
const release = options.includes('--copy-only') ? path.join(root, 'build', 'Release') : built(options);
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });
for (const file of FILES) {
  const name = file === 'hquant.node' ? `hquant${libc()}.node` : file;
  fs.copyFileSync(path.join(release, file), path.join(folder, name));
}
console.log(`hquant: ${path.relative(root, folder)}: ${fs.readdirSync(folder).join(', ')}`);
