// Adds to package-lock.json the platform packages that npm left out of it.
//
// npm writes an entry for an optional package only where it can see that package at the time, and a
// registry mirror may lack the builds of platforms that its users do not have. `npm ci` then
// refuses the lockfile everywhere. An entry needs only a version and the platform, and the
// package's name tells the platform. Run after a change of dependencies:
//   node bin/complete-lockfile.js
'use strict';
require('./node-version.js');
const fs = require('node:fs');
const path = require('node:path');

const file = path.join(path.dirname(__dirname), 'package-lock.json');
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
const added = [];

for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const folder = `node_modules/${name}`;
    if (lock.packages[folder] !== undefined) continue;
    const { cpu, libc, os } = platformOf(name);
    lock.packages[folder] = { version, cpu, ...(entry.dev && { dev: true }), ...libc, optional: true, os };
    added.push(name);
  }
}

// npm's own order, so that its next run leaves the file as it is.
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')));
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'package-lock.json is complete.' : `added ${added.join(', ')}`);

/** `@oxlint/binding-linux-arm64-musl` is for Linux on arm64 with musl. */
function platformOf(name) {
  const [system, machine, abi = ''] = path
    .basename(name)
    .replace(/^binding-/, '')
    .split('-');
  const libc = { gnu: 'glibc', musl: 'musl' }[abi];
  return { cpu: [machine], libc: libc !== undefined && { libc: [libc] }, os: [system] };
}
