'use strict';
// The package under test: the one that HQUANT_NODE names, else this repository's.
const path = require('node:path');

module.exports = require(process.env.HQUANT_NODE || path.join(__dirname, '../../../bindings_node'));
