/**
 * The rules of tidiness. Each takes files and gives its complaints, one sentence each; none means
 * tidy.
 */
import { posix } from 'node:path';
import { outdated } from './generated.ts';
import { isBelowRules, layerOf, moneyForAll, reasonForAll, roomOf, rooms } from './rooms.ts';
import { blank, filesNamedIn, importsOf } from './sources.ts';
import type { Source } from './sources.ts';

export type Rule = (files: readonly Source[]) => string[];

/** Rooms that take whatever log they are handed, and the backends that they must not name. */
const roomsOverAnyLog: readonly string[] = ['src/replica/', 'src/node/', 'src/followers/'];
const ofOneBackend = /^src\/log\/(?:file|memory)\//;

/** Where the runtime may be named: everything else also has to run on Node, or needs no runtime. */
const roomsOnBun: readonly string[] = ['src/http/', 'src/proof/', 'src/cli/'];

/** Names that would make the engine's outcome depend on anything but its log. */
const impure =
  /(?<![.\w])(?:Date|performance|process|crypto|fetch|console|globalThis|Promise|set(?:Timeout|Interval|Immediate)|queueMicrotask|async|await|Bun|require)(?!\w|\s*:)|\bMath\s*\.\s*random\b/g;

const isCode = (path: string): boolean => /\.(ts|tsx|js)$/.test(path) && !path.endsWith('.d.ts');
const codeIn = (files: readonly Source[], ...folders: string[]): Source[] =>
  files.filter(({ path }) => isCode(path) && folders.some((folder) => path.startsWith(folder)));
const targetOf = (path: string, from: string): string => posix.normalize(posix.join(posix.dirname(path), from));

export const importDirections: Rule = (files) =>
  codeIn(files, 'src/', 'sdk/', 'web/', 'bench/').flatMap(({ path, text }) =>
    importsOf(text).flatMap(({ from, typeOnly }) => {
      const complaint = from.startsWith('.')
        ? relativeImport(path, targetOf(path, from), typeOnly)
        : outsideImport(path, from);
      return complaint === undefined ? [] : [`${path} imports ${from}: ${complaint}`];
    }),
  );

function relativeImport(path: string, target: string, typeOnly: boolean): string | undefined {
  if (path === reasonForAll) return 'it imports nothing';
  const room = roomOf(path);
  const rules = room === undefined ? undefined : rooms[room];
  if (room === undefined || rules === undefined) return `${path} is in no room`;
  if (target.startsWith(room) || rules.files?.includes(target) === true) return undefined;
  if (ofOneBackend.test(target) && roomsOverAnyLog.includes(room)) return `${room} works over any log`;
  if (target === reasonForAll && rules.values.length > 0) return undefined;
  const into = roomOf(target) ?? '';
  if (rules.values.includes(into)) return undefined;
  if (rules.types.includes(into) && typeOnly) return undefined;
  if (rules.reads?.includes(into) === true && isBelowRules(target)) return undefined;
  if (rules.types.includes(into)) return `${room} may only import types from ${target}`;
  return `${room} may import ${[...rules.values, ...rules.types].join(', ') || 'nothing but itself'}`;
}

export const engineInLayers: Rule = (files) =>
  codeIn(files, 'src/engine/').flatMap(({ path, text }) => {
    const layer = layerOf(path);
    if (layer < 0) return [`${path} is in no layer of the engine`];
    return importsOf(text).flatMap(({ from }) => {
      const target = targetOf(path, from);
      if (!target.startsWith('src/engine/') || layerOf(target) <= layer) return [];
      return [`${path} imports ${from}: that is a layer above it`];
    });
  });

/** An arrow that no import needs any more is taken away, and nobody draws it again by mistake. */
export const noIdleArrows: Rule = (files) => {
  const used = new Set(
    codeIn(files, ...Object.keys(rooms)).flatMap(({ path, text }) =>
      importsOf(text).flatMap(({ from, typeOnly }) => {
        if (!from.startsWith('.')) return [];
        const target = targetOf(path, from);
        const arrows = [roomOf(target) ?? '', target].map((into) => `${roomOf(path)} ${into}`);
        return typeOnly ? arrows.map((arrow) => `${arrow} types`) : arrows;
      }),
    ),
  );
  return Object.entries(rooms).flatMap(([room, { values, types, files: single = [] }]) => [
    ...values
      .filter((into) => !used.has(`${room} ${into}`))
      .map((into) => `${room} imports no value of ${into} any more: narrow test/support/rooms.ts`),
    ...types
      .filter((into) => !used.has(`${room} ${into} types`))
      .map((into) => `${room} names no type of ${into} any more: narrow test/support/rooms.ts`),
    ...single
      .filter((file) => !used.has(`${room} ${file}`) && !used.has(`${room} ${file} types`))
      .map((file) => `${room} imports ${file} no more: narrow test/support/rooms.ts`),
  ]);
};

/**
 * Two files that need each other should be one file, or three. Types count: a reader of one has to
 * read the other.
 */
