/** Tidiness is a test: each rule holds for this repository, and each can fail. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { outdated } from './support/generated.ts';
import { shortProse } from './support/prose.ts';
import { requireProgram } from './support/requires.ts';
import { importsOf, root, trackedFiles } from './support/sources.ts';
import * as tidy from './support/tidy.ts';

/** A rule, the sentence it stands for, a file that breaks it, and one beside it that does not. */
type Case = readonly [
  rule: tidy.Rule,
  sentence: string,
  bad: readonly [string, string][],
  good: readonly [string, string][],
];

const word = (...parts: string[]): string => parts.join('');

const markersOf = (name: string): string =>
  `<!-- ${name}: made of test/support/rooms.ts -->\n\n<!-- end of ${name} -->\n`;
const madeFrom = (path: string, text: string): string => outdated([{ path, text }])[0]?.text ?? '';
const tablesAsTold = {
  'ARCHITECTURE.md': madeFrom('ARCHITECTURE.md', markersOf('rooms')),
  'src/engine/DESIGN.md': madeFrom('src/engine/DESIGN.md', markersOf('layers')),
};

const words = (columns: number): string => 'word '.repeat(40).slice(0, columns);

const cases: readonly Case[] = [
  [
    tidy.engineInLayers,
    'the engine is made of layers, and none imports from one above it',
    [
      ['src/engine/base/a.ts', "import { x } from '../tables/sales.ts';"],
      ['src/engine/tables/a.ts', "import type { X } from '../state.ts';"],
      ['src/engine/state.ts', "import { x } from './rules/best.ts';"],
      ['src/engine/rules/a.ts', "import type { X } from '../engine.ts';"],
      ['src/engine/elsewhere.ts', ''],
    ],
    [
      ['src/engine/rules/a.ts', "import { x } from './b.ts';\nimport type { Y } from '../state.ts';"],
      ['src/engine/tables/a.ts', "import { x } from '../base/columns.ts';\nimport type { Y } from '../command.ts';"],
    ],
  ],
  [
    tidy.importDirections,
    'imports point the way the rooms allow',
    [
      ['src/engine/a.ts', "import { x } from '../log/log.ts';"],
      ['src/engine/a.ts', "import type { x } from '../node/node.ts';"],
      ['src/engine/a.ts', "import { readFileSync } from 'node:fs';"],
      ['src/log/file/a.ts', "import {\n  x,\n} from '../../node/node.ts';"],
      ['src/log/a.ts', "import pino from 'pino';"],
      ['src/log/a.ts', "import type { X } from '../engine/command.ts';"],
      ['src/store/a.ts', "import { x } from '../http/listener.ts';"],
      ['src/node/a.ts', "import { x } from '../store/open.ts';"],
      ['src/node/a.ts', "const x = await import('../http/server.ts');"],
      ['src/http/a.ts', "import { x } from '../engine/state.ts';"],
      ['src/http/a.ts', "import type { X } from '../engine/state.ts';"],
      ['src/http/a.ts', "import { type X, y } from '../log/log.ts';"],
      ['src/doors/v1/a.ts', "import { type X, y } from '../../node/node.ts';"],
      ['src/doors/v1/a.ts', "import { x } from '../../engine/rules/stock.ts';"],
      ['src/doors/v1/a.ts', "import { x } from '../../engine/snapshot.ts';"],
      ['src/doors/v1/a.ts', "import type { X } from '../../log/log.ts';"],
      ['src/node/a.ts', "import type { X } from '../log/file/reader.ts';"],
      ['src/replica/a.ts', "import { x } from '../log/log.ts';"],
      ['bench/a.ts', "import { x } from '../src/engine/engine.ts';"],
      ['src/doors/v1/a.ts', "import { x } from '../../cli/serve.ts';"],
      ['src/replica/a.ts', "import { x } from '../node/node.ts';"],
      ['src/followers/a.ts', "export { x } from '../http/server.ts';"],
      ['src/followers/a.ts', "import { x } from '../node/node.ts';"],
      ['src/followers/a.ts', "import type { X } from '../log/file/reader.ts';"],
      ['src/doors/v1/a.ts', "import { x } from '../../proof/load/client.ts';"],
      ['src/proof/bench/a.ts', "import { x } from '../../cli/serve.ts';"],
      ['src/engine/a.ts', "import { reasonOf } from '../reason.ts';"],
      ['src/log/a.ts', "import { reasonOf } from '../reason.ts';"],
      ['src/reason.ts', "import { x } from './store/open.ts';"],
      ['src/elsewhere/a.ts', "import '../engine/state.ts';"],
      ['src/http/a.ts', "import { x } from '../../test/support/x.ts';"],
      ['src/engine/a.ts', "import { x } from '../../sdk/src/money.ts';"],
      ['src/doors/v1/a.ts', "import { x } from '../../../sdk/src/client.ts';"],
      ['src/doors/v1/a.ts', "import { x } from '../../../sdk/src/index.ts';"],
      ['src/cli/a.ts', "import { x } from '../../sdk/src/client.ts';"],
      ['sdk/client.ts', "import type { X } from '../src/engine/state.ts';"],
      ['sdk/client.ts', "import x from 'undici';"],
      ['web/src/a.ts', "import type { X } from '../../src/engine/state.ts';"],
      ['web/src/a.ts', "import { x } from '../../sdk/src/transport.ts';"],
    ],
    [
      [
        'src/engine/a.ts',
        "import { x } from './b.ts';\n// import '../log/log.ts';\nconst s = `import '../node/x.ts'`;",
      ],
      ['src/log/file/a.ts', "import type { X } from '../log.ts';\nimport fs from 'node:fs';"],
      [
        'src/doors/v1/a.ts',
        "import type { X } from '../../engine/engine.ts';\nimport { outcomes } from '../../engine/outcomes.ts';",
      ],
      ['src/doors/v1/a.ts', "import { x } from '../../engine/tables/sales.ts';"],
      ['src/doors/v1/a.ts', "import { x } from '../../http/server.ts';\nimport type { Y } from '../../node/node.ts';"],
      ['bench/a.ts', "import { x } from '../src/proof/bench/report.ts';\nimport { y } from './targets.ts';"],
      ['src/doors/v1/a.ts', "import { x } from '../../../sdk/src/money.ts';"],
      ['src/store/a.ts', "import { x } from '../log/file/file-log.ts';\nimport { y } from '../node/node.ts';"],
      ['src/followers/snapshots/a.ts', "import { x } from '../../store/snapshot-files.ts';"],
      ['src/proof/bench/a.ts', "import { x } from '../../store/open.ts';\nimport { y } from '../load/client.ts';"],
      ['src/cli/bench.ts', "import { x } from '../proof/bench/rush.ts';"],
      ['src/store/a.ts', "import { reasonOf } from '../reason.ts';"],
      ['src/cli/main.ts', "import { x } from '../doors/v1/a.ts';\nconst y = await import('../engine/state.ts');"],
      ['src/cli/import/a.ts', "import { x } from '../../../sdk/src/index.ts';"],
      ['sdk/client.test.ts', "import test from 'node:test';"],
      [
        'web/src/a.tsx',
        "import { x } from '../../sdk/src/index.ts';\nimport { y } from './b.ts';\nimport z from 'react';",
      ],
    ],
  ],
  [
    tidy.roomsAsTold,
    'the documents tell of the rooms and layers that are enforced',
    [
      ['ARCHITECTURE.md', '# Architecture\n'],
      ['ARCHITECTURE.md', tablesAsTold['ARCHITECTURE.md'].replace('| `src/log/` |', '| `src/logs/` |')],
      ['src/engine/DESIGN.md', tablesAsTold['src/engine/DESIGN.md'].replace('All tables together.', 'All of it.')],
    ],
    [
      ['ARCHITECTURE.md', `above\n${tablesAsTold['ARCHITECTURE.md']}below\n`],
      ['src/engine/DESIGN.md', tablesAsTold['src/engine/DESIGN.md']],
    ],
  ],
  [
    tidy.pureEngine,
    'the engine is pure',
    [
      'Date.now()',
      'new Date()',
      'Math.random()',
      'performance.now()',
      'process.env.X',
      'async function f() {}',
      'await x',
      'setTimeout(f, 1)',
      'crypto.randomUUID()',
      'Bun.hash(x)',
      '`${Date.now()}`',
    ].map((code) => ['src/engine/a.ts', code]),
    [
      [
        'src/engine/a.ts',
        "// Date.now() is not for us\nconst s = 'Math.random()'; sale.process(x); type T = { date: number };",
      ],
      ['src/node/a.ts', 'Date.now()'],
    ],
  ],
  [
    tidy.bunOnlyWhereItMay,
    'Bun is named only where the server meets it',
    [
      ['src/engine/a.ts', 'Bun.hash(x)'],
      ['src/log/a.ts', "import { Database } from 'bun:sqlite';"],
      ['src/doors/v1/a.ts', 'const x = Bun.env;'],
      ['src/node/a.ts', "import { serve } from 'bun';"],
    ],
    [
      ['src/http/a.ts', 'Bun.serve({})'],
      ['src/log/a.ts', '// Bun.file is not for us\nconst bundle = 1;'],
    ],
  ],
  [
    tidy.noLeftovers,
    'nothing is left for later',
    [
      ['src/a.ts', `// ${word('FIX', 'ME')} later`],
      ['README.md', word('TO', 'DO')],
      ['src/b.ts', `/* ${word('XX', 'X')} */`],
    ],
    [['src/a.ts', '// todos are fixed at once']],
  ],
  [
    tidy.plainForms,
    'code keeps to plain, erasable, named forms',
    [
      ['src/a.ts', 'export default function f() {}'],
      ['src/a.ts', 'enum Color { Red }'],
      ['src/a.ts', 'export const enum Color { Red }'],
      ['src/a.ts', 'namespace N { }'],
      ['src/a.ts', 'class A { constructor(private readonly x: number) {} }'],
      ['src/a.ts', "export * from './b.ts';"],
      ['src/a.ts', "export {\n  b,\n} from './b.ts';"],
      ['src/a.ts', "export type { B } from './b.ts';"],
      ['src/a.ts', 'class A {\n  readonly #x = 1;\n}'],
      ['src/a.ts', 'class A {\n  #f(): void {}\n}'],
      ['src/a.ts', 'const f = (a: A): boolean => a.#x;'],
      ['src/http/index.ts', 'export const x = 1;'],
      ['web/src/a.tsx', 'export default function A() {}'],
    ],
    [
      [
        'src/a.ts',
        "export const from = 'enum A { }'; const o = { enum: 1, default: 2 }; class A { constructor(x: readonly number[]) {} }",
      ],
      ['src/a.ts', "export function f() {}\nconst x = 1; // from 'x'\nimport { y } from './y.ts';"],
      ['src/a.ts', "// no #x\nconst color = '#fff'; class A { private x = 1; }"],
      ['sdk/index.ts', "export { b } from './b.ts';"],
      ['web/vite.config.ts', 'export default defineConfig({});'],
    ],
  ],
  [
    tidy.shortFiles,
    'files stay short',
    [['src/a.ts', 'x;\n'.repeat(501)]],
    [
      ['src/a.ts', 'x;\n'.repeat(500)],
      ['README.md', 'x\n'.repeat(900)],
    ],
  ],
  [
    tidy.noMachinePaths,
    'no file names a machine',
    [
      ['src/a.ts', `const x = '${word('/wo', 'rk/main')}';`],
      ['a.md', `see ${word('/ro', 'ot/x')}`],
      ['a.md', word('/ho', 'me/ann/x')],
      ['a.json', `"${word('https://regi', 'stry.example.org/x')}"`],
    ],
    [['a.md', 'framework/x ./work/x https://example.org/home/x /some/folder']],
  ],
  [
    tidy.cleanLockfiles,
    'lockfiles are complete and name no source',
    [
      ['package-lock.json', '{"packages":{"node_modules/a":{"resolved":"x"}}}'],
      ['bench/package-lock.json', '{"packages":{"node_modules/a":{"resolved":"x"}}}'],
      ['package-lock.json', '{"packages":{"node_modules/a":{"optionalDependencies":{"b":"1"}}}}'],
    ],
    [['package-lock.json', '{"packages":{"node_modules/a":{"optionalDependencies":{"b":"1"}},"node_modules/b":{}}}']],
  ],
  [
    tidy.addressesAreNoPaths,
    'addresses of files are not taken for paths',
    [
      ['src/a.ts', "export const folder = new URL('../../', import.meta.url).pathname;"],
      ['bin/a.js', "const here = new URL(\n  './x',\n  import.meta.url,\n)\n  .pathname;".replace(',\n)', '\n)')],
      ['test/a.ts', "const at = new URL('./x', import.meta.url);\nread(at.pathname);"],
      ['test/a.ts', "const { pathname } = new URL('./x', import.meta.url);"],
      ['bench/a.ts', 'const file = pathToFileURL(join(folder, name)).pathname;'],
      ['src/a.ts', "const file = import.meta.url.replace('file://', '');"],
      ['src/a.ts', 'const folder = path.dirname(import.meta.url);'],
      ['test/a.ts', word('const address = `fi', 'le://${folder}/x`;')],
      ['test/a.ts', word("const address = 'fi", "le://' + folder;")],
    ],
    [
      ['src/a.ts', "const file = fileURLToPath(new URL('./x', import.meta.url));"],
      ['src/a.ts', "const page = new URL('./x', import.meta.url);\nconst { pathname } = new URL(request.url);"],
      ['src/a.ts', "// new URL('./x', import.meta.url).pathname\nconst at = call.url.pathname;"],
      ['test/a.ts', "refused('file://');"],
    ],
  ],
  [
    tidy.moneyInOnePlace,
    'one place knows the digits of money',
    [
      ['web/src/a.ts', "const shown = new Intl.NumberFormat('en', { style: 'currency', currency });"],
      ['src/cli/a.ts', 'const digits = format.resolvedOptions().maximumFractionDigits;'],
    ],
    [
      ['sdk/src/money.ts', 'const options = { minimumFractionDigits: 2 };'],
      ['web/src/a.ts', "// style: 'currency'\nconst whole = new Intl.NumberFormat();"],
    ],
  ],
  [
    tidy.linksResolve,
    'links in documents lead somewhere',
    [
      ['docs/a.md', '[b](b.md)'],
      ['docs/a.md', '# Top\n\n[self](a.md#x)'],
      ['docs/a.md', '# Top\n\n[below](#below)'],
    ],
    [
      [
        'docs/a.md',
        "# Top\n\n## It's `x`, here\n\n[self](a.md#its-x-here) [site](https://example.org) [top](#top) [dir](../docs/) `[x](y.md)`",
      ],
    ],
  ],
  [
    tidy.programsOfCi,
    'CI sees to every program that a test needs',
    [['test/a.test.ts', "test('x', requireProgram('curl'), () => {});"]],
    [['test/a.test.ts', "// requireProgram('curl')"]],
  ],
  [tidy.noDeadFiles, 'no file is dead', [['src/engine/dead.ts', 'export const x = 1;']], [['src/cli/main.ts', '']]],
  [
    shortProse,
    'prose has at most 100 columns',
    [
      ['src/a.ts', `// ${words(98)}`],
      ['src/a.ts', `/** ${words(98)} */`],
      ['src/a.ts', `/**\n * ${words(98)}\n */`],
      ['src/a.ts', `  const x = 1; // ${words(90)}`],
      ['src/a.ts', `const x = 'it'; /* ${words(90)} */ f(x);`],
      ['src/a.ts', `/**\n * - ${words(40)}\n *     ${words(98)}\n */`],
      ['src/a.ts', `const url = \`http://\${host}/x\`; // ${words(70)}`],
      ['web/src/a.tsx', `<p>{/* ${words(98)} */}</p>`],
      ['web/src/a.css', `/* ${words(98)} */`],
      ['bin/a.js', `#!/usr/bin/env node\n// ${words(98)}`],
      ['docs/a.md', words(101)],
      ['docs/a.md', `- ${words(40)}\n    ${words(98)}`],
      ['docs/a.md', `> ${words(99)}`],
      ['docs/a.md', `\`\`\`\ncode\n\`\`\`\n${words(101)}`],
    ],
    [
      ['src/a.ts', `// ${words(97)}`],
      ['src/a.ts', `const long = '${words(110)}';`],
      ['src/a.ts', `const long = '// ${words(110)}';`],
      ['src/a.ts', `const long = \`/* ${words(110)}\n */\`;`],
      ['src/a.ts', `const long = /\\/\\/ ${words(110)}/;`],
      ['src/a.ts', `// https://example.org/${'x'.repeat(100)}`],
      ['src/a.ts', `// oxlint-disable-next-line no-x -- ${words(90)}`],
      ['src/a.ts', `/**\n * | ${words(98)} |\n */`],
      ['src/a.ts', `/**\n * It:\n *\n *     ${words(98)}\n */`],
      ['web/src/a.css', `a { content: '${words(110)}'; }`],
      ['docs/a.md', words(100)],
      ['docs/a.md', `| ${words(110)} |`],
      ['docs/a.md', `## ${words(110)}`],
      ['docs/a.md', `[a]: https://example.org/x "${words(110)}"`],
      ['docs/a.md', `\`\`\`\n${words(110)}\n\`\`\``],
      ['docs/a.md', `So:\n\n    ${words(110)}`],
      ['docs/a.md', `- [${words(60)}](${'x'.repeat(60)})`],
      ['package.json', words(110)],
      ['bench/RESULTS.md', words(110)],
    ],
  ],
];

