'use strict';
// Before `npm pack`: the core's source into core/, so that the package builds without the repository.
// After it (--remove): away with it, for here the core's own folder is what is built, whether or not a copy has been left behind.
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const core = path.join(root, 'core');
const license = path.join(root, 'LICENSE');

fs.rmSync(core, { recursive: true, force: true });
fs.rmSync(license, { force: true });
if (!process.argv.includes('--remove')) {
  for (const name of ['CMakeLists.txt', 'cmake', 'csrc', 'include', 'LICENSE']) {
    fs.cpSync(path.join(root, '..', name), path.join(core, name), { recursive: true });
  }
  fs.copyFileSync(path.join(core, 'LICENSE'), license);
}
