'use strict';
// "Did you mean": the known name that differs least.

/** Insertions, deletions and changes of a letter that make one word of the other. */
function distance(from, to) {
  let above = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1));
    }
    above = row;
  }
  return above[to.length];
}

/** The name closest to a word, if at most a third of its letters differ; else undefined. */
function nearest(word, names) {
  if (word.length > 64) return undefined;
  const ranked = names.map((name) => [distance(word, name), name]).sort(([a], [b]) => a - b);
  return ranked.length > 0 && ranked[0][0] <= Math.ceil(word.length / 3) ? ranked[0][1] : undefined;
}

module.exports = { nearest };
