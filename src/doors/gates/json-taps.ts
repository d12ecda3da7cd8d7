/**
 * Taps as JSON: one, or an array. They are checked by hand, since a batch has thousands and a
 * schema's validator would spell out every mistake of all; a test compares it with the schema.
 */
import { decisions, directions } from '../../engine/commands/taps.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { fullTimePattern, timeFlaw, timeMsOf } from '../kit/times.ts';
import { invalidField } from '../kit/validation.ts';
import { idPattern, maxJsonTaps } from './schemas.ts';

const idForm = new RegExp(idPattern);
const timeForm = new RegExp(fullTimePattern);
const maxIdCharacters = 255;
const maxWord = 0xffffffff;
const fields: ReadonlySet<string> = new Set([
  'gate',
  'epoch',
  'sequence',
  'card',
  'station',
  'direction',
  'at',
  'decided',
]);

/** The form of a tap once it is checked. */
interface TapFields {
  readonly gate: string;
  readonly epoch?: number;
  readonly sequence: number;
  readonly card: string;
  readonly station?: string | null;
  readonly direction: keyof typeof directions;
  readonly at: string;
  readonly decided?: keyof typeof decisions;
}

export class JsonTaps {
  readonly taps: readonly TapFields[];
  private readonly isArray: boolean;
  private readonly times: Float64Array;

  /** @throws HttpFailure 400 that names the place of the first mistake */
  constructor(json: unknown) {
    this.isArray = Array.isArray(json);
    const taps = this.isArray ? (json as unknown[]) : [json];
    if (taps.length === 0) throw invalidField('/', 'must not be empty');
    if (taps.length > maxJsonTaps) {
      throw invalidField('/', `has ${taps.length} taps; at most ${maxJsonTaps} are taken. Nothing was done`);
    }
    this.times = new Float64Array(taps.length);
    for (const [i, tap] of taps.entries()) this.times[i] = checkTap(tap, this.pathOf(i));
    // Each has just been checked.
    this.taps = taps as readonly TapFields[];
  }

  /** Where a tap stands in the request. */
  pathOf(tap: number): string {
    return this.isArray ? `/${tap}` : '';
  }

  get count(): number {
    return this.taps.length;
  }

  epoch(tap: number): number {
    return this.taps[tap]!.epoch ?? 0;
  }

  sequence(tap: number): number {
    return this.taps[tap]!.sequence;
  }

  direction(tap: number): number {
    return directions[this.taps[tap]!.direction];
  }

  decided(tap: number): number {
    return decisions[this.taps[tap]!.decided ?? 'none'];
  }

  atMs(tap: number): number {
    return this.times[tap]!;
  }
}

/** The device time of a tap, ms. @throws HttpFailure 400 */
function checkTap(tap: unknown, path: string): number {
  if (typeof tap !== 'object' || tap === null || Array.isArray(tap)) throw invalidField(path || '/', 'must be object');
  for (const name of Object.keys(tap)) if (!fields.has(name)) throw invalidField(path || '/', unknownField(name));
  const { gate, epoch, sequence, card, station, direction, at, decided } = tap as Record<string, unknown>;
  checkId(gate, path, 'gate');
  if (epoch !== undefined) checkWord(epoch, 0, path, 'epoch');
  checkWord(sequence, 1, path, 'sequence');
  checkId(card, path, 'card');
  if (station !== undefined && station !== null) checkId(station, path, 'station');
  if (direction !== 'in' && direction !== 'out') throw flaw(path, 'direction', direction, 'must be "in" or "out"');
  if (decided !== undefined && decided !== 'none' && decided !== 'opened' && decided !== 'denied') {
    throw flaw(path, 'decided', decided, 'must be "none", "opened" or "denied"');
  }
  if (typeof at !== 'string' || at.length > 35 || !timeForm.test(at)) {
    throw flaw(path, 'at', at, 'must be a time of RFC 3339 with seconds and an offset');
  }
  const ms = timeMsOf(at);
  if (ms === null) throw invalidField(`${path}/at`, timeFlaw(at));
  return ms;
}

function checkId(value: unknown, path: string, name: string): void {
  if (typeof value === 'string' && value !== '' && value.length <= maxIdCharacters && idForm.test(value)) return;
  throw flaw(path, name, value, `must be a text of 1 to ${maxIdCharacters} characters, without control characters`);
}

function checkWord(value: unknown, least: number, path: string, name: string): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= maxWord) return;
  throw flaw(path, name, value, `must be a whole number from ${least} to ${maxWord}`);
}

function flaw(path: string, name: string, value: unknown, message: string): HttpFailure {
  return value === undefined ? invalidField(path || '/', `lacks: ${name}`) : invalidField(`${path}/${name}`, message);
}

function unknownField(name: string): string {
  return `has unknown fields: ${name.slice(0, 200)}`;
}
