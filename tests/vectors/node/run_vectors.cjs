'use strict';
// The test vectors in Node: node run_vectors.cjs FOLDER [FILE] compares what the package answers with
// every file of the folder, or with one, and prints what differs with its file, case and place.
const { Check } = require('./check.cjs');
const { Inputs, read } = require('./inputs.cjs');

const TOPICS = { ...require('./engines.cjs'), ...require('./runs.cjs') };

/** A case of a file: its question, its answer, its name. programs.json is an answer in itself. */
const casesOf = (content) =>
  Array.isArray(content)
    ? content.map(({ expect, ...test }) => [test.name ?? test.indicator, test, expect])
    : Object.entries(content).map(([name, entry]) => [name, entry, entry]);

async function main([folder, file]) {
  const check = new Check();
  const inputs = new Inputs(folder);
  let cases = 0;
  for (const [topic, answers] of Object.entries(TOPICS)) {
    if (file !== undefined && file !== `${topic}.json`) continue;
    for (const [index, [name, test, expected]] of casesOf(read(folder, topic)).entries()) {
      for (const answer of await answers(test, inputs, expected)) check.compare(expected, answer, `${topic}.json[${index}] ${name}`);
      cases += 1;
    }
  }
  console.log(`${cases} cases, ${check.compared} values compared, ${check.failed} differ`);
  return check.failed === 0 && cases > 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => { process.exitCode = code; },
  (error) => {
    console.error(error);
    process.exitCode = 2;
  });
