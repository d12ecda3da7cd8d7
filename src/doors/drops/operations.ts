/** What each row of the dialect does; `routes.ts` has their paths. */
import type { Command } from '../../engine/command.ts';
import { doors, kinds, scopes } from '../../engine/command.ts';
import { termsOf } from '../../engine/commands/holds.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { jsonAnswer } from '../kit/answers.ts';
import type { Body } from '../kit/input.ts';
import { bodyOf, invalid, isMissing, readId } from '../kit/input.ts';
import type { Caller, Operation } from '../kit/operation.ts';
import { noSuchRow } from '../kit/operation.ts';
import type { Owners } from '../kit/owners.ts';
import { notTheirs } from '../kit/owners.ts';
import type { Shares } from '../kit/shares.ts';
import { composed } from '../kit/texts.ts';
import { dropDefinition, findDrop, madeDrop, presentDrop } from './drops.ts';
import { reservationGone } from './errors.ts';
import * as input from './input.ts';
import { findReservation, firstDeadline, madePurchase, madeReservation } from './reservations.ts';
import type { Usernames } from './usernames.ts';
import { findCustomer, findUser, username, userView } from './users.ts';

interface UserAsk {
  /** As the client sent it. */
  readonly name: string;
  /** As it is kept; found when it is the request's turn. */
  id: string;
  readonly call: Call;
}

export function createUser(owners: Owners, usernames: Usernames): Operation<UserAsk> {
  return {
    read: (call, body) => ({ name: input.readUsername(bodyOf(call, body)), id: '', call }),
    inTurn: (ask, state, submit) =>
      usernames.register(state, ask.name, (id) => {
        ask.id = id;
        return submit();
      }),
    fill: ({ id, call }, state, command) => {
      const mayAdopt = owners.speaksFor(call, findCustomer(state, id));
      // The present state cannot decide: an order that names the id may be in flight.
      const strict = mayAdopt ? {} : { onlyNew: true };
      command.reset(kinds.createCustomer).body = { id, name: id, email: null, door: doors.drops, ...strict };
      command.setCustomer(id);
      return undefined;
    },
    keep: (key, { name }, command) => keep(command, key, `user ${JSON.stringify(name)}`),
    answer: ({ thing }, _, state) => made({ user: userView(state, thing) }),
    refused: ({ row }, { id }, state) => {
      // A registered name is a duplicate. A name known only from an order or hold of another door
      // is not this client's to take.
      const { profile } = state.customers;
      if (row === outcomes.CUSTOMER_EXISTS && profile.get(findCustomer(state, id)) === 0) throw notTheirs();
      return null;
    },
  };
}

interface DropAsk {
  readonly name: string;
  /** Minor units. */
  readonly amount: number;
  /** What a key stands for. */
  readonly hundredths: number;
  readonly stock: number;
  readonly opensAtMs: number | null;
  readonly holdSeconds: number | null;
}

/** `currency`: of the prices in requests. */
export function createDrop(currency: string): Operation<DropAsk> {
  return {
    read: (call, body) => readDrop(bodyOf(call, body), currency),
    fill: ({ name, stock, amount, opensAtMs, holdSeconds }, _, command) => {
      const price = { amount, currency };
      const definition = dropDefinition(composed(name), stock, price, opensAtMs, holdSeconds ?? undefined);
      command.reset(kinds.createSale).body = definition;
      return undefined;
    },
    keep: (key, { name, hundredths: amount, stock, opensAtMs, holdSeconds }, command) =>
      keep(command, key, `drop ${JSON.stringify({ name, amount, stock, opensAtMs, holdSeconds })}`),
    answer: ({ thing, position }, _, state) => {
      const { capacity } = state.sales.made[thing]!;
      const drop = { ...madeDrop(state, thing, capacity, position), recentPurchases: [] };
      return made({ message: 'Drop created successfully', drop });
    },
  };
}

