/**
 * Figures are those of a commit: what was measured with changes on top of it could be measured
 * again by nobody.
 */
import { execFileSync } from 'node:child_process';

/** The file that is written itself; what it says now changes no figure. */
const written = 'bench/RESULTS.md';

/**
 * What a git tree has that its commit has not, as git lists it; nothing where there is no git tree.
 */
export function uncommitted(folder: string): string[] {
  return status(folder)
    .split('\n')
    .filter((line) => line !== '' && line.slice(3) !== written);
}

function status(folder: string): string {
  try {
    return execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

/**
 * Why RESULTS.md is not written from a tree with such changes, and what to do; null where it may
 * be.
 */
export function whyNotWritten(changes: readonly string[]): string | null {
  if (changes.length === 0) return null;
  const shown = changes.slice(0, 10).map((line) => `  ${line}`);
  const more = changes.length > shown.length ? [`  and ${changes.length - shown.length} more`] : [];
  return [
    `${written} is written from a commit alone, and ${changes.length === 1 ? 'a file is' : `${changes.length} files are`} not committed:`,
    ...shown,
    ...more,
    'Commit or stash them, or print the figures without writing them: npm run bench -- --print',
  ].join('\n');
}
