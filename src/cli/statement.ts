/**
 * `holdfast statement`: everything that moved a card's balance, each fare with its rule, out of the
 * log itself. Reads alone, also while a server runs.
 */
import { toDecimal } from '../../sdk/src/money.ts';
import { formatTime } from '../doors/kit/ids.ts';
import { kinds } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import type { State } from '../engine/state.ts';
import { cardId, cardName, cardStates } from '../engine/tables/cards.ts';
import { entryKinds } from '../engine/tables/journal.ts';
import { namesOf } from '../followers/sql/cells.ts';
import { ruleOf } from '../followers/sql/rule-words.ts';
import { FileLogReader } from '../log/file/reader.ts';
import { Replay } from '../replica/replay.ts';
import { replayStart } from '../store/replay-start.ts';
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import { dataFolderOf, requireLog } from './folder-flags.ts';
import { readBehind } from './replayed.ts';
import { cardWithId } from './seeded-cards.ts';

interface Entry {
  readonly id: string;
  readonly kind: string;
  /** Added to the balance, minor units. */
  readonly amount: number;
  /** Right after it. */
  readonly balance: number;
  readonly journey: string | null;
  readonly rule: string | null;
  /** When the card was tapped, by the gate; null for what is no fare. */
  readonly at: string | null;
  readonly bookedAt: string;
  readonly position: number;
}

interface Statement {
  readonly card: string;
  readonly name: string | null;
  readonly status: string;
  readonly currency: string | null;
  /** The position from which the log is kept: 1, or behind what was trimmed. */
  readonly from: number;
  /** What the card held before that. */
  readonly opening: number;
  readonly entries: readonly Entry[];
  readonly balance: number;
  /** Position of the log's end. */
  readonly position: number;
}

export const statement: CliCommand = {
  summary: 'Show what moved the balance of a card, and why',
  usage: `holdfast statement CARD [--data ./data] [--json]

  Replays the log and prints every movement of the card's balance with the rule that made each fare, and that they add up to what the card
  holds. Of a trimmed log: from where it begins, with the balance that the card had there. Changes nothing; a server may run. Exit code 1 when
  they do not add up.
  --json   one JSON object; amounts in minor units`,
  run: async (args) => {
    const { values, positionals } = parseFlags(args, { data: 'string', json: 'boolean' }, { positionals: true });
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new UserError('name one card: holdfast statement CARD');
    const folder = dataFolderOf(values.data);
    requireLog(folder);
    const found = await statementOf(folder, id);
    const sum = found.entries.reduce((total, { amount }) => total + amount, found.opening);
    if (values.json === true) console.log(JSON.stringify({ ...found, addsUp: sum === found.balance }, null, 2));
    else speak(found, sum);
    return sum === found.balance ? 0 : 1;
  },
};

/** @throws UserError when the folder has no such card */
async function statementOf(folder: string, id: string): Promise<Statement> {
  const reader = new FileLogReader({ folder });
  const engine = await replayStart(reader, folder);
  const from = engine.position + 1;
  const known = engine.isEmpty ? null : cardWithId(engine.state, id);
  const opening = known === null ? 0 : engine.state.cards.balanceOf(known);
  const entries = await entriesIn(engine, reader, id);
  const card = engine.isEmpty ? null : cardWithId(engine.state, id);
  if (card === null) throw new UserError(`there is no card ${id} in ${folder}`);
  const { state } = engine;
  return {
    card: cardId(state, card),
    name: cardName(state, card),
    status: state.cards.status.get(card) === cardStates.blocked ? 'blocked' : 'active',
    currency: state.tariffs.currency,
    from,
    opening,
    entries,
    balance: state.cards.balanceOf(card),
    position: engine.position,
  };
}

/** Replays to the end of the log; keeps what moved one card's balance. */
async function entriesIn(engine: Engine, reader: FileLogReader, id: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const replay = new Replay(engine);
  let card: number | null = null;
  const collect = (): void => {
    engine.state.journal.clear();
    engine.state.journal.collecting = true;
  };
  if (!engine.isEmpty) collect();
  await readBehind(engine, reader, (batch) => {
    replay.apply(batch, ({ kind }) => {
      // The log's first record made the state.
      if (kind === kinds.genesis) collect();
    });
    const { state } = engine;
    card ??= cardWithId(state, id);
    if (card !== null) take(state, card, entries);
    state.journal.clear();
  });
  return entries;
}

const kindNames = namesOf(entryKinds);

function take(state: State, card: number, into: Entry[]): void {
  const { entries: rows } = state.journal;
  const { cell } = state.genesis;
  for (let at = 0; at < rows.count; at += 1) {
    if (rows.card[at] !== card) continue;
    const journey = rows.journey[at]!;
    into.push({
      id: `entry_${cell}_${rows.first + at + 1}`,
      kind: kindNames[rows.kind[at]!] ?? '',
      amount: rows.amount[at]!,
      balance: rows.balance[at]!,
      journey: journey === 0 ? null : `journey_${cell}_${journey}`,
      rule: ruleOf(state, rows.ruleTerms[at]!, rows.ruleEnds[at]!, rows.cappedBy[at]!),
      at: rows.kind[at] === entryKinds.fare ? formatTime(rows.atMs[at]!) : null,
      bookedAt: formatTime(rows.bookedAtMs[at]!),
      position: rows.position[at]!,
    });
  }
}

function speak(found: Statement, sum: number): void {
  const money = (amount: number): string => {
    const decimal = toDecimal({ amount: Math.abs(amount), currency: found.currency ?? '' });
    return `${amount < 0 ? '-' : ''}${decimal}`.padStart(12);
  };
  const { card, name, status, currency, from, opening, entries, balance, position } = found;
  console.log(`card ${card}${name === null ? '' : `  ${name}`}${status === 'blocked' ? '  (blocked)' : ''}`);
  if (from > 1) {
    console.log(`  the log before position ${from} was trimmed: the statement begins with what the card held there`);
    console.log(`  ${''.padEnd(24)}  ${'brought forward'.padEnd(15)}${' '.repeat(14)}${money(opening)}`);
  }
  for (const entry of entries) {
    const why = [entry.journey, entry.rule].filter((part) => part !== null).join('  ');
    console.log(
      `  ${entry.at ?? entry.bookedAt}  ${entry.kind.padEnd(15)}${money(entry.amount)}  ${money(entry.balance)}  ${why}`.trimEnd(),
    );
  }
  const counted = `${entries.length} ${entries.length === 1 ? 'movement' : 'movements'}`;
  const unit = currency === null ? '' : ` ${currency}`;
  const result = sum === balance ? 'what the card holds' : `but the card holds ${money(balance).trim()}${unit}`;
  console.log(`  ${counted}, in sum ${money(sum).trim()}${unit}: ${result}, at position ${position}`);
}
