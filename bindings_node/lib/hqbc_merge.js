'use strict';
// Several programs as one: each keeps its code, and equal nodes become one when they are linked.
const { NODE, CODE, RULE, OP, BINARY, NO_PARAM, emptyImage } = require('./hqbc');

const changed = (entry, changes) => Object.assign([...entry], changes);

/** Append a program; by how far its registers moved. Only the first may have PARAMs and strings. */
function append(whole, image) {
  const by = whole.code.length;
  const { params, nodes, inputs, node_params, constants, clauses } = whole;
  const from = {
    param: params.length, node: nodes.length, input: inputs.length, nodeParam: node_params.length,
    constant: constants.length, clause: clauses.length,
  };
  const timeframes = [0, ...image.timeframes.map((period) => timeframeIndex(whole, period))];
  whole.minor = Math.max(whole.minor, image.minor);
  if (image.strings.length > 0) whole.strings = image.strings;
  whole.params.push(...image.params);
  whole.nodes.push(...image.nodes.map((node) => changed(node, {
    [NODE.TIMEFRAME]: timeframes[node[NODE.TIMEFRAME]],
    [NODE.FIRST_INPUT]: node[NODE.FIRST_INPUT] + from.input,
    [NODE.FIRST_PARAM]: node[NODE.FIRST_PARAM] + from.nodeParam,
  })));
  whole.inputs.push(...image.inputs.map(([register]) => [register + by]));
  whole.node_params.push(...image.node_params.map(([param, ...rest]) =>
    [param === NO_PARAM ? param : param + from.param, ...rest]));
  whole.constants.push(...image.constants);
  whole.rules.push(...image.rules.map((rule) => changed(rule, {
    [RULE.CONDITION]: rule[RULE.CONDITION] + by,
    [RULE.FIRST_CLAUSE]: rule[RULE.FIRST_CLAUSE] + from.clause,
  })));
  whole.clauses.push(...image.clauses.map((clause) => changed(clause, { 3: clause[3] + by })));
  whole.code.push(...image.code.map((each) => moved(each, by, from, timeframes)));
  whole.lines.push(...image.lines);
  return by;
}

function timeframeIndex(whole, [period]) {
  const index = whole.timeframes.findIndex(([known]) => known === period);
  return index >= 0 ? index + 1 : whole.timeframes.push([period]);
}

function moved(instruction, by, from, timeframes) {
  const op = instruction[CODE.OP];
  const places = { [OP.SERIES]: 0, [OP.CONST]: from.constant, [OP.PARAM]: from.param, [OP.NODE]: from.node };
  return changed(instruction, {
    [CODE.TIMEFRAME]: timeframes[instruction[CODE.TIMEFRAME]],
    [CODE.A]: instruction[CODE.A] + (places[op] ?? by),
    [CODE.B]: instruction[CODE.B] + (BINARY.has(op) ? by : 0),
  });
}

/** A program with the code and the rules of all, and by how far the registers of each moved. */
function merge(images) {
  const whole = emptyImage();
  return { whole, moved: images.map((image) => append(whole, image)) };
}

module.exports = { merge };
