/**
 * Runs the operations of a door: reads the body, finds the key, submits, and adds the headers that
 * all answers have. The command is filled and submitted synchronously, so a door needs only one.
 */
import { Command } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { OutcomeCode } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure } from '../../http/problems.ts';
import type { RouteTerms } from '../../http/route.ts';
import type { Node } from '../../node/node.ts';
import { asRefusal, asReplayed } from './answers.ts';
import { chargeFreeCall } from './free-calls.ts';
import { readKey, requireKey } from './idempotency.ts';
import type { Dialect, Instead, Operation, Read } from './operation.ts';

export class Operations {
  readonly node: Node;
  private readonly dialect: Dialect;
  private readonly command = new Command();

  constructor(node: Node, dialect: Dialect) {
    this.node = node;
    this.dialect = dialect;
  }

  /** The row of a door's table for a read. */
  read<Ask>(terms: RouteTerms, read: Read<Ask>): Route {
    return {
      ...terms,
      handle: (call) => {
        const { state } = this.node.engine;
        read.admit?.(call, state);
        return read.answer(read.read(call), state);
      },
    };
  }

  /** The row of a door's table for an operation. */
  operation<Ask>(terms: RouteTerms, operation: Operation<Ask>): Route {
    const run = new Run(this.node, this.command, this.dialect, operation);
    return { ...terms, handle: (call) => run.handle(call) };
  }
}

/** One operation, for all its calls. State until the outcome is kept on the call. */
class Run<Ask> {
  private readonly node: Node;
  private readonly command: Command;
  private readonly dialect: Dialect;
  private readonly operation: Operation<Ask>;

  constructor(node: Node, command: Command, dialect: Dialect, operation: Operation<Ask>) {
    this.node = node;
    this.command = command;
    this.dialect = dialect;
    this.operation = operation;
  }

  handle(call: Call): undefined {
    // A required key is checked before the body is read.
    if (call.route?.key === 'required') call.key = requireKey(call.header('idempotency-key'));
    this.operation.admit?.(call, this.state);
    return call.withBody(this.arrived);
  }

  private get state(): State {
    return this.node.engine.state;
  }

  private readonly arrived = (body: Uint8Array, call: Call): undefined => {
    const { operation } = this;
    const ask = operation.read(call, body);
    call.ask = ask;
    if (operation.inTurn !== undefined) {
      call.resolve(operation.inTurn(ask, this.state, () => this.submit(call)));
      return;
    }
    const instead = this.fill(call);
    if (instead !== undefined) call.resolve(this.recall(call, instead));
    else this.node.submitTo(this.command, this.render, call);
  };

  /** As a promise only where one may be needed. */
  private submit(call: Call): Answer | Promise<Answer> {
    const instead = this.fill(call);
    if (instead !== undefined) return this.recall(call, instead);
    // Awaiting it flattens the promise.
    return this.node.submit(this.command, this.render, call) as Answer | Promise<Answer>;
  }

  private fill(call: Call): Instead | undefined {
    const { command, operation } = this;
    const ask = call.ask as Ask;
    const instead = operation.fill(ask, this.state, command);
    const key = this.keyOf(call, ask);
    if (key !== null) operation.keep?.(key, ask, command);
    chargeFreeCall(call, this.node, command);
    return instead;
  }

  private keyOf(call: Call, ask: Ask): string | null {
    if (this.operation.keyIn !== undefined) return this.operation.keyIn(ask);
    return call.route?.key === 'optional' ? readKey(call.header('idempotency-key')) : call.key;
  }

  /** The key's earlier result, else what was found instead of a command. @throws HttpFailure */
  private recall(call: Call, instead: Instead): Answer | Promise<Answer> {
    const known = this.command.keyLength === 0 ? null : this.node.recall(this.command);
    if (known instanceof Promise) return known.then(() => this.submit(call));
    if (known !== null) return this.render(known, call);
    if (instead instanceof HttpFailure) throw instead;
    return instead;
  }

  private readonly render = (outcome: Outcome, call: Call): Answer | Promise<Answer> => {
    const ask = call.ask as Ask;
    const { replayed } = outcome;
    if (!outcome.ok) return asRefusal(this.refused(outcome, ask, call), outcome.row.status, replayed);
    const answer = this.operation.answer(outcome, ask, this.state);
    if (!replayed) return answer;
    return answer instanceof Promise ? answer.then(asReplayed) : asReplayed(answer);
  };

  private refused(outcome: Outcome, ask: Ask, call: Call): Answer {
    const { operation, dialect, state } = this;
    // Codes are the names in the table of outcomes.
    const code = outcome.row.code as OutcomeCode;
    call.outcome = code;
    const own = operation.words?.(ask, outcome, state)[code] ?? dialect.words[code];
    return operation.refused?.(outcome, ask, state) ?? dialect.refusal(outcome, own, call.route, state);
  }
}
