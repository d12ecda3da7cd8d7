// A reporter of Node's test runner: a line of JSON for the beginning and the end of each file, and
// for each failure.
'use strict';
const path = require('node:path');
const { inspect } = require('node:util');

module.exports = async function* report(events) {
  /** What the tests of each file printed. */
  const printed = new Map();
  for await (const { type, data } of events) {
    // It is relative in events of output, and absolute in results.
    const file = data.file === undefined ? undefined : path.resolve(data.file);
    if (type === 'test:start' && data.nesting === 0) yield line({ begun: file });
    if (type === 'test:stderr') printed.set(file, (printed.get(file) ?? '') + data.message);
    if (type === 'test:summary' && file !== undefined) yield line({ ended: file, ms: data.duration_ms });
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') {
      const { error, duration_ms: ms } = data.details;
      // A file that does not load says so itself, and has no summary.
      const isFile = path.resolve(data.name) === file;
      const why = isFile ? (printed.get(file) ?? '').trimEnd() : inspect(error.cause ?? error);
      yield line({ failed: data.name, why, ms });
      if (isFile) yield line({ ended: file, ms });
    }
  }
};

function line(told) {
  return `${JSON.stringify(told)}\n`;
}
