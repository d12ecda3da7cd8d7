/** The npm scripts of the gates dialect, one after the other, as a user runs them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { withFolder } from '../log/support/folders.ts';
import { root } from '../support/sources.ts';

async function script(name: string, data: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', name], {
    cwd: root,
    env: {
      ...process.env,
      HOLDFAST_DATA: data,
      HOLDFAST_OPERATOR_KEY: '',
      DATABASE_URL: '',
      HOLDFAST_SQL: '',
      PORT: '',
    },
  });
  return stdout;
}

for (const name of ['data', 'data with a blank']) {
  test(`make-db, migrate, seed-db, try-card and kill-db do their work in a folder called ${name}`, () =>
    withFolder(async (folder) => {
      const data = path.join(folder, name);
      assert.match(await script('make-db', data), / is there; /);
      assert.match(await script('migrate', data), /views\.sqlite: 0001_tables\n/);
      assert.match(await script('seed-db', data), /: 100000 accounts made in \d\.\d\d s; and 6544ecbf-/);
      assert.match(await script('seed-db', data), /nothing changed\n$/);
      const tried = await script('try-card', data);
      assert.match(tried, /^account 6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1 has a balance of \$100\.00\n/);
      assert.match(tried, /^the query took \d+\.\d{3} ms, in process$/m);
      assert.equal(await script('kill-db', data), `${data} is gone\n`);
      assert.equal(fs.existsSync(data), false);
    }));
}
