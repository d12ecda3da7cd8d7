/**
 * Reads of records: one, or a list. Lists take `?page=1&limit=10` and exact filters on the columns
 * that a record shows, and are in the order of ids. A filter is looked up by name among those
 * columns and compared as text. A name that is none is refused.
 */
import { Type } from 'typebox';
import type { State } from '../../engine/state.ts';
import type { Call } from '../../http/call.ts';
import { jsonAnswer } from '../kit/answers.ts';
import { invalid, readParameter } from '../kit/input.ts';
import type { Read } from '../kit/operation.ts';
import { spellings } from '../kit/texts.ts';
import { answer } from './answers.ts';
import { noRecord } from './errors.ts';
import { idIn } from './fields.ts';
import { shortened } from './input.ts';
import type { RecordKind, RecordView } from './records.ts';
import { show } from './records.ts';

const defaultLimit = 10;
const maxLimit = 1000;
const maxPage = 1_000_000_000;
/**
 * Records that are read in one turn of the event loop: a long list must not hold up a sale.
 */
const sliceRecords = 10_000;

interface Page {
  readonly page: number;
  readonly limit: number;
}

type Test = (state: State, row: number) => boolean;

interface Query {
  readonly page: Page;
  readonly tests: readonly Test[];
}

/** The parameters that a list of a kind takes, for the API's description. */
export function listQuery(kind: RecordKind): { readonly [name: string]: Type.TSchema } {
  const filters = Object.keys(kind.columns).map(
    (name) => [name, Type.String({ description: 'Exactly this.' })] as const,
  );
  return {
    page: Type.Integer({ minimum: 1, maximum: maxPage, default: 1 }),
    limit: Type.Integer({ minimum: 0, maximum: maxLimit, default: defaultLimit }),
    ...Object.fromEntries(filters),
  };
}

/** A page of the records that pass the filters of a request. */
export function listOf(kind: RecordKind): Read<Query> {
  return {
    read: (call) => readQuery(call, kind),
    answer: async ({ page, tests }, state) => {
      const { records, total } = await select(state, kind, tests, page);
      return jsonAnswer({ success: true, data: records, pagination: { ...page, total } });
    },
  };
}

/** The record with the id in the path. */
export function oneOf(kind: RecordKind): Read<number> {
  return {
    read: idIn,
    answer: (id, state) => {
      const row = kind.find(state, id);
      if (row < 0) throw noRecord();
      return answer(show(state, kind, row));
    },
  };
}

async function select(
  state: State,
  kind: RecordKind,
  tests: readonly Test[],
  { page, limit }: Page,
): Promise<{ records: RecordView[]; total: number }> {
  const records: RecordView[] = [];
  const first = (page - 1) * limit;
  let total = 0;
  const passesAll: Test = (of, row) => tests.every((passes) => passes(of, row));
  await eachRow(state, kind, passesAll, (row) => {
    if (total >= first && records.length < limit) records.push(show(state, kind, row));
    total += 1;
  });
  return { records, total };
}

/** Rows that pass a test, in the order of ids. */
export async function rowsThat(state: State, kind: RecordKind, passes: Test): Promise<number[]> {
  const rows: number[] = [];
  await eachRow(state, kind, passes, (row) => rows.push(row));
  return rows;
}

async function eachRow(state: State, kind: RecordKind, passes: Test, use: (row: number) => void): Promise<void> {
  for (let id = 1; id <= kind.count(state); id += 1) {
    if (id % sliceRecords === 0) await new Promise((resolve) => setImmediate(resolve));
    const row = kind.find(state, id);
    if (row >= 0 && passes(state, row)) use(row);
  }
}

/** @throws HttpFailure 400 */
function readQuery(call: Call, kind: RecordKind): Query {
  const { searchParams } = call.url;
  const page: Page = {
    page: readParameter(searchParams, 'page', 1, 1, maxPage),
    limit: readParameter(searchParams, 'limit', defaultLimit, 0, maxLimit),
  };
  return { page, tests: readFilters(searchParams, kind) };
}

function readFilters(searchParams: URLSearchParams, kind: RecordKind): Test[] {
  const tests: Test[] = [];
  const named = new Set<string>();
  for (const [name, wanted] of searchParams) {
    if (named.has(name)) throw invalid(`The parameter ${shortened(name)} is named twice`);
    named.add(name);
    if (name === 'page' || name === 'limit') continue;
    const column = Object.hasOwn(kind.columns, name) ? kind.columns[name] : undefined;
    if (column === undefined) {
      const known = Object.keys(kind.columns).join(', ');
      throw invalid(`Unknown filter ${shortened(name)}: lists take page, limit, and the filters ${known}`);
    }
    tests.push(equals(column, wanted));
  }
  return tests;
}

/** A column without a value equals nothing. */
function equals(column: RecordKind['columns'][string], wanted: string): Test {
  const number = /^(?:0|[1-9]\d{0,14})$/.test(wanted) ? Number(wanted) : NaN;
  const texts = spellings(wanted);
  return (state, row) => {
    const value = column(state, row);
    return typeof value === 'number' ? value === number : value !== null && texts.includes(value);
  };
}
