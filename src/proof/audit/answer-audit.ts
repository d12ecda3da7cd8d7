/**
 * Compares each answer with its own request, and checks that no id names two things. Knows only
 * requests and answers.
 */
import { numberOf, objectsOf, parseObject, ShapeError, textOf } from '../load/json.ts';
import type { Json } from '../load/json.ts';
import type { Operation } from './operation.ts';
import { isOk, nameOf } from './operation.ts';
import type { Problems } from './problems.ts';

/** Ids of things that were made, over the whole run. */
export type KnownIds = Map<string, string>;

export function auditAnswers(operations: readonly Operation[], known: KnownIds, problems: Problems): void {
  for (const operation of operations) {
    if (!isOk(operation)) continue;
    try {
      auditAnswer(operation, known, problems);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      problems.add('an answer does not have its form', `${nameOf(operation)}: ${error.message}`);
    }
  }
}

function auditAnswer(operation: Operation, known: KnownIds, problems: Problems): void {
  const body = parseObject(operation.answer?.body ?? '');
  const { kind } = operation;
  if (kind === 'order' || kind === 'basket' || kind === 'confirm') {
    auditLines(operation, objectsOf(body, 'lines'), problems);
    auditNew(operation, textOf(body, 'id'), known, problems);
  } else if (kind === 'hold') {
    auditLines(operation, [body], problems);
    auditNew(operation, textOf(body, 'id'), known, problems);
  } else if (kind === 'purchase') {
    numberOf(body, 'seatsRemaining');
  }
}

function auditLines(operation: Operation, got: readonly Json[], problems: Problems): void {
  const same =
    got.length === operation.lines.length &&
    operation.lines.every(({ sale, quantity }, at) => {
      const line = got[at]!;
      return textOf(line, 'sale') === sale && numberOf(line, 'quantity') === quantity;
    });
  if (!same) problems.add('an answer is about something else', `${nameOf(operation)} was told ${JSON.stringify(got)}`);
}

function auditNew(operation: Operation, id: string, known: KnownIds, problems: Problems): void {
  const other = known.get(id);
  if (other !== undefined)
    problems.add('one thing was given to two requests', `${id} to ${other} and to ${nameOf(operation)}`);
  known.set(id, nameOf(operation));
}
