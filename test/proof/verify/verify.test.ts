/** `verify` from outside, and its auditors on records that are wrong in one thing. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Ledger } from '../../../src/proof/audit/ledger.ts';
import type { Operation, OperationKind } from '../../../src/proof/audit/operation.ts';
import { Problems } from '../../../src/proof/audit/problems.ts';
import { readVerifySettings } from '../../../src/cli/verify.ts';
import { auditTickets } from '../../../src/proof/audit/tickets-audit.ts';
import { program, runToEnd } from '../../crash/support/servers.ts';

const sale = 'sale_0_1';
let asked = 0;

/** An operation as a client keeps it; each is called after the one before it was answered. */
function operation(
  kind: OperationKind,
  quantity: number,
  status: number,
  body: unknown,
  more: Partial<Operation> = {},
): Operation {
  asked += 1;
  const position = kind === 'purchase' ? null : asked;
  return {
    kind,
    method: 'POST',
    path: '/',
    body: null,
    key: `key-${asked}`,
    token: null,
    byOperator: false,
    lines: [{ sale, quantity }],
    of: null,
    client: 1,
    callNs: asked * 10,
    returnNs: asked * 10 + 5,
    answer: { status, body: JSON.stringify(body), position, replayed: false },
    loggedAt: null,
    ...more,
  };
}

const bought = (quantity: number, seatsRemaining: number): Operation =>
  operation('purchase', quantity, 200, { success: true, seatsRemaining });
const refused = (quantity: number): Operation => operation('purchase', quantity, 409, { error: 'SOLD_OUT' });

function ticketProblems(...operations: Operation[]): string {
  const problems = new Problems();
  auditTickets(sale, 10, operations, problems);
  return problems.sentences().join('\n');
}

describe('the auditor of the tickets event', () => {
  test('the auditor of the tickets event finds nothing in a chain without gaps', () => {
    assert.equal(ticketProblems(bought(4, 6), bought(3, 3), refused(4), bought(3, 0), refused(1)), '');
  });

  const wrong: [string, RegExp, () => Operation[]][] = [
    ['stock that went to nobody', /went to nobody: 2 units/, () => [bought(4, 6), bought(3, 1)]],
    ['stock that was sold twice', /sold twice/, () => [bought(4, 6), bought(4, 6)]],
    ['more than there is', /more was sold/, () => [bought(9, 1), bought(2, -1)]],
    ['a refusal of what fits', /that fits was refused/, () => [bought(4, 6), refused(6), bought(4, 2)]],
    ['an order against time', /contradicts time/, () => [bought(4, 2), bought(4, 6)]],
    [
      'a count that was never true',
      /never true/,
      () => [bought(4, 6), operation('read', 0, 200, { totalSeats: 10, seatsSold: 0, seatsRemaining: 10 })],
    ],
  ];
  for (const [what, account, record] of wrong) {
    test(`the auditor of the tickets event finds ${what}`, () => assert.match(ticketProblems(...record()), account));
  }
});

const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
const order = (quantity: number, createdMs = asked): Operation =>
  operation('order', quantity, 201, { id: `order_0_${asked}`, createdAt: at(createdMs), lines: [] });
const hold = (quantity: number, expiresMs: number): Operation =>
  operation('hold', quantity, 201, { id: `hold_0_${asked}`, createdAt: at(asked), expiresAt: at(expiresMs) });
const confirm = (of: Operation, createdMs = asked): Operation =>
  operation(
    'confirm',
    0,
    201,
    { id: `order_0_${asked}`, createdAt: at(createdMs), lines: [] },
    { of, lines: of.lines },
  );

function ledgerProblems(...operations: Operation[]): string {
  const problems = new Problems();
  new Ledger(new Map([[sale, 10]]), problems).audit(operations, [], new Map());
  return problems.sentences().join('\n');
}

describe('the auditor of the native API', () => {
  const late = 1e9;

  test('the auditor of the native API finds nothing where holds end once and stock suffices', () => {
    const record = [hold(6, late), order(4)];
    record.push(operation('read', 0, 200, { id: sale, sold: 4, held: 6, available: 0 }), confirm(record[0]!));
    assert.equal(ledgerProblems(...record), '');
  });

  test('the auditor of the native API counts a hold as gone once it may have expired', () => {
    assert.equal(ledgerProblems(hold(6, asked + 5), order(10, asked + 100)), '');
  });

  test('the auditor of the native API finds more sold than there is, where a hold must still stand', () => {
    const held = hold(6, late);
    assert.match(
      ledgerProblems(held, order(6), order(1, 5000)),
      /more was sold than there is: 6 sold and 6 held of 10/,
    );
  });

  test('the auditor of the native API finds a hold that ended twice', () => {
    const held = hold(2, late);
    assert.match(ledgerProblems(held, confirm(held), confirm(held)), /a hold ended twice/);
  });

  test('the auditor of the native API finds an expired hold that became an order', () => {
    const held = hold(2, asked + 3);
    assert.match(ledgerProblems(held, confirm(held, asked + 50)), /an expired hold became an order/);
  });

  test('the auditor of the native API finds a refusal of what fits', () => {
    const soldOut = operation('order', 4, 409, { code: 'SOLD_OUT' });
    assert.match(ledgerProblems(soldOut, order(6)), /that fits was refused/);
  });

  test('the auditor of the native API finds a state that differs', () => {
    const record = [order(6), operation('read', 0, 200, { id: sale, sold: 5, held: 0, available: 5 })];
    assert.match(ledgerProblems(...record), /differs from the clients' record/);
  });
});

describe('the command', () => {
  test('the command has twenty rounds and a seed of its own by default', () => {
    const settings = readVerifySettings([]);
    assert.equal(settings.rounds, 20);
    assert.ok(settings.seed >= 0 && settings.seed < 2 ** 32);
    assert.equal(readVerifySettings(['--seed', '7']).seed, 7);
  });

  test('the command names a flag that is wrong in one sentence', async () => {
    for (const args of [['--rounds', '0'], ['--rounds', 'many'], ['--seed', '-1'], ['--round', '3'], ['more']]) {
      const { code, stdout, stderr } = await runToEnd(['verify', ...args]);
      assert.equal(code, 1, args.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, /^holdfast: [^\n]+\n$/);
    }
  });

  test('the command says so when the server does not start, and keeps its folder', async (t) => {
    const { code, stdout } = await runToEnd(['verify', '--rounds', '1', '--json', '--server', 'no-such-program.ts']);
    assert.equal(code, 1);
    const { ok, problems, folder } = JSON.parse(stdout) as { ok: boolean; problems: string[]; folder: string };
    t.after(() => fs.rmSync(folder, { recursive: true }));
    assert.equal(ok, false);
    assert.match(problems.join('\n'), /ended with exit code 1 instead of becoming ready/);
    assert.ok(fs.existsSync(path.join(folder, 'server.log')));
  });

  test('the interrupted command ends its server and leaves no folder', async () => {
    const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-interrupted-'));
    const child = Bun.spawn([process.execPath, '--no-env-file', program, 'verify', '--rounds', '500'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: temporary },
    });
    const lines = child.stderr.getReader();
    // The first line is there at once; the second tells of a whole round.
    for (let text = ''; !text.includes('round 1/500');) text += new TextDecoder().decode((await lines.read()).value);
    child.kill('SIGINT');
    assert.equal(await child.exited, 130);
    await pause(100);
    assert.deepEqual(fs.readdirSync(temporary), []);
    fs.rmSync(temporary, { recursive: true });
  });
});
