// What every program in bin/ shares: install what the lockfile names when it is missing or stale,
// find the pinned Bun, and become it. Plain JavaScript without dependencies, since it runs before
// anything is installed.
//
// An installation is current when node_modules/.holdfast.json carries the hash of
// package-lock.json. Without that stamp (someone ran npm by hand) the lockfile is compared with
// npm's own list of installed packages, and a good installation is adopted. `holdfast` needs the
// runtime dependencies only; tests, linter and compiler ("tools") come on top, and are kept once
// they are there.
'use strict';
const childProcess = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.dirname(__dirname);
const modules = path.join(root, 'node_modules');
const lockfile = path.join(root, 'package-lock.json');
const stampFile = path.join(modules, '.holdfast.json');
const turnFile = path.join(root, '.install-turn');
const program = path.join(root, 'src', 'cli', 'main.ts');
const parentWatch = path.join(__dirname, 'parent.js');
const platform = `${process.platform}-${process.arch}`;

/**
 * Our own settings for Bun, from any folder: no .env or bunfig.toml of the caller's folder, and no
 * installing.
 */
const bunFlags = ['--no-env-file', '--no-install', `--config=${path.join(root, 'bunfig.toml')}`];
const windows = process.platform === 'win32';

function say(sentence) {
  fs.writeSync(2, `holdfast: ${sentence}\n`);
}

function fail(sentence) {
  say(sentence);
  process.exit(1);
}

/**
 * Makes sure that everything in the lockfile is installed, and returns the Bun to run:
 * `{ file, flags }`. `tools` asks for the development dependencies too. Ends the process with one
 * sentence where that fails.
 */
function ensureInstalled({ tools }) {
  // Bun reads the rest of the path as a query, and finds none of our modules.
  if (root.includes('?')) fail(`a folder's name with "?" in it is not read by Bun: rename ${root}.`);
  const wanted = hashOf(fs.readFileSync(lockfile));
  const current = stampedBun(wanted, tools) ?? adopt(wanted, tools) ?? inTurn(() => install(wanted, tools));
  return { file: current, flags: bunFlags };
}

