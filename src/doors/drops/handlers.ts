/** What each row of the dialect does; which path it is called for is in `routes.ts`. */
import { Command, doors, kinds, scopes } from '../../engine/command.ts';
import { termsOf } from '../../engine/commands/holds.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { readKey } from '../kit/idempotency.ts';
import { jsonAnswer, jsonHeaders, jsonText, replayedHeaders } from '../kit/answers.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Node } from '../../node/node.ts';
import { chargeFreeCall } from '../kit/free-calls.ts';
import type { Body } from '../kit/input.ts';
import { invalid, readBody, readId } from '../kit/input.ts';
import type { Owners } from '../kit/owners.ts';
import { notTheirs } from '../kit/owners.ts';
import type { Shares } from '../kit/shares.ts';
import { composed } from '../kit/texts.ts';
import { dropDefinition, dropView, findDrop, madeDrop, presentDrop, shownDrops } from './drops.ts';
import { refused, reservationGone } from './errors.ts';
import * as input from './input.ts';
import { findReservation, firstDeadline, madePurchase, madeReservation } from './reservations.ts';
import { Usernames } from './usernames.ts';
import { allUsers, findCustomer, findUser, username, userView } from './users.ts';

/** A row that nothing has: the engine says of it what it says of whatever is not there. */
const nowhere = 0xffffffff;

export class Drops {
  private readonly node: Node;
  private readonly currency: string;
  private readonly owners: Owners;
  private readonly shares: Shares | null;
  /** Filled and submitted without a pause in between, so one is enough. */
  private readonly command = new Command();
  private readonly usernames = new Usernames();
  private shown = { position: -1, atMs: 0, text: '' };

  constructor(node: Node, currency: string, owners: Owners, shares: Shares | null) {
    this.node = node;
    this.currency = currency;
    this.owners = owners;
    this.shares = shares;
  }

  private get state(): State {
    return this.node.engine.state;
  }

  health(): Answer {
    return jsonAnswer({ status: 'OK', message: 'Inventory system is running' });
  }

  listUsers(): Answer {
    return jsonAnswer({ users: allUsers(this.state) });
  }

  async createUser(call: Call): Promise<Answer> {
    const name = input.readUsername(await readBody(call));
    return this.usernames.register(this.state, name, (id) => this.submitUser(call, name, id));
  }

  /** `name`: as the client sent it; `id`: as it is kept. */
  private submitUser(call: Call, name: string, id: string): Answer | Promise<Answer> {
    const command = this.command.reset(kinds.createCustomer);
    const mayAdopt = this.owners.speaksFor(call, findCustomer(this.state, id));
    // Not asked of the state here: an order that names the id may be on its way.
    const strict = mayAdopt ? {} : { onlyNew: true };
    command.body = { id, name: id, email: null, door: doors.drops, ...strict };
    command.setCustomer(id);
    this.readKey(call, `user ${JSON.stringify(name)}`);
    chargeFreeCall(call, this.node, command);
    const render = (outcome: Outcome): Answer => this.renderUser(outcome, call, id);
    return this.node.submit(command, render, undefined);
  }

  private renderUser(outcome: Outcome, call: Call, id: string): Answer {
    if (outcome.ok) return made(outcome, { user: userView(this.state, outcome.thing) });
    // A name that is somebody's is a duplicate. One that only an order or hold of another door has named is not this client's to take.
    const { profile } = this.state.customers;
    if (outcome.row === outcomes.CUSTOMER_EXISTS && profile.get(findCustomer(this.state, id)) === 0) throw notTheirs();
    return refused(outcome, call);
  }

  /** The text is made once for each batch: between two of them nothing changes but that a sold-out drop goes after a day. */
  listDrops(): Answer {
    const { engine, civil } = this.node;
    const nowMs = civil.nowMs();
    const { shown } = this;
    if (shown.position !== engine.position || nowMs - shown.atMs > 1000) {
      this.shown = {
        position: engine.position,
        atMs: nowMs,
        text: JSON.stringify(shownDrops(this.state, nowMs)),
      };
    }
    return jsonText(this.shown.text);
  }

  oneDrop(call: Call): Answer {
    const row = findDrop(this.state, readId(call.param('id')));
    if (row < 0) throw new HttpFailure(problems.NOT_FOUND, 'Drop not found');
    return jsonAnswer(dropView(this.state, row));
  }

