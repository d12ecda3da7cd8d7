// Runs all tests on the pinned Bun, and those of the rooms that also run embedded in Node on the
// pinned Node too. The last line is the sum.
//
//   npm test                          all but the long ones (`*.long.test.ts`): a line a file, and
//                                     what failed
//   npm run test:long                 the long ones alone; `--all` takes both
//   npm test -- PATH… [-t PATTERN]    files, folders, or parts of a file's path, long or not; tests
//                                     by name; all that is printed
'use strict';
require('./node-version.js');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const launcher = require('./launcher.js');
const { Progress } = require('./test-progress.js');
const { endAll, onBun, onNode } = require('./test-runners.js');

/** Where tests are; `bench/` measures, and has none. */
const testRoots = ['test', 'sdk'];
/** Must work in Node too, since it is published for embedding. */
const alsoOnNode = ['test/engine/', 'test/log/', 'test/sdk/', 'sdk/'];

const { only, named, length } = readArguments(process.argv.slice(2));

/**
 * Splits the arguments into the paths to select, the pattern of test names, and how long a test may
 * be.
 */
function readArguments(args) {
  const rest = args.map((arg) => arg.replace(/^\.\//, ''));
  const at = rest.findIndex((arg) => arg === '-t' || arg === '--test-name-pattern');
  const [, pattern] = at === -1 ? [] : rest.splice(at, 2);
  const lengths = rest.filter((arg) => arg === '--long' || arg === '--all');
  const paths = rest.filter((arg) => !lengths.includes(arg));
  const unknown = paths.find((arg) => arg.startsWith('-'));
  if (unknown !== undefined || lengths.length > 1 || (at !== -1 && pattern === undefined)) {
    launcher.fail('usage: npm test [-- [--long | --all] PATH… [-t NAME-PATTERN]]');
  }
  return { only: paths, named: pattern, length: lengths[0]?.slice(2) ?? (paths.length > 0 ? 'all' : 'short') };
}

function selectedFiles() {
  const files = testRoots.flatMap((folder) => {
    const under = path.join(launcher.root, folder);
    if (!fs.existsSync(under)) return [];
    const names = fs
      .readdirSync(under, { recursive: true })
      .map((name) => `${folder}/${name.split(path.sep).join('/')}`);
    return names.filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules/'));
  });
  return files
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)))
    .filter((file) => length === 'all' || file.endsWith('.long.test.ts') === (length === 'long'))
    .toSorted((a, b) => a.localeCompare(b));
}

/**
 * The Node for the second run: the pinned one, else the one we run on, where that can read
 * TypeScript.
 */
function nodeForTests() {
  const own = Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : undefined;
  return launcher.findNode() ?? own;
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Ends at once at a signal: says what was running, and ends the processes that the tests started.
 */
function stopAtSignals(progress, folder) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => {
      endAll();
      fs.rmSync(folder, { recursive: true, force: true });
      launcher.say(`ended by ${signal}${progress === null ? '' : `: ${progress.whereabouts()}`}.`);
      process.exit(128 + os.constants.signals[signal]);
    });
}

async function main() {
  const bun = launcher.ensureInstalled({ tools: true });
  const files = selectedFiles();
  if (files.length === 0) launcher.fail(`no test file matches ${only.join(', ') || 'test/**/*.test.ts'}.`);

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-test-'));
  const notRunFile = path.join(folder, 'not-run.txt');
  const env = { HOLDFAST_NOT_RUN: notRunFile };
  const forNode = files.filter((file) => alsoOnNode.some((start) => file.startsWith(start)));
  const node = nodeForTests();
  const isQuiet = only.length === 0 && named === undefined;
  const count = files.length + (node === undefined ? 0 : forNode.length);
  const progress = isQuiet ? new Progress(count) : null;
  stopAtSignals(progress, folder);

  const more = { named, folder, env, progress };
  const runs = [() => onBun({ bun, files, ...more })];
  if (forNode.length > 0 && node !== undefined) runs.push(() => onNode({ node, files: forNode, ...more }));
  const results = [];
  // With full output the runners go one after the other. Otherwise they run side by side, since the
  // engine's tests leave a core to the servers of the others.
  if (progress !== null) results.push(...(await Promise.all(runs.map((run) => run()))));
  else {
    for (const [i, run] of runs.entries()) {
      if (i > 0) console.log('\nThe same on Node:');
      results.push(await run());
    }
  }
  progress?.stop();
  if (forNode.length > 0 && node === undefined) {
    fs.appendFileSync(
      notRunFile,
      `${forNode.length} files on Node: there is no Node 24 for ${os.type()} on ${process.arch}\n`,
    );
    if (process.env.CI) results.push({ runner: 'Node', passed: 0, failed: 1, skipped: 0 });
  }

  console.log('');
  for (const result of results) console.log(`on ${result.runner}: ${summary(result)}`);
  const notRun = fs.existsSync(notRunFile) ? fs.readFileSync(notRunFile, 'utf8') : '';
  for (const line of new Set(notRun.split('\n').filter(Boolean))) console.log(`NOT RUN: ${line}`);
  fs.rmSync(folder, { recursive: true });

  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  const ran = total.passed + total.failed > 0;
  if (!ran) console.log('no test ran');
  console.log(summary(total));
  process.exitCode = ran && total.failed === 0 ? 0 : 1;
}

void main();
