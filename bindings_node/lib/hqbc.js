'use strict';
// HQBC, the compiled strategy: its parts as data, to bytes and back (docs/hqbc.md). The library verifies
// what is made of them; here only programs are read that it has verified.

const N_SECTIONS = 11;
const TABLE = 24;
const BODY = 160;
const CRC_FROM = 16;

/** The sections behind the strings: the types of an entry's fields. */
const SECTIONS = {
  params: ['f64', 'f64', 'f64', 'f64', 'u32', 'u32'], // value, minimum, maximum, step; name offset and length
  timeframes: ['i64'],
  nodes: ['u16', 'u8', 'u8', 'u8', 'u8', 'u16', 'u32', 'u32'], // code, mode, timeframe, inputs, params, 0, firsts
  inputs: ['u32'],
  node_params: ['u32', 'u32', 'f64'], // param, 0, value
  constants: ['f64'],
  code: ['u16', 'u8', 'u8', 'u32', 'u32', 'u32'], // op, timeframe, 0, a, b, 0
  rules: ['u32', 'u8', 'u8', 'u16', 'u32', 'u32'], // condition, action, clauses, 0, first clause, line
  clauses: ['u8', 'u8', 'u16', 'u32'], // kind, unit, 0, register
  lines: ['u32', 'u32'],
};

const SIZE = { u8: 1, u16: 2, u32: 4, i64: 8, f64: 8 };
const GET = { u8: 'getUint8', u16: 'getUint16', u32: 'getUint32', i64: 'getBigInt64', f64: 'getFloat64' };
const SET = { u8: 'setUint8', u16: 'setUint16', u32: 'setUint32', i64: 'setBigInt64', f64: 'setFloat64' };

const NODE = { CODE: 0, MODE: 1, TIMEFRAME: 2, FIRST_INPUT: 6, FIRST_PARAM: 7 };
const CODE = { OP: 0, TIMEFRAME: 1, A: 3, B: 4 };
const RULE = { CONDITION: 0, FIRST_CLAUSE: 4, LINE: 5 };
const OP = { SERIES: 0, CONST: 1, PARAM: 2, NODE: 3, OUT: 4, LAST: 5, EQ: 52 };

/** Operations on two registers; the others read one at most. */
const BINARY = new Set([32, 33, 34, 35, 36, 37, 38, 48, 49, 50, 51, 52, 53, 65, 66]);
const NO_PARAM = 0xffffffff;

const widthOf = (types) => types.reduce((sum, type) => sum + SIZE[type], 0);

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

/** CRC-32 of IEEE 802.3. */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function emptyImage() {
  return { minor: 0, strings: new Uint8Array(0), ...Object.fromEntries(Object.keys(SECTIONS).map((name) => [name, []])) };
}

/** The parts of a verified program's bytes: an Array of entries a section, an entry an Array of fields. */
function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const image = emptyImage();
  image.minor = view.getUint16(6, true);
  const section = (index) => [4, 8].map((offset) => view.getUint32(TABLE + index * 12 + offset, true));
  const [offset, size] = section(0);
  image.strings = bytes.slice(offset, offset + size);
  Object.entries(SECTIONS).forEach(([name, types], i) => {
    const [first, length] = section(i + 1);
    for (let at = first; at < first + length;) {
      image[name].push(types.map((type) => {
        const value = view[GET[type]](at, true);
        at += SIZE[type];
        return value;
      }));
    }
  });
  return image;
}

const aligned = (size) => Math.ceil(size / 8) * 8;

/** The program's bytes. */
function encode(image) {
  const sizes = [image.strings.length, ...Object.entries(SECTIONS).map(([name, types]) => image[name].length * widthOf(types))];
  const total = BODY + sizes.reduce((sum, size) => sum + aligned(size), 0);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  bytes.set([0x48, 0x51, 0x42, 0x43]); // HQBC
  view.setUint16(4, 1, true);
  view.setUint16(6, image.minor, true);
  view.setUint32(8, total, true);
  view.setUint32(16, N_SECTIONS, true);
  let place = BODY;
  const begin = (index) => {
    [index + 1, place, sizes[index]].forEach((value, k) => view.setUint32(TABLE + index * 12 + k * 4, value, true));
    const first = place;
    place += aligned(sizes[index]);
    return first;
  };
  bytes.set(image.strings, begin(0));
  Object.entries(SECTIONS).forEach(([name, types], i) => {
    let at = begin(i + 1);
    for (const entry of image[name]) {
      types.forEach((type, k) => {
        view[SET[type]](at, entry[k], true);
        at += SIZE[type];
      });
    }
  });
  const head = image.minor > 0 ? bytes.subarray(4, 12) : [];
  view.setUint32(12, crc32([...head, ...bytes.subarray(CRC_FROM)]), true);
  return bytes;
}

module.exports = { SECTIONS, NODE, CODE, RULE, OP, BINARY, NO_PARAM, emptyImage, decode, encode };