function hashOf(bytes) {
  return crypto.createHash('sha256').update(bytes).digest('hex');
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The Bun that the stamp names, if the stamp matches this lockfile, this platform and `tools`. */
function stampedBun(wanted, tools) {
  const stamp = readJson(stampFile);
  if (stamp?.lockfile !== wanted || stamp.platform !== platform || (tools && !stamp.tools)) return undefined;
  const file = path.join(modules, stamp.bun);
  return fs.existsSync(file) ? file : undefined;
}

/** Accepts an installation by npm itself, if it is complete and its Bun runs. */
function adopt(wanted, tools) {
  if (!installedAsLocked(tools)) return undefined;
  const { file } = findBun();
  if (file !== undefined) writeStamp(wanted, tools || installedAsLocked(true), file);
  return file;
}

/**
 * Whether node_modules has each package that the lockfile requires here, with the same version and
 * content.
 */
function installedAsLocked(tools) {
  const locked =
    readJson(lockfile)?.packages ?? fail('package-lock.json cannot be read: restore it from the repository.');
  const installed = readJson(path.join(modules, '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  return Object.entries(locked).every(([folder, entry]) => {
    if (folder === '' || (entry.dev && !tools)) return true;
    const there = installed[folder];
    if (there === undefined) return entry.optional === true;
    if (there.version !== entry.version || there.integrity !== entry.integrity) return false;
    return fs.existsSync(path.join(root, folder, 'package.json'));
  });
}

function install(wanted, tools) {
  const since = stampedBun(wanted, tools) ?? adopt(wanted, tools);
  if (since !== undefined) return since; // another process did it while we waited

  if (!builds().some(([, { os: systems, cpu }]) => systems.includes(process.platform) && cpu.includes(process.arch))) {
    fail(whyNoBun([]));
  }
  const all = tools || hasTools();
  const what = all ? 'the program and its development tools' : 'the program';
  say(`installing what package-lock.json names for ${what} (npm ci) …`);
  const startedMs = Date.now();
  // To run, no package needs its install script, so none is run. Only the tests' Node is installed
  // by one.
  const choice = all ? ['--include=dev'] : ['--omit=dev', '--ignore-scripts'];
  npm(['ci', ...choice, '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']);

  const { file, refusals } = findBun();
  if (file === undefined) fail(whyNoBun(refusals));
  writeStamp(wanted, all, file);
  say(`installed in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
  return file;
}

/**
 * Whether the installation to be replaced has the development tools, which the next one then has
 * too.
 */
function hasTools() {
  const installed = readJson(path.join(modules, '.package-lock.json'))?.packages ?? {};
  return Object.values(installed).some((entry) => entry.dev === true);
}

/** Runs npm in the repository, its output on our stderr: stdout belongs to the program. */
function npm(args) {
  const beside = process.env.npm_execpath;
  const viaNode = beside !== undefined && path.basename(beside) === 'npm-cli.js' && fs.existsSync(beside);
  const [file, before] = viaNode ? [process.execPath, [beside]] : ['npm', []];
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: windows && !viaNode };
  const { error, status, signal } = childProcess.spawnSync(file, [...before, ...args], options);
  if (error?.code === 'ENOENT')
    fail('npm was not found on the PATH; it comes with Node, and installs what Holdfast needs.');
  if (error !== undefined) fail(`npm could not be started: ${error.message}`);
  if (status !== 0) fail(`npm ci failed (${signal ?? `exit code ${status}`}); its own words are above.`);
}

function writeStamp(wanted, tools, bun) {
  const stamp = { lockfile: wanted, platform, tools, bun: path.relative(modules, bun) };
  try {
    fs.writeFileSync(stampFile, `${JSON.stringify(stamp)}\n`);
  } catch {
    // A folder that we may not write to (an image, a package): the comparison is repeated at each
    // start.
  }
}

/** Lets one process install at a time. A folder that cannot be written needs no guard. */
function inTurn(work) {
  let told = false;
  for (;;) {
    try {
      fs.writeFileSync(turnFile, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') return work();
    }
    if (!holderLives()) {
      fs.rmSync(turnFile, { force: true });
      continue;
    }
    if (!told) say('waiting for another process that is installing …');
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  const release = () => fs.rmSync(turnFile, { force: true });
  process.on('exit', release);
  const result = work();
  process.off('exit', release);
  release();
  return result;
}

function holderLives() {
  try {
    const pid = Number(fs.readFileSync(turnFile, 'utf8'));
    const ageMs = Date.now() - fs.statSync(turnFile).mtimeMs;
    if (pid === 0) return ageMs < 2000; // made a moment ago, its number not yet written
    // Process ids are reused, most of all in containers. A lock with our own id is stale, and so is
    // one that is an hour old.
    return pid !== process.pid && ageMs < 3_600_000 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * The first Bun in node_modules that answers with the pinned version: where its own install script
 * has moved it, else in the package of the platform. Running each one settles glibc or musl, and
 * AVX2 or not, without guessing.
 */
function findBun() {
  const version = readJson(lockfile).packages['node_modules/bun'].version;
  const refusals = [];
  for (const file of bunCandidates()) {
    const { status, signal, error, stdout } = childProcess.spawnSync(file, ['--version'], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    if (status === 0 && stdout.trim() === version) return { file, refusals };
    const reason = error?.code ?? signal ?? (status === 0 ? `is version ${stdout.trim()}` : `exit code ${status}`);
    refusals.push(`${path.relative(root, file)} (${reason})`);
  }
  return { file: undefined, refusals };
}

function bunCandidates() {
  const system = { win32: 'windows', android: 'linux' }[process.platform] ?? process.platform;
  const machine = { arm64: 'aarch64' }[process.arch] ?? process.arch;
  const scope = path.join(modules, '@oven');
  const name = `bun-${system}-${machine}`;
  const packages = fs.existsSync(scope)
    ? fs.readdirSync(scope).filter((p) => p === name || p.startsWith(`${name}-`))
    : [];
  const own = packages.toSorted().map((p) => path.join(scope, p, 'bin', windows ? 'bun.exe' : 'bun'));
  return [path.join(modules, 'bun', 'bin', 'bun.exe'), ...own].filter(isProgram);
}

/** Until its install script has run, Bun's package holds a short text in place of the program. */
function isProgram(file) {
  return fs.existsSync(file) && fs.statSync(file).size > 1_000_000;
}

/** The lockfile's entries for Bun, one a platform. */
function builds() {
  return Object.entries(readJson(lockfile).packages).filter(([folder]) => folder.startsWith('node_modules/@oven/'));
}

function whyNoBun(refusals) {
  const here = `${os.type()} on ${process.arch}`;
  if (refusals.length > 0) return `no Bun in node_modules runs on this machine (${here}): ${refusals.join(', ')}.`;
  const names = builds().map(([folder]) => path.basename(folder).replace('bun-', ''));
  return `Bun, which runs Holdfast, has no build for this machine (${here}); there are ${names.join(', ')}.`;
}

/** The pinned Node of the tests; undefined where its package has none for this platform. */
function findNode() {
  const home = path.join(modules, 'node');
  const exe = windows ? 'node.exe' : 'node';
  const prefix = platform === 'darwin-arm64' ? 'node-bin' : 'node';
  const own = `${prefix}-${windows ? 'win' : process.platform}-${process.arch}`;
  const places = [home, path.join(home, 'node_modules', own), path.join(modules, own)];
  return places.map((place) => path.join(place, 'bin', exe)).find(isProgram);
}

/**
 * Becomes the given program, with our environment, folder and streams. Where Node cannot replace
 * its own process (before 22.15, and on Windows), it runs as a child instead: signals are passed
 * on, and its end is ours.
 */
function exec({ file, flags }, args) {
  const isBun = flags === bunFlags;
  const underNpm = process.env.npm_lifecycle_event !== undefined;
  if (typeof process.execve === 'function' && !windows) {
    const preload = isBun && underNpm ? [`--preload=${parentWatch}`] : [];
    process.execve(file, [file, ...flags, ...preload, ...args], process.env);
  }
  if (underNpm) require(parentWatch);
  // A launcher that is killed with SIGKILL cannot pass that on. Bun watches for it, so no server is
  // left behind.
  const child = childProcess.spawn(file, [...(isBun ? ['--no-orphans'] : []), ...flags, ...args], { stdio: 'inherit' });
  // At a terminal Ctrl-C reaches the child directly. Passing it on would make a second one, which
  // means "stop at once".
  const terminal = [0, 1, 2].some((descriptor) => require('node:tty').isatty(descriptor));
  process.on('SIGINT', () => terminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => fail(`${file} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
}

module.exports = { bunFlags, ensureInstalled, exec, fail, findNode, program, root, say };
