/** The records of followers: whole or unchanged, and never skipped silently. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { FollowerRecord } from '../../src/store/follower-records.ts';
import {
  lowestDurablePosition,
  lowestStartingPosition,
  readFollowerRecord,
  readFollowerRecords,
  removeFollowerRecord,
  removeUnfinishedRecords,
  writeFollowerRecord,
} from '../../src/store/follower-records.ts';
import { withFolder } from '../log/support/folders.ts';
import { recordOf } from '../followers/support/records.ts';

const sql = recordOf('sql', {
  position: 120,
  durablePosition: 110,
  durableHash: '00000000ffffffff',
  message: 'the database is away',
});

const fileOf = (folder: string, name: string): string => path.join(folder, 'followers', name);

describe('the record of a follower', () => {
  test('a record is read as it was written, replaced as a whole, and for its owner alone', () =>
    withFolder(async (folder) => {
      assert.equal(readFollowerRecord(folder, 'sql'), null);
      writeFollowerRecord(folder, sql);
      writeFollowerRecord(folder, { ...sql, position: 130, state: 'stopped' });
      assert.deepEqual(readFollowerRecord(folder, 'sql'), { ...sql, position: 130, state: 'stopped' });
      assert.deepEqual(fs.readdirSync(path.join(folder, 'followers')), ['sql.json']);
      assert.equal(fs.statSync(fileOf(folder, 'sql.json')).mode & 0o777, 0o600);
    }));

  test('a record replaces the inode: a reader never sees half of it', () =>
    withFolder(async (folder) => {
      writeFollowerRecord(folder, sql);
      const reader = fs.openSync(fileOf(folder, 'sql.json'), 'r');
      writeFollowerRecord(folder, { ...sql, position: 999 });
      const seen = JSON.parse(fs.readFileSync(reader, 'utf8')) as FollowerRecord;
      fs.closeSync(reader);
      assert.deepEqual(seen, sql);
    }));

  test('a record survives a process that died while writing the next', () =>
    withFolder(async (folder) => {
      writeFollowerRecord(folder, sql);
      for (const name of ['sql.json.77.tmp', 'sql-2.json.78.tmp'])
        fs.writeFileSync(fileOf(folder, name), '{"name":"sq');
      assert.deepEqual(readFollowerRecords(folder), { records: [sql], unreadable: [] });
      removeUnfinishedRecords(folder, 'sql');
      assert.deepEqual(fs.readdirSync(path.join(folder, 'followers')).sort(), ['sql-2.json.78.tmp', 'sql.json']);
      writeFollowerRecord(folder, { ...sql, position: 121 });
      assert.equal(readFollowerRecord(folder, 'sql')?.position, 121);
    }));

  test('a removed record is gone for good', () =>
    withFolder(async (folder) => {
      removeFollowerRecord(folder, 'sql');
      removeUnfinishedRecords(folder, 'sql');
      writeFollowerRecord(folder, sql);
      removeFollowerRecord(folder, 'sql');
      assert.deepEqual(readFollowerRecords(folder), { records: [], unreadable: [] });
    }));

  const unwritable: readonly (readonly [string, Partial<Record<keyof FollowerRecord, unknown>>])[] = [
    ['a name that leads elsewhere', { name: '../sql' }],
    ['no name', { name: '' }],
    ['a name in capitals', { name: 'SQL' }],
    ['a position below 0', { position: -1 }],
    ['half a position', { position: 1.5 }],
    ['no position', { position: Number.NaN }],
    ['more that is safe than there is', { durablePosition: 121 }],
    ['less than nothing that is safe', { durablePosition: -1 }],
    ['half a hash', { durableHash: '00000000' }],
    ['a hash that is none', { durableHash: '00000000FFFFFFFG' }],
    ['an unknown state', { state: 'lost' }],
    ['no time', { logTimeMs: Infinity }],
    ['a message that is none', { message: 7 }],
    ['no process', { pid: undefined }],
  ];
  for (const [what, wrong] of unwritable) {
    test(`a record with ${what} is not written`, () =>
      withFolder(async (folder) => {
        // As a caller without types would.
        const record = { ...sql, ...wrong } as FollowerRecord;
        assert.throws(() => writeFollowerRecord(folder, record), RangeError);
        assert.equal(fs.existsSync(path.join(folder, 'followers')), false);
      }));
  }
});

describe('the records of a data folder', () => {
  test('a folder without followers has no records', () =>
    withFolder(async (folder) => {
      const none = { records: [], unreadable: [] };
      assert.deepEqual([readFollowerRecords(folder), readFollowerRecords(path.join(folder, 'absent'))], [none, none]);
      assert.deepEqual([lowestDurablePosition(none), lowestStartingPosition(none)], [Infinity, Infinity]);
    }));

  test('all records are listed, and the lowest position counts', () =>
    withFolder(async (folder) => {
      for (const [name, position, durablePosition] of [
        ['webhooks', 90, 90],
        ['sql', 120, 80],
        ['archive', 200, 200],
      ] as const)
        writeFollowerRecord(folder, { ...sql, name, position, durablePosition });
      fs.writeFileSync(fileOf(folder, 'notes.txt'), 'somebody else’s');
      const found = readFollowerRecords(folder);
      assert.deepEqual(
        found.records.map(({ name }) => name),
        ['archive', 'sql', 'webhooks'],
      );
      assert.deepEqual([lowestDurablePosition(found), lowestStartingPosition(found)], [80, 80]);
      // A database that promises no durability: the log is kept for it, and the snapshot that it
      // would start from.
      writeFollowerRecord(folder, { ...sql, durablePosition: 0 });
      const unsafe = readFollowerRecords(folder);
      assert.deepEqual([lowestDurablePosition(unsafe), lowestStartingPosition(unsafe)], [0, 90]);
    }));

  test('each record is read with its known fields, whatever other files are there', () =>
    withFolder(async (folder) => {
      writeFollowerRecord(folder, sql);
      fs.writeFileSync(fileOf(folder, 'sql.json'), JSON.stringify({ ...sql, more: 'than is known' }));
      assert.deepEqual(readFollowerRecord(folder, 'sql'), sql);
    }));

  const broken: Readonly<Record<string, [string, RegExp]>> = {
    'cut short': ['{"name":"sql","posi', /is not JSON/],
    empty: ['', /is not JSON/],
    'of another follower': [JSON.stringify({ ...sql, name: 'other' }), /is the record of follower "other"/],
    'without a position': [JSON.stringify({ ...sql, position: undefined }), /position is no whole number/],
    'without a durable position': [
      JSON.stringify({ ...sql, durablePosition: undefined }),
      /durablePosition is no whole/,
    ],
    'of before there was a hash in it': [
      JSON.stringify({ ...sql, durableHash: undefined }),
      /durableHash is not 16 hexadecimal digits/,
    ],
    'a list': ['[]', /name is not/],
    nothing: ['null', /it is no object/],
  };
  for (const [what, [text, reason]] of Object.entries(broken)) {
    test(`a record that is ${what} is named, and the lowest position is unknown`, () =>
      withFolder(async (folder) => {
        writeFollowerRecord(folder, { ...sql, name: 'webhooks' });
        fs.writeFileSync(fileOf(folder, 'sql.json'), text);
        const found = readFollowerRecords(folder);
        assert.deepEqual(
          found.records.map(({ name }) => name),
          ['webhooks'],
        );
        assert.equal(found.unreadable.length, 1);
        assert.match(found.unreadable[0]!.reason, reason);
        assert.deepEqual([lowestDurablePosition(found), lowestStartingPosition(found)], [null, null]);
        assert.throws(() => readFollowerRecord(folder, 'sql'), reason);
      }));
  }
});
