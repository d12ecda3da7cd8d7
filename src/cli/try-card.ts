/** `holdfast try card`: what one account holds, and how long the store takes to say it. */
import { balanceInViews } from '../followers/sql/open.ts';
import type { SqlPlace } from '../followers/sql/open.ts';
import type { State } from '../engine/state.ts';
import { toDecimal } from '../../sdk/src/money.ts';
import { LogLockedError } from '../log/log.ts';
import { reasonOf } from '../reason.ts';
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { parseFlags } from './flags.ts';
import { dataFolderOf, requireLog } from './folder-flags.ts';
import type { Place } from './import/arguments.ts';
import { placeOf } from './import/arguments.ts';
import { openStopped } from './opened.ts';
import { knownAccount } from './demo-cards.ts';
import { cardWithId } from './seeded-cards.ts';
import { environmentOf, namedSqlPlace } from './settings.ts';

const defaultPort = 3000;
const answerWithinMs = 5000;

export const tryCard: CliCommand = {
  summary: 'Look one card account up',
  usage: `holdfast try card [ID] [--data ./data | --url http://127.0.0.1:3000] [--sql sqlite]

  Prints the balance of an account, by default of ${knownAccount.id}, and the time that the query took. Reads a stopped folder; while a server
  holds the folder, asks that server: at --url, by default at PORT of this machine, with the operator key from HOLDFAST_OPERATOR_KEY where it
  has one. Where --sql, HOLDFAST_SQL or DATABASE_URL names a database, its view of accounts is asked as well.`,
  run: async (args) => {
    const { values, positionals } = parseFlags(
      args,
      { data: 'string', url: 'string', sql: 'string' },
      { positionals: true },
    );
    const [id = knownAccount.id, ...more] = positionals;
    if (more.length > 0) throw new UserError(`name one account: ${more.join(', ')} would be more`);
    const place = placeOf(values);
    const found = place.kind === 'url' ? await fromServer(id, place) : await fromFolder(id, place.folder);
    console.log(`account ${id} has a balance of ${spelled(found)}`);
    console.log(`the query took ${found.tookMs.toFixed(3)} ms, ${found.where}`);
    const sql = namedSqlPlace(values.sql, environmentOf(programFolder), dataFolderOf(values.data));
    if (sql !== null) await tryViews(id, sql, found);
    return 0;
  },
};

interface Found {
  readonly amount: number;
  /** Null while no money was ever in the store. */
  readonly currency: string | null;
  readonly tookMs: number;
  /** Who was asked. */
  readonly where: string;
}

/** @throws UserError when there is no such account */
async function fromFolder(id: string, folder: string): Promise<Found> {
  requireLog(folder);
  let store;
  try {
    store = await openStopped(folder);
  } catch (error) {
    if (error instanceof LogLockedError) return await fromServer(id, serverHere());
    throw error;
  }
  try {
    const { state } = store.node.engine;
    const beganMs = performance.now();
    const amount = balanceOf(state, id);
    const tookMs = performance.now() - beganMs;
    if (amount === null) throw noAccount(id, folder);
    return { amount, currency: state.tariffs.currency, tookMs, where: 'in process' };
  } finally {
    await store.close();
  }
}

function balanceOf(state: State, id: string): number | null {
  const card = cardWithId(state, id);
  return card === null ? null : state.cards.balanceOf(card);
}

type Server = Extract<Place, { kind: 'url' }>;

/** The server of this machine, at its usual address. */
function serverHere(): Server {
  const port = environmentOf(programFolder)['PORT'] || defaultPort;
  return placeOf({ url: `http://127.0.0.1:${port}` }) as Server;
}

/** @throws UserError */
async function fromServer(id: string, { url, operatorKey }: Server): Promise<Found> {
  const headers = operatorKey === null ? {} : { Authorization: `Bearer ${operatorKey}` };
  try {
    // Opens the connection: what is timed is the question.
    await (await ask(`${url}/livez`, {})).text();
    const beganMs = performance.now();
    const answer = await ask(`${url}/v1/cards/${encodeURIComponent(id)}`, headers);
    const text = await answer.text();
    const tookMs = performance.now() - beganMs;
    if (answer.status === 404) throw noAccount(id, url);
    if (!answer.ok) throw new UserError(`${url} answered ${answer.status}: ${text.slice(0, 300)}`);
    const { balance } = JSON.parse(text) as { balance: { amount: number; currency: string | null } };
    return { ...balance, tookMs, where: `from ${url}` };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `a server holds the folder, or --url names one, and ${url} does not answer (${reasonOf(error)}): name its address with --url`,
    );
  }
}

function ask(address: string, headers: Record<string, string>): Promise<Response> {
  return fetch(address, { headers, signal: AbortSignal.timeout(answerWithinMs) });
}

/** The same question to the views, which may be behind. */
async function tryViews(id: string, sql: SqlPlace, { currency }: Found): Promise<void> {
  const name = sql.kind === 'sqlite' ? sql.file : 'PostgreSQL';
  const beganMs = performance.now();
  const amount = await balanceInViews(sql, id);
  const tookMs = performance.now() - beganMs;
  const said = amount === null ? 'does not know it yet' : `has it with ${spelled({ amount, currency })}`;
  console.log(`${name} ${said}; connecting and asking took ${tookMs.toFixed(3)} ms`);
}

function noAccount(id: string, where: string): UserError {
  return new UserError(`there is no account ${id} in ${where}; \`npm run seed-db\` makes the demonstration's`);
}

/** `$100.00`, or `EUR 100.00`. */
function spelled({ amount, currency }: Pick<Found, 'amount' | 'currency'>): string {
  const decimal = toDecimal({ amount: Math.abs(amount), currency: currency ?? 'USD' });
  const sign = amount < 0 ? '-' : '';
  return currency === null || currency === 'USD' ? `${sign}$${decimal}` : `${currency} ${sign}${decimal}`;
}
