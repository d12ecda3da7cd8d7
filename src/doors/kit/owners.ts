/**
 * Ownership. The client that made a hold, an order or a place in line got its token; a caller that
 * presents the token is that client. An operator may do what any client may. A customer's id is no
 * proof, since anyone can name it. A caller with the token of something of a customer's is that
 * customer.
 */
import type { State } from '../../engine/state.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { TokenHistory, TokenOf, TokenPurpose, Tokens } from './tokens.ts';
import type { Node } from '../../node/node.ts';
import { formatId, parseId } from './ids.ts';
import type { Caller } from './operation.ts';

/** A thing with a token. */
const ownedNouns = ['hold', 'order', 'waitlist'] as const;
type OwnedNoun = TokenPurpose;

/** Maximum of tokens in the header. */
const maxTokens = 40;

export class Owners {
  private readonly node: Node;
  private readonly tokens: Tokens;

  constructor(node: Node, tokens: Tokens) {
    this.node = node;
    this.tokens = tokens;
  }

  /** The token of a thing by row, for its maker; null for operators, who need none. */
  tokenFor(caller: Caller, noun: OwnedNoun, row: number): string | null {
    return caller.isOperator ? null : this.tokens.of(this.thing(noun, row));
  }

  /** The text that the token signs, for an answer made within a batch; null for none. */
  signsFor(caller: Caller, noun: OwnedNoun, row: number): string | null {
    return caller.isOperator ? null : this.tokens.textOf(this.thing(noun, row));
  }

  /**
   * Admits callers that may act for the thing whose id is in the path. An id alone does not even
   * reveal that the thing exists.
   * @throws HttpFailure 403
   */
  admits(noun: OwnedNoun): (call: Call, state: State) => void {
    return (call, { genesis }) => {
      if (call.isOperator) return;
      const row = parseId(noun, genesis.cell, call.param('id'));
      if (!this.isOwner(call, noun, row)) throw new HttpFailure(problems.TOKEN_REQUIRED);
    };
  }

  private opens(noun: OwnedNoun, row: number, token: string): boolean {
    return this.tokens.opens(this.thing(noun, row), token);
  }

  /**
   * Whether a caller is the operator or presents the thing's token; a row of no thing belongs to
   * nobody.
   */
  isOwner(caller: Caller, noun: OwnedNoun, row: number): boolean {
    return caller.isOperator || this.isOpenedBy(noun, row, caller.header('holdfast-token'));
  }

  /**
   * The same for several things. `token` came with the thing's id, if there was one; else the
   * header has it, among others.
   */
  isShown(caller: Caller, noun: OwnedNoun, row: number, token: string | undefined): boolean {
    if (caller.isOperator) return true;
    if (token !== undefined) return this.isOpenedBy(noun, row, token);
    return shownBy(caller).some((one) => this.isOpenedBy(noun, row, one));
  }

  /**
   * Whether a caller may act for a customer, by row: an operator, or a caller that presents the
   * token of something of the customer's with its id: `Holdfast-Token: ID:TOKEN`, several separated
   * by commas.
   */
  speaksFor(caller: Caller, customer: number): boolean {
    if (caller.isOperator) return true;
    return customer >= 0 && shownBy(caller).some((shown) => this.opensThingOf(customer, shown));
  }

  private opensThingOf(customer: number, shown: string): boolean {
    const colon = shown.indexOf(':');
    if (colon < 0) return false;
    const id = shown.slice(0, colon);
    for (const noun of ownedNouns) {
      const row = parseId(noun, this.state.genesis.cell, id);
      if (this.isOpenedBy(noun, row, shown.slice(colon + 1))) return this.customerOf(noun, row) === customer;
    }
    return false;
  }

  private isOpenedBy(noun: OwnedNoun, row: number, token: string | null): boolean {
    return token !== null && row >= 0 && row < this.count(noun) && this.opens(noun, row, token);
  }

  private thing(purpose: OwnedNoun, row: number): TokenOf {
    const { holds, orders, waitlist, genesis } = this.state;
    const position = { hold: holds, order: orders, waitlist }[purpose].position.get(row);
    return { purpose, id: formatId(purpose, genesis.cell, row), position };
  }

  private get state(): State {
    return this.node.engine.state;
  }

  private count(noun: OwnedNoun): number {
    const { holds, orders, waitlist } = this.state;
    return { hold: holds, order: orders, waitlist }[noun].count;
  }

  /** Row of a thing's customer; -1 for none. */
  private customerOf(noun: OwnedNoun, row: number): number {
    const { holds, orders, waitlist } = this.state;
    return { hold: holds, order: orders, waitlist }[noun].customer.get(row) - 1;
  }
}

/** The things of a store that have tokens. */
export function historyOf({ engine }: Node): TokenHistory {
  const words = engine.state.genesis.hashKey.map((word) => word.toString(16).padStart(8, '0'));
  return { store: words.join(''), epochAt: (position) => engine.state.epochs.at(position) };
}

/** Tokens as written in the header. */
function shownBy(caller: Caller): string[] {
  const header = caller.header('holdfast-token');
  return header === null ? [] : header.split(',', maxTokens).map((shown) => shown.trim());
}

/**
 * The failure for a caller that registers a known id without a token of its owner. The call itself
 * shows that the id is known.
 */
export function notTheirs(): HttpFailure {
  return new HttpFailure(
    problems.TOKEN_REQUIRED,
    'This id is known here: to register it, show a token of one of its holds, orders or places in line, with the id that it is of: Holdfast-Token: ID:TOKEN.',
  );
}