/** @throws HttpFailure 400 */
function readDrop(body: Body, currency: string): DropAsk {
  const name = input.field(body, 'name');
  const price = input.field(body, 'price');
  const stock = input.field(body, 'totalStock', 'total_stock');
  if (input.isNothing(name) || isMissing(price) || isMissing(stock)) {
    throw invalid('Missing required fields: name, price, totalStock');
  }
  return {
    name: input.readName(name),
    amount: input.readPrice(price, currency),
    hundredths: input.hundredthsOf(price),
    stock: input.readStock(stock),
    opensAtMs: input.readStart(input.field(body, 'dropStartTime', 'drop_start_time')),
    holdSeconds: input.readHoldSeconds(input.field(body, 'holdSeconds')),
  };
}

interface ReserveAsk {
  readonly userId: number;
  readonly dropId: number;
  readonly caller: Caller;
}

export function reserve(shares: Shares | null): Operation<ReserveAsk> {
  return {
    read: (call, body) => ({
      userId: readUserId(bodyOf(call, body)),
      dropId: readId(call.param('dropId')),
      caller: call,
    }),
    fill: ({ userId, dropId, caller }, state, command) => {
      const user = findUser(state, userId);
      if (user < 0) throw invalid('User not found');
      const drop = findDrop(state, dropId);
      if (drop < 0) throw invalid('Drop not found');
      command.reset(kinds.hold);
      command.setCustomer(username(state, user));
      linesOf(command).add(drop, 1);
      termsOf(command).holdMs = state.sales.holdMs.get(drop);
      shares?.limit(command, caller, drop);
      return undefined;
    },
    keep: (key, { userId, dropId }, command) => keep(command, key, `reserve ${dropId} ${userId}`),
    answer: ({ thing }, _, state) =>
      made({
        message: 'Reservation successful',
        reservation: madeReservation(state, thing),
        expiresAt: firstDeadline(state, thing),
      }),
  };
}

interface PurchaseAsk {
  readonly userId: number;
  readonly reservationId: number;
  readonly caller: Caller;
  hasKey: boolean;
}

export const purchase: Operation<PurchaseAsk> = {
  read: (call, body) => ({
    userId: readUserId(bodyOf(call, body)),
    reservationId: readId(call.param('reservationId')),
    caller: call,
    hasKey: false,
  }),
  fill: ({ userId, reservationId, caller }, state, command) => {
    const [user, hold] = [findUser(state, userId), findReservation(state, reservationId)];
    // The owner stays secret: a stranger learns only that the reservation is not theirs to buy.
    if (user < 0 || hold < 0) throw invalid(reservationGone);
    command.reset(kinds.confirm);
    command.setCustomer(username(state, user));
    // Naming the customer of another door's hold is no proof. A key that bought it before this rule
    // keeps its answer.
    const own = state.holds.placedBy.get(hold) === doors.drops;
    command.target = own || caller.isOperator ? hold : noSuchRow;
    return undefined;
  },
  keep: (key, ask, command) => {
    ask.hasKey = true;
    keep(command, key, `purchase ${ask.reservationId} ${ask.userId}`);
  },
  answer: ({ thing, remaining, position }, { hasKey }, state) => {
    const { orders, lines } = state;
    const sale = lines.sale.get(orders.firstLine.get(thing));
    return made({
      message: 'Purchase completed successfully',
      purchase: madePurchase(state, thing),
      // A repeated answer must equal the first, even if the drop has changed; without a key there
      // is no repeat.
      drop: hasKey
        ? madeDrop(state, sale, remaining, position, orders.createdAtMs.get(thing))
        : presentDrop(state, sale),
    });
  },
};

/** @throws HttpFailure 400 when absent; an invalid id is 0, which nobody has */
function readUserId(body: Body): number {
  const value = input.field(body, 'userId', 'UserId', 'user_id');
  if (input.isNothing(value)) throw invalid('userId is required');
  return readId(value);
}

/** `named`: what the client asked for, independent of how it wrote it. */
function keep(command: Command, key: string, named: string): void {
  command.setKey(scopes.door, doors.drops, key);
  fingerprintText(command, named);
}

function made(body: object): Answer {
  return jsonAnswer(body, 201);
}
