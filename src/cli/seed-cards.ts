/** `holdfast seed cards` fills a data folder with accounts. A second run changes nothing. */
import type { CardDefinition, CardsIssue } from '../engine/commands/cards.ts';
import { maxIssued } from '../engine/commands/cards.ts';
import { Command, kinds } from '../engine/command.ts';
import { LogLockedError } from '../log/log.ts';
import type { Node } from '../node/node.ts';
import type { Store } from '../store/open.ts';
import { UserError } from '../store/user-error.ts';
import { caughtUp, migrated } from './caught-up.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { dataFolderOf } from './folder-flags.ts';
import { Progress } from './import/run.ts';
import { openStopped } from './opened.ts';
import { knownAccount } from './demo-cards.ts';
import { cardWithId, issuedCards, seededBalance } from './seeded-cards.ts';
import { currencyOf, environmentOf, namedSqlPlace } from './settings.ts';

const defaultCount = 100_000;
const maxCount = 100_000_000;

export const seedCards: CliCommand = {
  summary: 'Fill a data folder with card accounts',
  usage: `holdfast seed cards [--count ${defaultCount}] [--data ./data] [--sql sqlite]

  Makes the account ${knownAccount.id} with a balance of 100.00, and as many others, of 50.00 each, as
  are missing to the count. Makes the folder when it is missing. Repeatable: what was made before stays as it is. Refused while a server holds
  the folder. Where --sql, HOLDFAST_SQL or DATABASE_URL names a database, its views have the accounts at the end; else the next start fills
  them.`,
  run: async (args) => {
    const { values } = parseFlags(args, { count: 'string', data: 'string', sql: 'string' });
    const count = wholeNumber('--count', values.count ?? String(defaultCount), 0, maxCount);
    const folder = dataFolderOf(values.data);
    const sql = namedSqlPlace(values.sql, environmentOf(programFolder), folder);
    // A database that is away is told before anything is made.
    if (sql?.kind === 'postgres') await migrated(sql);
    const store = await opened(folder);
    try {
      console.log(await filled(store.node, folder, count));
    } finally {
      await store.close();
    }
    if (sql !== null) console.log(`${await caughtUp(folder, sql)} has all of it`);
    return 0;
  },
};

/** @throws UserError while a server holds the folder */
async function opened(folder: string): Promise<Store> {
  try {
    return await openStopped(folder);
  } catch (error) {
    if (!(error instanceof LogLockedError)) throw error;
    throw new UserError(
      `a server holds ${folder}: stop it, or name another folder with --data. A running store makes single cards by POST /v1/cards`,
    );
  }
}

/** Makes what is missing; returns what it did, as a sentence. */
async function filled(node: Node, folder: string, count: number): Promise<string> {
  const { state } = node.engine;
  const currency = state.tariffs.currency ?? currencyOf(environmentOf(programFolder)['HOLDFAST_CURRENCY'] || undefined);
  const isNew = cardWithId(state, knownAccount.id) === null;
  if (isNew) await submit(node, kinds.createCard, { ...knownAccount, currency } satisfies CardDefinition);
  const there = issuedCards(state);
  const beganMs = performance.now();
  await issue(node, Math.max(0, count - there), currency);
  const seconds = ((performance.now() - beganMs) / 1000).toFixed(2);
  if (there >= count && !isNew) return `${folder} has its ${there} accounts and ${knownAccount.id}; nothing changed`;
  const made = Math.max(0, count - there);
  const others = there === 0 ? '' : `, ${there} were there already`;
  return `${folder}: ${made} accounts made in ${seconds} s${others}; ${isNew ? 'and' : 'beside'} ${knownAccount.id}`;
}

async function issue(node: Node, count: number, currency: string): Promise<void> {
  const progress = new Progress(count, 'accounts');
  try {
    while (progress.done < count) {
      const some = Math.min(maxIssued, count - progress.done);
      const body: CardsIssue = { count: some, category: knownAccount.category, balance: seededBalance, currency };
      await submit(node, kinds.issueCards, body);
      progress.done += some;
    }
  } finally {
    progress.stop();
  }
}

/** @throws UserError with what the store says against it */
async function submit(
  node: Node,
  kind: typeof kinds.createCard | typeof kinds.issueCards,
  body: object,
): Promise<void> {
  const command = new Command().reset(kind);
  command.body = body;
  const refusal = await node.submit(command, ({ ok, row }) => (ok ? null : row.sentence), undefined);
  if (refusal !== null) throw new UserError(`no accounts were made: ${refusal}`);
}
