/** Customers' ids in requests. */
import type { Command } from '../../engine/command.ts';
import type { State } from '../../engine/state.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { isComposed } from '../kit/texts.ts';
import { invalidField } from '../kit/validation.ts';

const maxCustomerUnits = 255;

/**
 * Puts the customer that a body names into the command. Returns what is wrong with a new id: a key
 * that had its effect before still gets its first answer.
 * @throws HttpFailure 400
 */
export function nameCustomer(state: State, command: Command, id: string, path: string): HttpFailure | undefined {
  // A schema counts characters; the log limits UTF-16 units, and some characters take two.
  if (id.length > maxCustomerUnits)
    throw invalidField(path, `must not have more than ${maxCustomerUnits} UTF-16 units`);
  command.setCustomer(id);
  // As many bytes as units: it is ASCII, and so already NFC.
  if (command.customerLength === id.length || isComposed(id)) return undefined;
  if (state.findCustomer(command.text, command.customerStart, command.customerLength) >= 0) return undefined;
  const message = 'is new here and not in the Unicode form NFC: ids are kept as they are, so send it in NFC';
  return invalidField(path, message);
}