export const noCircles: Rule = (files) => {
  const code = codeIn(files, 'src/', 'sdk/src/', 'web/src/');
  const targets = new Map(
    code.map(({ path, text }) => [
      path,
      importsOf(text).flatMap(({ from }) => (from.startsWith('.') ? [targetOf(path, from)] : [])),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) {
      const circle = way.slice(at);
      found.push(`${[...circle, path].join(' imports ')}: a circle`);
      return;
    }
    if (done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
};

function outsideImport(path: string, from: string): string | undefined {
  const room = roomOf(path);
  if (room === 'src/engine/') return 'the engine imports nothing but itself';
  if (room === 'src/log/' && !from.startsWith('node:')) return 'the log needs nothing but node:';
  if (path.startsWith('sdk/') && !path.endsWith('.test.ts')) return 'the sdk has no dependencies';
  return undefined;
}

export const pureEngine: Rule = (files) =>
  codeIn(files, 'src/engine/').flatMap(({ path, text }) =>
    [...blank(text, true).matchAll(impure)].map(
      ([name]) => `${path} uses ${name}: the engine is a pure function of its log`,
    ),
  );

export const bunOnlyWhereItMay: Rule = (files) =>
  codeIn(files, 'src/', 'sdk/').flatMap(({ path, text }) => {
    if (roomsOnBun.includes(roomOf(path) ?? '')) return [];
    const named =
      /(?<![.\w])Bun\s*\./.test(blank(text, true)) || importsOf(text).some(({ from }) => /^bun(:|$)/.test(from));
    return named ? [`${path} names Bun: only ${roomsOnBun.join(', ')} may`] : [];
  });

export const noLeftovers: Rule = (files) => {
  const marker = new RegExp(`\\b(?:${['FIX', 'XX', 'TO'].map((half, i) => half + ['ME', 'X', 'DO'][i]).join('|')})\\b`);
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, i) => (marker.test(line) ? [`${path}:${i + 1} has a leftover: ${line.trim()}`] : [])),
  );
};

/**
 * Forms that are not erasable, hide a name, or hide where a thing is; and second ways to say one
 * thing.
 */
const forms: readonly (readonly [RegExp, string])[] = [
  [/\bexport\s+default\b/, 'a default export'],
  [/(?<![.\w])enum\s+\w+\s*\{/, 'an enum'],
  [/(?<![.\w])(?:namespace|module)\s+[\w.]+\s*\{/, 'a namespace'],
  [/\bconstructor\s*\((?:[^)]*,)?\s*(?:public|private|protected|readonly)\s+\w/, 'a parameter property'],
  [/^\s*export\b[^;'"=()]*\bfrom\s*['"]/m, 'a re-export'],
  [/(?:\.|^\s*(?:(?:static|readonly|async|get|set)\s+)*)#[A-Za-z_]/m, 'a #member: write private'],
];

/** Vite asks for its settings as a default export. */
const viteSettings = 'web/vite.config.ts';

export const plainForms: Rule = (files) =>
  codeIn(files, 'src/', 'test/', 'bench/', 'sdk/', 'web/').flatMap(({ path, text }) => {
    if (path === viteSettings) return [];
    const entry = ['sdk/index.ts', 'sdk/src/index.ts', 'sdk/src/gate/index.ts'].includes(path);
    const code = blank(text, true);
    const found = forms.filter(([form, name]) => form.test(code) && !(entry && name === 'a re-export'));
    const barrel = !entry && /(^|\/)index\.ts$/.test(path) ? [`${path}: no barrel files`] : [];
    return [...found.map(([, name]) => `${path} has ${name}`), ...barrel];
  });

/** Longer files that have a reason to be. */
const longFiles: Readonly<Record<string, string>> = {};

export const shortFiles: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    return isCode(path) && lines > 500 && longFiles[path] === undefined
      ? [`${path} has ${lines} lines: split it at 500`]
      : [];
  });

export const noMachinePaths: Rule = (files) => {
  // Put together here, so that this file does not name one itself.
  const folders = ['work/', 'root/', 'home/\\w'].map((folder) => `/${folder}`).join('|');
  const machine = new RegExp(`(?<![\\w.-])(?:${folders}|[A-Z]:\\\\Users)|https?:/[^\\s'"]*registry`);
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, i) => (machine.test(line) ? [`${path}:${i + 1} names a machine: ${line.trim()}`] : [])),
  );
};

type Lockfile = { packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }> };

export const cleanLockfiles: Rule = (files) =>
  files
    .filter(({ path }) => posix.basename(path) === 'package-lock.json')
    .flatMap(({ path, text }) => {
      const { packages } = JSON.parse(text) as Lockfile;
      const complaints = Object.entries(packages).flatMap(([folder, { resolved, optionalDependencies = {} }]) => [
        ...(resolved === undefined ? [] : [`${path} says where ${folder} came from`]),
        ...Object.keys(optionalDependencies)
          .filter((name) => path === 'package-lock.json' && packages[`node_modules/${name}`] === undefined)
          .map((name) => `${path} lacks ${name}: run node bin/complete-lockfile.js`),
      ]);
      return complaints;
    });

