/** Which lines of an order a cancellation names. */
import type { Ask, Command } from '../command.ts';
import { AskType, kindName } from '../command.ts';
import type { Codec } from './codec.ts';
import { requireBytes } from './codec.ts';
import { maxLines } from './lines.ts';

class Cancellation implements Ask {
  /** How many lines are named; 0 means all lines. */
  count = 0;
  /** Numbers within the order, from 0. */
  readonly lines = new Uint32Array(maxLines);

  clear(): void {
    this.count = 0;
  }

  add(line: number): void {
    if (this.count >= maxLines) throw new Error(`a cancellation names at most ${maxLines} lines`);
    this.lines[this.count] = line;
    this.count += 1;
  }
}

const cancellationAsk = new AskType(() => new Cancellation());

export function cancellationOf(command: Command): Cancellation {
  return command.ask(cancellationAsk);
}

export const cancelCodec: Codec = {
  hasBody: false,
  flags: (command) => cancellationOf(command).count,
  bytes: (command) => 4 + 4 * cancellationOf(command).count,
  write(command, view, from) {
    const cancellation = cancellationOf(command);
    view.setUint32(from, command.target, true);
    let at = from + 4;
    for (let i = 0; i < cancellation.count; i += 1) {
      view.setUint32(at, cancellation.lines[i]!, true);
      at += 4;
    }
    return at;
  },
  read(command, view, from, end, flags) {
    if (flags > maxLines) throw new Error(`a record of ${kindName(command.kind)} has ${flags} lines`);
    requireBytes(from, 4 + 4 * flags, end, 'lines');
    const cancellation = cancellationOf(command);
    command.target = view.getUint32(from, true);
    let at = from + 4;
    for (let i = 0; i < flags; i += 1) {
      cancellation.add(view.getUint32(at, true));
      at += 4;
    }
    return at;
  },
  describe(command, words) {
    const { count, lines } = cancellationOf(command);
    words['order'] = command.target;
    if (count > 0) words['cancel'] = Array.from(lines.subarray(0, count));
  },
};
