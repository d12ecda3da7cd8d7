/**
 * A server under proof takes no setting from the environment that the proof itself was started in.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../../src/proof/processes/children.ts';
import { settingNames } from '../../../src/proof/processes/server-process.ts';

test('every setting that .env.example names is decided by the proof', () => {
  const example = fs.readFileSync(path.join(root, '.env.example'), 'utf8');
  const names = [...example.matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name ?? '');
  assert.ok(names.length > 20, names.join());
  assert.deepEqual(
    names.filter((name) => !settingNames.includes(name)),
    [],
  );
  assert.equal(new Set(settingNames).size, settingNames.length);
});
