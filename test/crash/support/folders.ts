/** What a folder holds, to compare before and after. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Size, time of change and hash of each file, by its path in the folder. */
export function contentOf(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((file) => {
      const { size, mtimeMs } = fs.statSync(file);
      const hash = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
      return [path.relative(folder, file), `${size} bytes, changed ${mtimeMs}, ${hash}`];
    }),
  );
}
