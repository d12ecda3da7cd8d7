/**
 * The share of a sale that one customer, and one address, may hold at a time. Off unless set:
 * behind one address there may be a household or a town. The limit is resolved into each hold's
 * command, in units, and the address is a keyed hash of 32 bits, so the log does not identify the
 * caller. The operator is exempt, and so is an address that would stand for everyone.
 */
import type { Command } from '../../engine/command.ts';
import { termsOf } from '../../engine/commands/holds.ts';
import type { Caller } from './operation.ts';
import type { Tokens } from './tokens.ts';
import type { Node } from '../../node/node.ts';

/** In percent of a sale's capacity; null for no limit. */
interface HoldShares {
  readonly ofCustomer: number | null;
  readonly ofAddress: number | null;
}

export class Shares {
  private readonly node: Node;
  private readonly tokens: Tokens;
  private readonly shares: HoldShares;

  constructor(node: Node, tokens: Tokens, shares: HoldShares) {
    this.node = node;
    this.tokens = tokens;
    this.shares = shares;
  }

  /** Limits the hold that a command asks for. */
  limit(command: Command, caller: Caller, sale: number): void {
    if (caller.isOperator || sale >= this.node.engine.state.sales.count) return;
    const { ofCustomer, ofAddress } = this.shares;
    if (ofCustomer !== null) termsOf(command).maxOfCustomer = this.units(sale, ofCustomer);
    const address = ofAddress === null ? null : caller.client.address;
    if (ofAddress === null || address === null) return;
    termsOf(command).maxOfAddress = this.units(sale, ofAddress);
    termsOf(command).address = this.tokens.hashOf(address);
  }

  /** At least one: a share of a small sale must not forbid holding. */
  private units(sale: number, percent: number): number {
    return Math.max(1, Math.floor((this.node.engine.state.sales.capacity.get(sale) * percent) / 100));
  }
}

/** Null without limits, so a hold pays nothing for it. */
export function sharesOf(node: Node, tokens: Tokens, shares: HoldShares): Shares | null {
  return shares.ofCustomer === null && shares.ofAddress === null ? null : new Shares(node, tokens, shares);
}
