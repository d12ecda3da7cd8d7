/** `key create`, `key list` and `key remove`, on a stopped folder and on a store that runs. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, test } from 'node:test';
import { openStopped } from '../../src/cli/opened.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import type { GateDefinition } from '../../src/engine/commands/gates.ts';
import type { Node } from '../../src/node/node.ts';
import { operatorKey, withStore } from '../http/support/store.ts';
import { withFolder } from '../log/support/folders.ts';
import { run, runRefused, runSound } from './import/support.ts';

const keyForm = /^hf_tap_[A-Za-z0-9_-]{43}\n$/;
const environment = { HOLDFAST_OPERATOR_KEY: operatorKey };

async function withData(use: (data: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    const store = await openStopped(data);
    for (const id of ['a', 'b', 'north', 'south']) await addGate(store.node, id);
    await store.close();
    await use(data);
  });
}

async function addGate(node: Node, id: string): Promise<void> {
  const command = new Command().reset(kinds.addGate);
  command.body = { id, number: null, station: null } satisfies GateDefinition;
  const code = await node.submit(command, ({ row }) => row.code, undefined);
  assert.equal(code, 'OK');
}

function hashOf(key: string): string {
  return createHash('sha256').update(key.trim()).digest('hex');
}

describe('keys of a stopped folder', () => {
  test('a key is printed once, and its hash is what the store keeps', () =>
    withData(async (data) => {
      const made = await run(['key', 'create', '--gates', 'north, south,', '--label', 'North', '--data', data]);
      assert.equal(made.code, 0, made.stderr);
      assert.match(made.stdout, keyForm);
      assert.match(made.stderr, /key_0_1 taps at north, south; it is shown this once/);
      const store = await openStopped(data);
      const { accessKeys } = store.node.engine.state;
      const row = accessKeys.find(hashOf(made.stdout));
      assert.deepEqual([row, accessKeys.gatesOf(row)], [0, ['north', 'south']]);
      await store.close();
      const listed = await runSound(['key', 'list', '--data', data]);
      assert.match(listed, /^key_0_1 {2}\S+Z {2}north,south {2}North\n$/);
      const json = JSON.parse(await runSound(['key', 'list', '--json', '--data', data])) as Record<string, unknown>[];
      assert.deepEqual(Object.keys(json[0]!), ['id', 'gates', 'label', 'createdAt']);
    }));

  test('a gate that is not known is named, and nothing is printed that opens', () =>
    withData(async (data) => {
      const said = await runRefused(['key', 'create', '--gates', 'a,c', '--data', data]);
      assert.deepEqual(said, ['holdfast: No gate has the id "c". POST /v1/gates makes one known.']);
    }));

  test('a key that is removed is listed no more, and is not removed twice', () =>
    withData(async (data) => {
      for (const gate of ['a', 'b']) await runSound(['key', 'create', '--gates', gate, '--data', data]);
      assert.equal(await runSound(['key', 'remove', 'key_0_1', '--data', data]), 'key_0_1 opens nothing any more\n');
      assert.match(await runSound(['key', 'list', '--data', data]), /^key_0_2 [^\n]+\n$/);
      assert.deepEqual(await runRefused(['key', 'remove', 'key_0_1', '--data', data]), [
        'holdfast: There is no such access key.',
      ]);
    }));

  test('each command says what it lacks', () =>
    withData(async (data) => {
      const said = async (...args: string[]): Promise<string> => (await runRefused(['key', ...args]))[0]!;
      assert.equal(await said('create', '--data', data), 'holdfast: name the gates of the key with --gates');
      assert.equal(await said('create', '--gates', ' , '), 'holdfast: name the gates of the key with --gates');
      assert.equal(await said('remove', '--data', data), 'holdfast: name the key by its id');
      assert.match(await said('remove', 'key_0_1', 'key_0_2'), /name one key: key_0_2 would be more/);
      assert.match(await said('list', '--all'), /Unknown option '--all'.*the flags are --json, --data, --url/);
      assert.match(await said('list', '--data', path.join(data, 'none')), /has no store in it/);
      assert.match(await said('create', '--gates', 'x'.repeat(256), '--data', data), /gates\/0/);
      assert.match(await said('rename'), /there is no command "key rename"/);
    }));
});

describe('keys of a store that runs', () => {
  test('keys are made, listed and removed with the operator key, which may not be missing', () =>
    withStore({ args: ['--doors', 'gates'], environment }, async (store) => {
      await addGate(store.node, 'north');
      const url = `http://127.0.0.1:${store.port}`;
      const made = await runSound(['key', 'create', '--gates', 'north', '--url', url], { operatorKey });
      assert.match(made, keyForm);
      assert.equal(store.node.engine.state.accessKeys.find(hashOf(made)), 0);
      assert.match(await runSound(['key', 'list', '--url', url], { operatorKey }), /^key_0_1 {2}\S+ {2}north\n$/);
      await runSound(['key', 'remove', 'key_0_1', '--url', url], { operatorKey });
      assert.equal(store.node.engine.state.accessKeys.find(hashOf(made)), -1);
      assert.match(
        (await runRefused(['key', 'list', '--url', url]))[0]!,
        /needs its operator key: put it into HOLDFAST_OPERATOR_KEY/,
      );
      for (const { fields, message } of store.logged) {
        assert.ok(!JSON.stringify([fields, message]).includes(made.trim()), 'no key is logged');
      }
    }));

  test('a store whose door for gates is closed says so', () =>
    withStore({ args: ['--doors', 'v1'] }, async (store) => {
      const [said] = await runRefused(['key', 'list', '--url', `http://127.0.0.1:${store.port}`]);
      assert.match(said!, /answers \/v1\/keys.* with 404: .*whose door gates is open/);
    }));
});
