// Runs a tool of this repository, after installing what is missing:
//   node bin/run.js bun ARG…      the pinned Bun
//   node bin/run.js NAME ARG…     a program of node_modules/.bin that is written for Node, such as
//                                 oxlint, oxfmt and tsc
'use strict';
require('./node-version.js');
const fs = require('node:fs');
const path = require('node:path');
const launcher = require('./launcher.js');

const [name, ...args] = process.argv.slice(2);
if (name === undefined) launcher.fail('usage: node bin/run.js bun|oxlint|oxfmt|tsc ARG…');

const bun = launcher.ensureInstalled({ tools: true });
if (name === 'bun') {
  launcher.exec(bun, args);
} else {
  const script = toolScript(name);
  // The linter and the formatter need a newer Node than the launcher. The pinned one suits them on
  // every machine.
  launcher.exec({ file: launcher.findNode() ?? process.execPath, flags: [] }, [script, ...args]);
}

/**
 * The script behind a program's name, read from its package, since the links in .bin are shell
 * scripts on Windows.
 */
function toolScript(tool) {
  const packageName = tool === 'tsc' ? 'typescript' : tool;
  const folder = path.join(launcher.root, 'node_modules', packageName);
  const manifest = path.join(folder, 'package.json');
  if (!fs.existsSync(manifest)) launcher.fail(`there is no tool named ${tool} in node_modules.`);
  const { bin } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[tool]);
}
