import hquant = require('./index.js');
export * from './index.js';
export default hquant; // with its types: hquant.Bar
