/** /api/users: customers that this door registered, each e-mail once. */
import type { CustomerChange } from '../../engine/commands/customers.ts';
import { doors, kinds } from '../../engine/command.ts';
import { madeCustomerProfile } from '../../engine/tables/customers.ts';
import type { State } from '../../engine/state.ts';
import { missing } from '../kit/input.ts';
import type { Operation, Read } from '../kit/operation.ts';
import { orNoSuchRow } from '../kit/operation.ts';
import { composed, findSpelled, spelledAs } from '../kit/texts.ts';
import { answer, created, deleted, updated } from './answers.ts';
import type { RecordChange } from './fields.ts';
import { changeIn, fieldsOf, idIn, recordChangeIn } from './fields.ts';
import type { User } from './input.ts';
import { readUser, readUserChange } from './input.ts';
import { setKey } from './keys.ts';
import { show, userRow, users } from './records.ts';

export const userByEmail: Read<string> = {
  read: (call) => call.param('email'),
  answer: (email, state) => {
    const row = findSpelled(email, (spelling) => state.emails.find(doors.seats, spelling));
    if (row < 0) throw missing('User not found');
    return answer(show(state, users, row));
  },
};

export const createUser: Operation<User> = {
  read: (call, body) => readUser(fieldsOf(call, body)),
  fill: ({ email, name }, state, command) => {
    command.reset(kinds.createCustomer).body = {
      id: null,
      name: composed(name),
      email: keptEmail(state, email),
      door: doors.seats,
      uniqueEmail: true,
    };
    return undefined;
  },
  keep: (key, { email, name }, command) => setKey(command, key, ['create user', email, name]),
  /** As it was registered, without later changes: a retry gets the same. */
  answer: ({ thing }, _, state) => created({ ...show(state, users, thing), ...madeCustomerProfile(state, thing) }),
};

/** Takes no key, since it is idempotent. */
export const changeUser: Operation<RecordChange> = {
  read: recordChangeIn,
  fill: ({ id, body }, state, command) => {
    const row = userRow(state, id);
    const { email, name } = readUserChange(changeIn(body, state, users, id, row));
    const change: CustomerChange = {
      customer: orNoSuchRow(row),
      ...(name === undefined ? {} : { name: composed(name) }),
      ...(email === undefined ? {} : { email: keptEmail(state, email) }),
    };
    command.reset(kinds.changeCustomer).body = change;
    return undefined;
  },
  answer: ({ thing }, _, state) => updated(show(state, users, thing)),
};

export const removeUser: Operation<number> = {
  read: idIn,
  fill: (id, state, command) => {
    command.reset(kinds.removeCustomer).body = { customer: orNoSuchRow(userRow(state, id)) };
    return undefined;
  },
  keep: (key, id, command) => setKey(command, key, ['delete user', id]),
  answer: deleted,
};

/**
 * An e-mail in the form in which it is stored already, so that the engine finds it taken; else in
 * NFC.
 */
function keptEmail(state: State, email: string): string {
  return spelledAs(email, (spelling) => state.emails.find(doors.seats, spelling) >= 0);
}
