'use strict';
// Build hquant.node and libhquant by CMake, into build/Release unless told otherwise. Arguments go to CMake's
// configure step.
const { execFileSync } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');
const cmake = process.env.CMAKE || 'cmake';

function run(...args) {
  execFileSync(cmake, args, { cwd: root, stdio: 'inherit' });
}

/**
 * @param {string[]} options  such as -DHQ_WERROR=ON
 * @param {string} folder  where CMake works; what it remembers of earlier options is there
 */
function build(options = [], folder = path.join('build', 'cmake')) {
  try {
    run('-S', '.', '-B', folder, `-DNODE=${process.execPath}`, ...options);
  } catch (error) {
    const reason = error.code === 'ENOENT' ? `there is no ${cmake}` : 'CMake failed, see above';
    throw new Error(
      `hquant: cannot be built from source: ${reason}. It takes CMake 3.25 or newer and a C11 and a C++17 ` +
        'compiler; on Debian: apt-get install cmake make g++',
    );
  }
  run('--build', folder, '--parallel', String(os.cpus().length));
}

module.exports = { build };

if (require.main === module) {
  try {
    build(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
