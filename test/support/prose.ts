/**
 * Prose is read in narrow columns: comments and documents have lines of at most 100. The formatter
 * does not wrap them.
 */
import type { Rule } from './tidy.ts';

const columns = 100;
/** What a program writes, a line a note. */
const written: readonly string[] = ['bench/RESULTS.md'];
/** What a tool reads, in one line. */
const directive = /^(?:oxlint-|eslint-|@ts-|#)/;
/** Words that stay together: code and links may hold blanks. */
const oneToken = /^(?:`[^`]*`|\[[^\]]*\]\([^)]*\)|\S)+$/;
const listMark = /^(?:[-*+]|\d+\.)\s+/;

/** A line of prose: its text, its number from 1, and how wide the line is up to the text's end. */
interface ProseLine {
  readonly text: string;
  readonly line: number;
  readonly width: number;
}

/** Characters; those beyond 16 bits are one, too. */
const widthOf = (text: string): number => Array.from(text).length;

export const shortProse: Rule = (files) =>
  files.flatMap(({ path, text }) =>
    tooWide(proseOf(path, text)).map(
      ({ line, width }) => `${path}:${line} has ${width} columns of prose: ${columns} are enough`,
    ),
  );

function proseOf(path: string, text: string): ProseLine[] {
  if (written.includes(path)) return [];
  if (path.endsWith('.md')) {
    return text.split('\n').map((line, i) => ({ text: line, line: i + 1, width: widthOf(line) }));
  }
  if (/\.(?:ts|tsx|js)$/.test(path)) return commentsOf(text, codeToken);
  return path.endsWith('.css') ? commentsOf(text, cssToken) : [];
}

/**
 * Comments, and what may look like one inside: strings, templates, regular expressions. `://`
 * begins no comment.
 */
const codeToken =
  /(?<!:)\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=(?:^|[=(,:[!&|?{};\n]|\breturn)\s*)\/(?:[^/\\\n[*]|\\.|\[(?:[^\]\\\n]|\\.)*\])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])*\/[a-z]*/g;
const cssToken = /\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g;

function commentsOf(code: string, token: RegExp): ProseLine[] {
  const found: ProseLine[] = [];
  for (const { 0: comment, index } of code.matchAll(token)) {
    if (!comment.startsWith('//') && !comment.startsWith('/*')) continue;
    const from = code.lastIndexOf('\n', index - 1) + 1;
    const first = code.slice(0, index).split('\n').length;
    const lines = (code.slice(from, index) + comment).split('\n');
    for (const [i, line] of lines.entries()) {
      const text = (i === 0 ? comment.split('\n', 1)[0]! : line).replace(/\s*\*\/$/, '');
      found.push({ text: text.replace(/^\s*(?:\/\/|\/\*\*?|\*) ?/, ''), line: first + i, width: widthOf(line) });
    }
    // What stands behind it is another text.
    found.push({ text: '', line: 0, width: 0 });
  }
  return found;
}

/** The lines that are too wide, of those that can be broken. */
function tooWide(lines: readonly ProseLine[]): ProseLine[] {
  let isFenced = false;
  let isItem = false;
  return lines.filter(({ text, width }) => {
    const bare = text.trim();
    const isListed = listMark.test(bare);
    if (bare === '') isItem = false;
    if (isListed) isItem = true;
    if (bare.startsWith('```')) {
      isFenced = !isFenced;
      return false;
    }
    if (width <= columns || isFenced) return false;
    const isTable = bare.startsWith('|');
    const isHeading = /^#+ /.test(bare);
    const isDefinition = /^\[[^\]]+\]: /.test(bare);
    const isMarkup = bare.startsWith('<');
    const isIndentedCode = /^(?: {4}|\t)/.test(text) && !isItem;
    if (isTable || isHeading || isDefinition || isMarkup || isIndentedCode || directive.test(bare)) return false;
    return !oneToken.test(bare.replace(listMark, ''));
  });
}