describe('this repository', requireProgram('git'), () => {
  for (const { path, text } of process.env['HOLDFAST_REWRITE'] === '1' ? outdated(trackedFiles()) : []) {
    if (text === undefined) continue;
    fs.writeFileSync(join(root, path), text);
    console.log(`${path} was written anew`);
  }
  const files = trackedFiles();
  for (const [rule, sentence] of cases) test(sentence, () => assert.deepEqual(rule(files), []));

  test('has no circle of files', () => assert.deepEqual(tidy.noCircles(files), []));

  test('has the names that its documents lead to', () => assert.deepEqual(tidy.namesResolve(files), []));

  test('allows no arrow between rooms that nothing needs', () => assert.deepEqual(tidy.noIdleArrows(files), []));

  test('what is made here is not committed: pages that were built, pictures that tests took, a store', () => {
    const made = ['artifacts/e2e/shop.png', 'dist/web/index.html', 'data/00000000.log', 'node_modules/a/package.json'];
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    assert.deepEqual(
      git('check-ignore', ...made)
        .trim()
        .split('\n'),
      made,
    );
    assert.equal(git('ls-files', 'artifacts', 'dist', 'data', '*.png', '*.jpg', '*.webm'), '');
  });
});

describe('each rule can fail', () => {
  for (const [rule, sentence, bad, good] of cases) {
    test(sentence, () => {
      for (const [path, text] of bad)
        assert.notDeepEqual(rule([{ path, text }]), [], `passes wrongly: ${path}: ${text}`);
      for (const [path, text] of good) assert.deepEqual(rule([{ path, text }]), []);
    });
  }

  test('a file is alive when a worker path or a chain of imports leads to it', () => {
    const files = [
      { path: 'src/cli/main.ts', text: "import { b } from '../node/b.ts';" },
      { path: 'src/node/b.ts', text: "new Worker(new URL('./c.ts', import.meta.url));" },
      { path: 'src/node/c.ts', text: "// './d.ts'" },
      { path: 'src/node/d.ts', text: '' },
    ];
    assert.deepEqual(tidy.noDeadFiles(files), [
      'src/node/d.ts is reached neither from src/cli/main.ts nor from a test',
    ]);
  });

  test('no two files need each other, however long the way around', () => {
    const files = [
      { path: 'src/node/a.ts', text: "import { b } from './b.ts';" },
      { path: 'src/node/b.ts', text: "import type { C } from './c.ts';" },
      { path: 'src/node/c.ts', text: "import { a } from './a.ts';\nimport { d } from './d.ts';" },
      { path: 'src/node/d.ts', text: '' },
    ];
    assert.deepEqual(tidy.noCircles(files), [
      'src/node/a.ts imports src/node/b.ts imports src/node/c.ts imports src/node/a.ts: a circle',
    ]);
    assert.deepEqual(tidy.noCircles(files.slice(1)), []);
  });

  test('an arrow that no import needs is told, by value and as types', () => {
    const told = (text: string): string[] =>
      tidy.noIdleArrows([{ path: 'src/replica/a.ts', text }]).filter((line) => line.startsWith('src/replica/'));
    assert.deepEqual(told("import { x } from '../engine/engine.ts';\nimport type { Y } from '../log/log.ts';"), []);
    assert.deepEqual(told("import type { X } from '../engine/engine.ts';"), [
      'src/replica/ imports no value of src/engine/ any more: narrow test/support/rooms.ts',
      'src/replica/ names no type of src/log/ any more: narrow test/support/rooms.ts',
    ]);
  });

  test('a name that a document leads to is in the file', () => {
    const files = [
      {
        path: 'docs/a.md',
        text: '[b](../src/b.ts) `one`, `two`; [b](../src/b.ts)\n  `three`, [b](../src/b.ts): `four`',
      },
      { path: 'src/b.ts', text: 'const one = 1; // two\n' },
    ];
    assert.deepEqual(tidy.namesResolve(files), [
      'docs/a.md leads to two in ../src/b.ts, which has no such name',
      'docs/a.md leads to three in ../src/b.ts, which has no such name',
    ]);
  });

  test('imports are found in every form, and not in comments or strings', () => {
    const code = `
      import a from 'a';
      import type { B } from "b";
      import {
        c, // import x from 'comment'
      } from 'c';
      import 'd';
      export * from 'e';
      const f = await import('f');
      const text = 'import g from "g"', slash = /'/; // import h from 'h'
      import i from 'i';
    `;
    const names = importsOf(code).map(({ from, typeOnly }) => (typeOnly ? `type ${from}` : from));
    assert.deepEqual(names.toSorted(), ['a', 'c', 'd', 'e', 'f', 'i', 'type b']);
  });
});
