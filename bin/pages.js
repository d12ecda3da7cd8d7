// Builds the pages of web/ into dist/web when they are missing or stale, and makes the compressed
// forms of each file. Also a program of its own: `node bin/pages.js` builds when needed, and checks
// what it has.
//
// Content decides what is stale: the stamp in the folder carries a hash of web/, sdk/src and
// package-lock.json. A build goes into a new folder, which replaces the old one at the end. So a
// reader never sees half a build.
'use strict';
const childProcess = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const launcher = require('./launcher.js');

const { root } = launcher;
const source = path.join(root, 'web');
const target = path.join(root, 'dist', 'web');
const stampName = '.stamp.json';
const compressible = /\.(html|js|css|svg|txt|json)$/;
/**
 * The maximum of script and style that a first visit loads, compressed, bytes, without the font.
 */
const budgetBytes = 120_000;

/**
 * A path of the repository that vite can build from: vite reads `#` as the end of an address. A
 * path with special characters is reached through a link, which `remove` takes away.
 */
function plainRoot() {
  const asItIs = { folder: root, remove() {} };
  if (/^[\w\\/:.+@-]*$/.test(root)) return asItIs;
  const beside = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-pages-'));
  const remove = () => fs.rmSync(beside, { recursive: true, force: true });
  const folder = path.join(beside, 'root');
  try {
    fs.symlinkSync(root, folder, 'junction');
  } catch {
    remove();
    return asItIs; // no links here: vite may still manage, and says so when it does not
  }
  return { folder, remove };
}

function filesUnder(folder) {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((found) => found.isFile());
  return names
    .map((found) => path.join(found.parentPath ?? found.path, found.name))
    .filter((file) => !file.split(path.sep).includes('node_modules'))
    .toSorted();
}

function hashOfSources() {
  const hash = crypto.createHash('sha256');
  const shared = ['package-lock.json', 'tsconfig.json'].map((name) => path.join(root, name));
  const files = [...filesUnder(source), ...filesUnder(path.join(root, 'sdk', 'src')), ...shared, __filename];
  for (const file of files.filter((name) => fs.existsSync(name) && !name.endsWith('.md'))) {
    const bytes = fs.readFileSync(file);
    hash.update(`${path.relative(root, file).split(path.sep).join('/')}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function stampedHash() {
  try {
    return JSON.parse(fs.readFileSync(path.join(target, stampName), 'utf8')).sources;
  } catch {
    return undefined;
  }
}

/**
 * Makes sure that the pages are built from the present sources. Returns a sentence that says why
 * not, or undefined. Never ends the process.
 */
function ensurePages(bun) {
  // A copy without the pages' sources has nothing to build.
  if (!fs.existsSync(path.join(source, 'index.html'))) return undefined;
  const wanted = hashOfSources();
  if (stampedHash() === wanted) return undefined;
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!fs.existsSync(vite)) return 'vite is not installed';
  const startedMs = Date.now();
  launcher.say('building the pages …');
  const made = path.join(root, 'dist', `.web-${process.pid}`);
  const plain = plainRoot();
  try {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const args = [vite, 'build', '--config', path.join(source, 'vite.config.ts'), '--logLevel', 'warn'];
    const env = {
      ...process.env,
      NODE_ENV: 'production',
      HOLDFAST_PAGES_OUT: made,
      HOLDFAST_PAGES_FROM: path.join(plain.folder, 'web'),
    };
    const { status, error } = childProcess.spawnSync(bun.file, [...bun.flags, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 2, 2],
    });
    if (error !== undefined) return error.message;
    if (status !== 0) return `vite ended with exit code ${status}; its own words are above`;
    compress(made);
    fs.writeFileSync(path.join(made, stampName), `${JSON.stringify({ sources: wanted })}\n`);
    takePlace(made);
  } catch (error) {
    return error.message;
  } finally {
    plain.remove();
    fs.rmSync(made, { recursive: true, force: true });
  }
  launcher.say(`built the pages in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
  return undefined;
}

function compress(folder) {
  for (const file of filesUnder(folder).filter((name) => compressible.test(name))) {
    const bytes = fs.readFileSync(file);
    const brotli = zlib.brotliCompressSync(bytes, {
      params: { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    const gzip = zlib.gzipSync(bytes, { level: 9 });
    if (brotli.length < bytes.length) fs.writeFileSync(`${file}.br`, brotli);
    if (gzip.length < bytes.length) fs.writeFileSync(`${file}.gz`, gzip);
  }
}

/** If another process put its build there meanwhile, that one stays: both have the same sources. */
function takePlace(made) {
  const old = `${made}-old`;
  if (fs.existsSync(target)) fs.renameSync(target, old);
  try {
    fs.renameSync(made, target);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
  }
  fs.rmSync(old, { recursive: true, force: true });
}

/** Checks a build. Returns one sentence for each rule that it breaks. */
function complaints() {
  const files = filesUnder(target);
  const html = fs.readFileSync(path.join(target, 'index.html'), 'utf8');
  const found = [];
  for (const [, attributes] of html.matchAll(/<script([^>]*)>/g)) {
    if (!/\bsrc="\/assets\//.test(attributes)) found.push('index.html has a script that is not one of its files');
  }
  if (/<style|\sstyle=|\son\w+=/.test(html))
    found.push('index.html has inline style or handlers, which its policy forbids');
  const foreign = files.filter(
    (file) => /\.(html|css)$/.test(file) && /(?:src|href|url)[=(]["']?https?:/.test(fs.readFileSync(file, 'utf8')),
  );
  for (const file of foreign) found.push(`${path.relative(target, file)} loads something from another place`);
  const loaded = files.filter((file) => /\.(js|css|html)\.br$/.test(file));
  const bytes = loaded.reduce((sum, file) => sum + fs.statSync(file).size, 0);
  if (bytes > budgetBytes) found.push(`a first visit loads ${bytes} bytes, more than ${budgetBytes}`);
  console.log(
    `pages: ${files.length} files in dist/web; a first visit loads ${(bytes / 1000).toFixed(0)} kB and a font`,
  );
  return found;
}

if (require.main === module) {
  require('./node-version.js');
  const failure = ensurePages(launcher.ensureInstalled({ tools: false }));
  if (failure !== undefined) launcher.fail(`the pages could not be built: ${failure}.`);
  const found = complaints();
  for (const sentence of found) launcher.say(sentence);
  process.exitCode = found.length === 0 ? 0 : 1;
}

module.exports = { ensurePages, plainRoot };
