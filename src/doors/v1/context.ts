/** What all handlers of the native API share: the node, one command to fill, answers with their position, keys and tokens. */
import type { scopes } from '../../engine/command.ts';
import { Command } from '../../engine/command.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { State } from '../../engine/state.ts';
import type { Answer, SignedText } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { readKey, requireKey } from '../kit/idempotency.ts';
import { readPosition, writePosition } from '../kit/positions.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { invalidField } from '../kit/validation.ts';
import type { Tokens } from '../kit/tokens.ts';
import type { Node } from '../../node/node.ts';
import { chargeFreeCall } from '../kit/free-calls.ts';
import { parseId } from '../kit/ids.ts';
import type { OwnedNoun } from '../kit/owners.ts';
import { Owners } from '../kit/owners.ts';
import { timeFlaw, timeMsOf } from '../kit/times.ts';
import { isComposed } from '../kit/texts.ts';
import { problemAnswer } from './errors.ts';
import { SeatMaps } from './seat-map.ts';

const maxCustomerUnits = 255;

type Scope = (typeof scopes)[keyof typeof scopes];

/** Something new, as an answer shows it. */
export interface Made {
  readonly location: string;
  readonly view: object;
}

export class Context {
  readonly node: Node;
  readonly owners: Owners;
  /** Filled and submitted without a pause in between, so one is enough. */
  readonly command = new Command();
  readonly maps = new SeatMaps();

  constructor(node: Node, tokens: Tokens) {
    this.node = node;
    this.owners = new Owners(node, tokens);
  }

  get state(): State {
    return this.node.engine.state;
  }

  get cell(): number {
    return this.state.genesis.cell;
  }

  /** The key of a call that must have one. @throws HttpFailure 400 */
  requiredKey(call: Call): string {
    return requireKey(call.header('idempotency-key'));
  }

  /** The key of a call that may have one, put into the command. */
  optionalKey(call: Call, scope: Scope, scopeId: number): boolean {
    const key = readKey(call.header('idempotency-key'));
    if (key === null) return false;
    this.command.setKey(scope, scopeId, key);
    return true;
  }

  fingerprint(asked: unknown): void {
    fingerprintAsked(this.command, asked);
  }

  /** The customer that a body names, put into the command. @throws HttpFailure 400 */
  setCustomer(id: string, path: string): void {
    // A schema counts characters; the log has room for so many UTF-16 units, and some characters are two.
    if (id.length > maxCustomerUnits) {
      const message = `must not have more than ${maxCustomerUnits} UTF-16 units`;
      throw new HttpFailure(problems.INVALID_REQUEST, `${path} ${message}.`, [{ path, message }]);
    }
    const { command, state } = this;
    command.setCustomer(id);
    // As many bytes as units: ASCII, which is composed.
    if (command.customerLength === id.length || isComposed(id)) return;
    if (state.findCustomer(command.text, command.customerStart, command.customerLength) >= 0) return;
    // What a key had pinned is told again, though its customer never came to be known.
    if (command.keyLength > 0 && state.findKey(command) >= 0) return;
    const message = 'is new here and not in the Unicode form NFC: ids are kept as they are, so send it in NFC';
    throw invalidField(path, message);
  }

  /** Lets in an operator or who presents the token of a thing. An id alone does not even tell that the thing exists. @throws HttpFailure 403 */
  requireToken(call: Call, noun: OwnedNoun, id: string): void {
    if (call.isOperator) return;
    if (!this.owners.isOwner(call, noun, parseId(noun, this.cell, id))) throw new HttpFailure(problems.TOKEN_REQUIRED);
  }

  /** Waits for `?at=POSITION`. @throws HttpFailure 409, 503 */
  async reachAsked(call: Call): Promise<void> {
    const position = this.askedPosition(call);
    if (position > 0) await this.node.reached(position);
  }

  /** The position that `?at=` names; 0 where it names none. @throws HttpFailure 409 */
  askedPosition(call: Call): number {
    const asked = call.url.searchParams.get('at');
    if (asked === null) return 0;
    const read = readPosition(this.state, asked);
    if (read.kind !== 'here') throw new HttpFailure(problems.POSITION_UNKNOWN);
    return read.position;
  }

  /** An answer to a command, with where it became true. */
  answer(
    outcome: Outcome,
    status: number,
    body: string | SignedText,
    more: Readonly<Record<string, string>> = {},
  ): Answer {
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'Holdfast-Position': writePosition(this.state, outcome.position),
      ...more,
    };
    if (outcome.replayed) headers['Idempotency-Replayed'] = 'true';
    return { status, headers, body };
  }

  /**
   * Submits the command as it is filled, once for each key that is sent; answers 201 with what it made, and where that is.
   * `checkNew`: throws where it may not be made any more, and is not asked about what a key has made before.
   */
  create(
    call: Call,
    scope: Scope,
    asked: unknown,
    made: (row: number) => Made,
    refused: (outcome: Outcome) => Answer = (outcome) => this.refused(outcome, call),
    checkNew: () => void = () => {},
  ): Answer | Promise<Answer> {
    if (this.optionalKey(call, scope, 0)) this.fingerprint(asked);
    chargeFreeCall(call, this.node, this.command);
    // What was taken under older rules keeps its answer.
    if (this.command.keyLength === 0 || this.node.engine.replayOf(this.command) === null) checkNew();
    const render = (outcome: Outcome): Answer => {
      if (!outcome.ok) return refused(outcome);
      const { location, view } = made(outcome.thing);
      return this.answer(outcome, 201, JSON.stringify(view), { Location: location });
    };
    return this.node.submit(this.command, render, undefined);
  }

  refused(outcome: Outcome, call: Call): Answer {
    call.outcome = outcome.row.code;
    const headers: Record<string, string> = { 'Holdfast-Position': writePosition(this.state, outcome.position) };
    if (outcome.replayed) headers['Idempotency-Replayed'] = 'true';
    return problemAnswer(outcome.row, outcome.row.sentence, [], headers);
  }

  /** An answer to a read, true at the present position. */
  read(body: string | Uint8Array<ArrayBuffer>): Answer {
    return { status: 200, headers: this.headersAt(this.node.engine.position), body };
  }

  headersAt(position: number): Record<string, string> {
    return { 'Content-Type': 'application/json', 'Holdfast-Position': writePosition(this.state, position) };
  }
}

/** What a client named, put into a command to compare by its key: in a fixed order, and without what was filled in. */
export function fingerprintAsked(command: Command, asked: unknown): void {
  fingerprintText(command, canonical(asked));
}

export function invalidParameter(name: string, message: string): HttpFailure {
  return new HttpFailure(problems.INVALID_REQUEST, `The parameter ${name} ${message}.`, [{ path: name, message }]);
}

/** Ms of an RFC 3339 time that fits the schema. @throws HttpFailure 400 when there is no such date, or it cannot be said back */
export function readTime(text: string, path: string): number {
  const ms = timeMsOf(text);
  if (ms === null) throw invalidField(path, timeFlaw(text));
  return ms;
}

/** JSON with sorted names, so that the order a client writes them in does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
