/**
 * Whose a thing is. Who made a hold, an order or a place in line was given its token; whoever shows
 * it is that client, and an operator may do what any of them may. A customer's id is no proof:
 * anybody can name it. Who shows the token of something of a customer's is that customer.
 */
import type { State } from '../../engine/state.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { TokenHistory, TokenOf, TokenPurpose, Tokens } from './tokens.ts';
import type { Node } from '../../node/node.ts';
import { formatId, parseId } from './ids.ts';
import type { Caller } from './operation.ts';

/** What has a token. */
const ownedNouns = ['hold', 'order', 'waitlist'] as const;
type OwnedNoun = TokenPurpose;

/** Tokens that one header may carry. */
const maxTokens = 40;

export class Owners {
  private readonly node: Node;
  private readonly tokens: Tokens;

  constructor(node: Node, tokens: Tokens) {
    this.node = node;
    this.tokens = tokens;
  }

  /** The token of a thing by row, for who made it; null for operators, who need none. */
  tokenFor(caller: Caller, noun: OwnedNoun, row: number): string | null {
    return caller.isOperator ? null : this.tokens.of(this.thing(noun, row));
  }

  /** What that token signs, for an answer that is made within a batch; null for none. */
  signsFor(caller: Caller, noun: OwnedNoun, row: number): string | null {
    return caller.isOperator ? null : this.tokens.textOf(this.thing(noun, row));
  }

  /**
   * Admits who may speak for the thing whose id is in the path. An id alone does not even tell that
   * the thing exists.
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
   * Whether a caller is the operator, or shows the token of a thing; a row that is none is
   * nobody's.
   */
  isOwner(caller: Caller, noun: OwnedNoun, row: number): boolean {
    return caller.isOperator || this.isOpenedBy(noun, row, caller.header('holdfast-token'));
  }

  /**
   * The same of several things: `token` came with the thing's id, if any did; else the header holds
   * it, among others.
   */
  isShown(caller: Caller, noun: OwnedNoun, row: number, token: string | undefined): boolean {
    if (caller.isOperator) return true;
    if (token !== undefined) return this.isOpenedBy(noun, row, token);
    return shownBy(caller).some((one) => this.isOpenedBy(noun, row, one));
  }

  /**
   * Whether a caller may speak for a customer, by row: an operator, or who shows the token of
   * something of the customer's, with the id that it is of: `Holdfast-Token: ID:TOKEN`, several
   * with commas between.
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

  /** Row of the customer of a thing; -1 for none. */
  private customerOf(noun: OwnedNoun, row: number): number {
    const { holds, orders, waitlist } = this.state;
    return { hold: holds, order: orders, waitlist }[noun].customer.get(row) - 1;
  }
}

/** What tokens are of, of a store. */
export function historyOf({ engine }: Node): TokenHistory {
  const words = engine.state.genesis.hashKey.map((word) => word.toString(16).padStart(8, '0'));
  return { store: words.join(''), epochAt: (position) => engine.state.epochs.at(position) };
}

/** Tokens in the header, as they are written there. */
function shownBy(caller: Caller): string[] {
  const header = caller.header('holdfast-token');
  return header === null ? [] : header.split(',', maxTokens).map((shown) => shown.trim());
}

/**
 * What to throw at who registers an id that is known, and shows nothing of its owner's. That it is
 * known, the call shows.
 */
export function notTheirs(): HttpFailure {
  return new HttpFailure(
    problems.TOKEN_REQUIRED,
    'This id is known here: to register it, show a token of one of its holds, orders or places in line, with the id that it is of: Holdfast-Token: ID:TOKEN.',
  );
}
