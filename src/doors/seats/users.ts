/** /api/users: customers that this door registered, each e-mail once. */
import type { CustomerChange } from '../../engine/commands/customers.ts';
import { doors, kinds } from '../../engine/command.ts';
import { madeCustomerProfile } from '../../engine/tables/customers.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { readId } from '../kit/input.ts';
import { composed, findSpelled, spelledAs } from '../kit/texts.ts';
import type { Context } from './context.ts';
import { answer, created, deleted, updated } from './context.ts';
import { noSuchRow } from '../kit/operation.ts';
import { missing } from './errors.ts';
import { changeIn, readFields } from './fields.ts';
import { readUser, readUserChange } from './input.ts';
import { list } from './lists.ts';
import { show, userRow, users } from './records.ts';

export class Users {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  list(call: Call): Promise<Answer> {
    return list(this.context.state, users, call);
  }

  one(call: Call): Answer {
    const { state } = this.context;
    const row = users.find(state, readId(call.param('id')));
    if (row < 0) throw missing();
    return answer(show(state, users, row));
  }

  byEmail(call: Call): Answer {
    const { state } = this.context;
    const row = findSpelled(call.param('email'), (email) => state.emails.find(doors.seats, email));
    if (row < 0) throw missing('User not found');
    return answer(show(state, users, row));
  }

  async create(call: Call): Promise<Answer> {
    const { email, name } = readUser(await readFields(call));
    const { context } = this;
    context.command.reset(kinds.createCustomer).body = {
      id: null,
      name: composed(name),
      email: this.kept(email),
      door: doors.seats,
      uniqueEmail: true,
    };
    return context.submit(call, ['create user', email, name], (outcome) => this.renderCreated(outcome));
  }

  /** As it was registered, whatever it was changed to since. */
  private renderCreated(outcome: Outcome): Answer {
    const { state } = this.context;
    return created(outcome, { ...show(state, users, outcome.thing), ...madeCustomerProfile(state, outcome.thing) });
  }

  async change(call: Call): Promise<Answer> {
    const { context } = this;
    const { state } = context;
    const id = readId(call.param('id'));
    const asked = readUserChange(changeIn(await readFields(call), state, users, id, userRow(state, id)));
    const change: CustomerChange = {
      customer: this.named(call),
      ...(asked.name === undefined ? {} : { name: composed(asked.name) }),
      ...(asked.email === undefined ? {} : { email: this.kept(asked.email) }),
    };
    context.command.reset(kinds.changeCustomer).body = change;
    return context.submit(call, null, (outcome) => updated(outcome, show(context.state, users, outcome.thing)));
  }

  async remove(call: Call): Promise<Answer> {
    await call.readBytes();
    const { context } = this;
    const id = readId(call.param('id'));
    context.command.reset(kinds.removeCustomer).body = { customer: this.named(call) };
    return context.submit(call, ['delete user', id], deleted);
  }

  /** An e-mail as somebody has it, so that the engine says that it is taken; in NFC where it is new. */
  private kept(email: string): string {
    return spelledAs(email, (spelling) => this.context.state.emails.find(doors.seats, spelling) >= 0);
  }

  /** Row of the user in the path; what is not there is the engine's to say. */
  private named(call: Call): number {
    const row = userRow(this.context.state, readId(call.param('id')));
    return row < 0 ? noSuchRow : row;
  }
}