export const noDeadFiles: Rule = (files) => {
  const code = new Map(codeIn(files, 'src/', 'test/').map((file) => [file.path, file.text]));
  const reached = new Set<string>();
  const open = [...code.keys()].filter((path) => path === 'src/cli/main.ts' || path.endsWith('.test.ts'));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = code.get(path);
    if (text === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const named of filesNamedIn(text)) open.push(targetOf(path, named));
  }
  const dead = [...code.keys()].filter((path) => !reached.has(path));
  return dead.map((path) => `${path} is reached neither from src/cli/main.ts nor from a test`);
};

/** An address where a path is meant: a blank is written `%20` in it, and no file is called so. */
export const addressesAreNoPaths: Rule = (files) =>
  codeIn(files, 'src/', 'bin/', '.ci/', 'test/', 'bench/', 'sdk/', 'web/').flatMap(({ path, text }) => {
    const code = blank(text, true);
    const address =
      /\bnew\s+URL\((?:[^()]|\([^()]*\))*\bimport\.meta\.url\s*\)|\bpathToFileURL\((?:[^()]|\([^()]*\))*\)/;
    const named = [...code.matchAll(new RegExp(`\\b(\\w+)\\s*=\\s*(?:${address.source})`, 'g'))].map(
      ([, name]) => name,
    );
    const holders = [address.source, ...named.map((name) => `(?<![.\\w])${name}`)].join('|');
    const misuses = [
      new RegExp(`(?:${holders})\\s*\\.\\s*pathname\\b`),
      new RegExp(`\\{[^{}]*\\bpathname\\b[^{}]*\\}\\s*=\\s*(?:${holders})`),
      /\bimport\.meta\.url\s*\.\s*(?:slice|substring|substr|replace|replaceAll|split)\b/,
      /\b(?:dirname|join|resolve)\(\s*import\.meta\.url\b/,
    ];
    const built = /['"`]file:\/\/(?:['"]\s*\+|\/?\$\{)/.test(blank(text, false));
    return [
      ...(misuses.some((misuse) => misuse.test(code))
        ? [`${path} takes the address of a file for its path: use fileURLToPath or import.meta.dirname`]
        : []),
      ...(built ? [`${path} puts an address of a file together: use pathToFileURL`] : []),
    ];
  });

/** How many digits a currency has is asked of our table: runtimes differ in what `Intl` shows. */
export const moneyInOnePlace: Rule = (files) =>
  codeIn(files, 'src/', 'bin/', 'sdk/', 'web/').flatMap(({ path, text }) =>
    path !== moneyForAll && /FractionDigits|style:\s*'currency'/.test(blank(text, false))
      ? [`${path} makes digits of money by itself: ${moneyForAll} does it`]
      : [],
  );

export const linksResolve: Rule = (files) => {
  const there = new Set(files.flatMap(({ path }) => [path, ...foldersOf(path)]));
  const headings = new Map(
    files.filter(({ path }) => path.endsWith('.md')).map(({ path, text }) => [path, anchorsOf(text)]),
  );
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [file = '', anchor] = link.split('#');
          const target = file === '' ? path : targetOf(path, file).replace(/\/$/, '');
          return !there.has(target) || (anchor !== undefined && headings.get(target)?.has(anchor) === false);
        })
        .map((link) => `${path} links to ${link}, which is not there`),
    );
};

/** What the headings of a document are called in links. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/**
 * In CI no test is skipped: each program that a test requires is checked for, and installed,
 * before.
 */
export const programsOfCi: Rule = (files) => {
  const ci = files.find(({ path }) => path === '.ci/run')?.text ?? '';
  return codeIn(files, 'test/').flatMap(({ path, text }) =>
    [...blank(text, false).matchAll(/\brequireProgram\('([^']+)'\)/g)]
      .filter(([, name]) => !ci.includes(`command -v ${name} `))
      .map(([, name]) => `${path} needs ${name}, which .ci/run does not see to`),
  );
};

/** What a document says of the rooms is what is enforced. */
export const roomsAsTold: Rule = (files) => outdated(files).map(({ complaint }) => complaint);

/** `[file](file) `name`, `other``: a document that leads to a name in a file says where it is. */
const ledTo = /\]\(([^)\s#]+\.ts)\)((?:,? `\w+`)+)/g;

export const namesResolve: Rule = (files) => {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.replaceAll(/\n\s+/g, ' ').matchAll(ledTo)].flatMap(([, file = '', names = '']) => {
        const code = texts.get(targetOf(path, file));
        return [...names.matchAll(/\w+/g)]
          .filter(([name]) => code !== undefined && !new RegExp(`\\b${name}\\b`).test(blank(code, true)))
          .map(([name]) => `${path} leads to ${name} in ${file}, which has no such name`);
      }),
    );
};