  async createDrop(call: Call): Promise<Answer> {
    const body = await readBody(call);
    const [name, price, stock] = [
      input.field(body, 'name'),
      input.field(body, 'price'),
      input.field(body, 'totalStock', 'total_stock'),
    ];
    if (input.isNothing(name) || input.isMissing(price) || input.isMissing(stock))
      throw invalid('Missing required fields: name, price, totalStock');
    const ownName = input.readName(name);
    const amount = input.readPrice(price, this.currency);
    const named = {
      name: ownName,
      amount: input.hundredthsOf(price),
      stock: input.readStock(stock),
      opensAtMs: input.readStart(input.field(body, 'dropStartTime', 'drop_start_time')),
      holdSeconds: input.readHoldSeconds(input.field(body, 'holdSeconds')),
    };
    const command = this.command.reset(kinds.createSale);
    command.body = dropDefinition(
      composed(named.name),
      named.stock,
      { amount, currency: this.currency },
      named.opensAtMs,
      named.holdSeconds ?? undefined,
    );
    this.readKey(call, `drop ${JSON.stringify(named)}`);
    return this.node.submit(command, this.renderDrop, call);
  }

  private readonly renderDrop = (outcome: Outcome, call: Call): Answer => {
    if (!outcome.ok) return refused(outcome, call);
    const { capacity } = this.state.sales.made[outcome.thing]!;
    const drop = { ...madeDrop(this.state, outcome.thing, capacity, outcome.position), recentPurchases: [] };
    return made(outcome, { message: 'Drop created successfully', drop });
  };

  async reserve(call: Call): Promise<Answer> {
    const userId = readUserId(await readBody(call));
    const user = findUser(this.state, userId);
    if (user < 0) throw invalid('User not found');
    const dropId = readId(call.param('dropId'));
    const drop = findDrop(this.state, dropId);
    if (drop < 0) throw invalid('Drop not found');
    const command = this.command.reset(kinds.hold);
    command.setCustomer(username(this.state, user));
    linesOf(command).add(drop, 1);
    termsOf(command).holdMs = this.state.sales.holdMs.get(drop);
    this.shares?.limit(command, call, drop);
    this.readKey(call, `reserve ${dropId} ${userId}`);
    return this.node.submit(command, this.renderReserved, call);
  }

  private readonly renderReserved = (outcome: Outcome, call: Call): Answer => {
    if (!outcome.ok) return refused(outcome, call);
    return made(outcome, {
      message: 'Reservation successful',
      reservation: madeReservation(this.state, outcome.thing),
      expiresAt: firstDeadline(this.state, outcome.thing),
    });
  };

  async purchase(call: Call): Promise<Answer> {
    const userId = readUserId(await readBody(call));
    const reservationId = readId(call.param('reservationId'));
    const [user, hold] = [findUser(this.state, userId), findReservation(this.state, reservationId)];
    // Whose it is, is nobody else's business: a stranger learns no more than that it is not theirs to buy.
    if (user < 0 || hold < 0) throw invalid(reservationGone);
    const command = this.command.reset(kinds.confirm);
    command.setCustomer(username(this.state, user));
    // To name the customer of a hold that another door placed is no proof. A key that bought it before this was asked has its answer.
    const own = this.state.holds.placedBy.get(hold) === doors.drops;
    command.target = own || call.isOperator ? hold : nowhere;
    this.readKey(call, `purchase ${reservationId} ${userId}`);
    return this.node.submit(command, this.renderPurchased, call);
  }

  private readonly renderPurchased = (outcome: Outcome, call: Call): Answer => {
    if (!outcome.ok) return refused(outcome, call);
    const { orders, lines } = this.state;
    const sale = lines.sale.get(orders.firstLine.get(outcome.thing));
    return made(outcome, {
      message: 'Purchase completed successfully',
      purchase: madePurchase(this.state, outcome.thing),
      // A repeated answer must be the first one again, whatever the drop has become; without a key there is none.
      drop: isKeyed(call)
        ? madeDrop(this.state, sale, outcome.remaining, outcome.position, orders.createdAtMs.get(outcome.thing))
        : presentDrop(this.state, sale),
    });
  };

  /** A key is honoured when it is sent. `named`: what the client asked for, in a form that does not depend on how it wrote it. */
  private readKey(call: Call, named: string): void {
    const key = readKey(call.header('idempotency-key'));
    if (key === null) return;
    this.command.setKey(scopes.door, doors.drops, key);
    fingerprintText(this.command, named);
  }
}

function isKeyed(call: Call): boolean {
  return call.header('idempotency-key') !== null;
}

/** @throws HttpFailure 400 when none is named; an id that is none is 0, which is nobody's */
function readUserId(body: Body): number {
  const value = input.field(body, 'userId', 'UserId', 'user_id');
  if (input.isNothing(value)) throw invalid('userId is required');
  return readId(value);
}

function made(outcome: Outcome, body: unknown): Answer {
  const { replayed } = outcome;
  return jsonText(JSON.stringify(body), 201, replayed ? replayedHeaders : jsonHeaders);
}
