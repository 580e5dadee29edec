// The reference implementation in JavaScript, measured as we measure ourselves: see Reference.swift for what comes in
// and goes out. The package is Debian's node-graphql.
'use strict';
module.paths.push('/usr/share/nodejs');
const { buildSchema, parse, validate, version } = require('graphql');

/** Operations a second of CPU time, in the best of many short batches. */
function best(seconds, body) {
  const elapsed = (count) => {
    const start = process.cpuUsage();
    for (let index = 0; index < count; index += 1) body();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  let count = 1;
  while (elapsed(count) < 0.02) count *= 2;
  const end = performance.now() + seconds * 1000;
  let fastest = Infinity;
  do fastest = Math.min(fastest, elapsed(count) / count);
  while (performance.now() < end);
  return 1 / fastest;
}

const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const schema = buildSchema(input.schema);
const errors = validate(schema, parse(input.document));
if (errors.length > 0) throw errors[0];
const result = {
  version,
  parse: best(input.seconds, () => parse(input.document)),
  validate: best(input.seconds, () => validate(schema, parse(input.document))),
};
console.log(JSON.stringify(result));
