/** Reads this repository's own files, for the tests that check its tidiness. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file of the repository: its path from the root with forward slashes, and its text. */
export type Source = { readonly path: string; readonly text: string };

/** One `import` or `export … from`: what it names, and whether only types come of it. */
export type Import = { readonly from: string; readonly typeOnly: boolean };

/**
 * All files that are tracked or would be: those that git knows, and new ones that it does not
 * ignore. Without binary files.
 */
export function trackedFiles(): Source[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const paths = listed.toString().split('\0');
  return paths
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}

/**
 * The code with its comments blanked, line breaks kept; with `strings`, quoted text is blanked too.
 * A slash begins a regular expression where a value may begin: this needs no more of the grammar.
 */
export function blank(code: string, strings: boolean): string {
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=(?:^|[=(,:[!&|?{};\n]|\breturn)\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
  return code.replace(token, (found) => {
    const comment = found.startsWith('//') || found.startsWith('/*');
    if (comment) return found.replace(/[^\n]/g, ' ');
    if (!strings) return found;
    return found.startsWith('`')
      ? blankTemplate(found)
      : found.slice(0, 1) + found.slice(1, -1).replace(/[^\n]/g, ' ') + found.slice(-1);
  });
}

/** Blanks a template's text but keeps the code in its simple `${…}` parts. */
function blankTemplate(template: string): string {
  const parts = template.split(/(\$\{[^{}]*\})/);
  return parts.map((part, i) => (i % 2 === 1 ? part : part.replace(/[^\n`]/g, ' '))).join('');
}

/** All that a source imports, re-exports or loads by `import()`. */
export function importsOf(code: string): Import[] {
  const bare = blank(code, false);
  const found: Import[] = [];
  const statement = /^[ \t]*(?:import|export)\b(\s+type\b)?(?:[^'";=()]*?\bfrom\b)?\s*['"]([^'"\n]+)['"]/gm;
  for (const [, type, from] of bare.matchAll(statement)) {
    if (from !== undefined) found.push({ from, typeOnly: type !== undefined });
  }
  for (const [, from] of bare.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g)) {
    if (from !== undefined) found.push({ from, typeOnly: false });
  }
  return found;
}

/**
 * Every relative path to a TypeScript file that a source names in quotes: its imports, and the
 * workers it starts.
 */
export function filesNamedIn(code: string): string[] {
  return [...blank(code, false).matchAll(/['"](\.{1,2}\/[^'"\n]+\.ts)['"]/g)].map(([, path]) => path ?? '');
}
