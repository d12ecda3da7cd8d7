// `npm run dev [-- FLAG…]` runs the store, restarted when a source changes, and beside it the pages
// with hot reload on port 5173, which proxy API requests to the store. The flags are those of
// `serve`. Both end together.
'use strict';
require('./node-version.js');
const childProcess = require('node:child_process');
const path = require('node:path');
const launcher = require('./launcher.js');

// A killed npm passes no signal on, so we end when the parent does.
if (process.env.npm_lifecycle_event !== undefined) require('./parent.js');
const pagesRoot = require('./pages.js').plainRoot();
const bun = launcher.ensureInstalled({ tools: false });
/** How long both may take to end by themselves, ms. */
const graceMs = 1000;
const children = [];
let ending = false;

function start(args, options) {
  const child = childProcess.spawn(bun.file, ['--no-orphans', ...bun.flags, ...args], options);
  children.push(child);
  child.on('error', (error) => launcher.fail(`${bun.file} could not be started: ${error.message}`));
  child.on('exit', (code) => end(code ?? 1));
  return child;
}

function end(code) {
  if (ending) return;
  ending = true;
  process.exitCode = code;
  for (const child of children) child.kill('SIGTERM');
  // Under --watch the runtime stays after its program has ended, and waits for a change.
  setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), graceMs);
}
process.on('exit', () => pagesRoot.remove());

function startPages(url) {
  const vite = path.join(launcher.root, 'node_modules', 'vite', 'bin', 'vite.js');
  start([vite, '--config', path.join(launcher.root, 'web', 'vite.config.ts')], {
    cwd: launcher.root,
    env: { ...process.env, HOLDFAST_URL: url, HOLDFAST_PAGES_FROM: path.join(pagesRoot.folder, 'web') },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const store = start(['--watch', '--no-clear-screen', launcher.program, 'serve', ...process.argv.slice(2)], {
  stdio: ['inherit', 'pipe', 'inherit'],
});
let told = '';
store.stdout.on('data', (bytes) => {
  process.stdout.write(bytes);
  if (told === null) return;
  told += bytes;
  const url = /^holdfast ready (\S+)/m.exec(told)?.[1];
  if (url === undefined) return;
  told = null;
  startPages(url.replace('//0.0.0.0', '//127.0.0.1'));
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
