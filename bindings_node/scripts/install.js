'use strict';
// `npm install`: take the binary that is there for this platform, else build one.
const fs = require('node:fs');
const path = require('node:path');
const load = require('node-gyp-build');
const { build } = require('./build');

const root = path.join(__dirname, '..');

function works() {
  try {
    load(root);
    return true;
  } catch {
    return false;
  }
}

if (process.env.npm_config_build_from_source === 'true' || !works()) {
  try {
    build();
    fs.rmSync(path.join(root, 'build', 'cmake'), { recursive: true });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
