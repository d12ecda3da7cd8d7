/** Figures belong to a commit. Figures of a changed tree could not be measured again. */
import { execFileSync } from 'node:child_process';

/** The file that is written; its present content changes no figure. */
const written = 'bench/RESULTS.md';

/** The uncommitted changes of a git tree, as git lists them; none outside of a git tree. */
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
 * Why RESULTS.md is not written from a tree with these changes, and what to do; null where it may
 * be written.
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
