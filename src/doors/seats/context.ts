/** What all handlers of this dialect share: the node, one command to fill, keys, and the shapes of its answers. */
import { Command, doors, kinds, scopes } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { readKey } from '../kit/idempotency.ts';
import { jsonHeaders, jsonText, replayedHeaders } from '../kit/answers.ts';
import type { Node } from '../../node/node.ts';
import { noSuchRow } from '../kit/operation.ts';
import { chargeFreeCall } from '../kit/free-calls.ts';
import type { Shares } from '../kit/shares.ts';
import type { Words } from './errors.ts';
import { refused } from './errors.ts';

export class Context {
  readonly node: Node;
  readonly shares: Shares | null;
  /** Filled and submitted without a pause in between, so one is enough. */
  readonly command = new Command();

  constructor(node: Node, shares: Shares | null) {
    this.node = node;
    this.shares = shares;
  }

  get state(): State {
    return this.node.engine.state;
  }

  /**
   * Submits the command as it is filled. `named`: what the client asked for, which a key stands for; it does not depend on which
   * command that came to, since the same request may come to another one later. Null: the call takes no key.
   */
  submit<Made>(
    call: Call,
    named: unknown,
    render: (outcome: Outcome) => Made,
    words?: Words,
  ): Made | Answer | Promise<Made | Answer> {
    if (named !== null) this.readKey(call, named);
    chargeFreeCall(call, this.node, this.command);
    return this.node.submit(
      this.command,
      (outcome) => (outcome.ok ? render(outcome) : refused(outcome, call, words)),
      undefined,
    );
  }

  /**
   * For what the engine need not be asked, because something named is not there, or nothing is to be done: `otherwise` answers. But
   * where the key had its effect before things became so, it has its first answer again.
   */
  submitNothing(
    call: Call,
    named: unknown,
    render: (outcome: Outcome) => Answer,
    otherwise: () => Answer,
  ): Answer | Promise<Answer> {
    linesOf(this.command.reset(kinds.order)).add(noSuchRow, 1);
    if (!this.readKey(call, named)) return otherwise();
    return this.node.submit(
      this.command,
      (outcome) => {
        if (outcome.ok) return render(outcome);
        return outcome.row === outcomes.UNKNOWN_SALE ? otherwise() : refused(outcome, call);
      },
      undefined,
    );
  }

  /** A key is honoured when it is sent. Returns whether there is one. @throws HttpFailure 400 for a malformed one */
  private readKey(call: Call, named: unknown): boolean {
    const key = readKey(call.header('idempotency-key'));
    if (key === null) return false;
    setKey(this.command, key, named);
    return true;
  }
}

/** Puts a key of this dialect into a command, and what it stands for, whichever command that came to. */
export function setKey(command: Command, key: string, named: unknown): void {
  command.setKey(scopes.door, doors.seats, key);
  fingerprintText(command, JSON.stringify(named), kinds.tick);
}

/** `{"success":true,"data":…}`, with what was done to the record where something was. */
export function answer(record: unknown, message?: string, status = 200, replayed = false): Answer {
  const body = { success: true, data: record, ...(message === undefined ? {} : { message }) };
  return respond(body, status, replayed);
}

/** `warning`: of what was done as asked, and may not be what was meant. */
export function created(outcome: Outcome, record: unknown, warning?: string): Answer {
  const body = { success: true, data: record, message: 'Record created successfully' };
  return respond(warning === undefined ? body : { ...body, warning }, 201, outcome.replayed);
}

export function updated(outcome: Outcome | null, record: unknown): Answer {
  return answer(record, 'Record updated successfully', 200, outcome?.replayed);
}

export function deleted(outcome: Outcome): Answer {
  return respond({ success: true, message: 'Record deleted successfully' }, 200, outcome.replayed);
}

/** The answers about bookings have a status in their body, too. */
export function booked(replayed: boolean, about: unknown, message: string): Answer {
  return respond({ success: true, statusCode: 200, data: about, message }, 200, replayed);
}

function respond(body: object, status: number, replayed: boolean): Answer {
  return jsonText(JSON.stringify(body), status, replayed ? replayedHeaders : jsonHeaders);
}
