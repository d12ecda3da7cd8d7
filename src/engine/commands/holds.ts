/** The fields of a hold beside its lines, and those of an extension. */
import type { Ask, Command } from '../command.ts';
import { AskType } from '../command.ts';
import type { Codec } from './codec.ts';
import { limitsFlag, requireBytes, targetCodec } from './codec.ts';
import {
  bytesOfLines,
  describeLines,
  flagsOfLines,
  linesOf,
  readLines,
  readSeats,
  writeLines,
  writeSeats,
} from './lines.ts';

class HoldTerms implements Ask {
  /** How long it lasts, ms. */
  holdMs = 0;
  /**
   * Max units of the sale that its customer, and its client's address, may hold at a time; 0 for no
   * limit.
   */
  maxOfCustomer = 0;
  maxOfAddress = 0;
  /** A keyed hash of the client's address, never 0 where there is a limit. */
  address = 0;

  clear(): void {
    this.holdMs = 0;
    this.maxOfCustomer = 0;
    this.maxOfAddress = 0;
    this.address = 0;
  }
}

class Extension implements Ask {
  /** The deadline asked for, ms since the epoch, civil time. */
  untilMs = 0;

  clear(): void {
    this.untilMs = 0;
  }
}

const termsAsk = new AskType(() => new HoldTerms());
const extensionAsk = new AskType(() => new Extension());

export function termsOf(command: Command): HoldTerms {
  return command.ask(termsAsk);
}

export function extensionOf(command: Command): Extension {
  return command.ask(extensionAsk);
}

const limitBytes = 12;

function isLimited({ maxOfCustomer, maxOfAddress }: HoldTerms): boolean {
  return maxOfCustomer > 0 || maxOfAddress > 0;
}

export const holdCodec: Codec = {
  hasBody: false,
  flags: (command) => flagsOfLines(linesOf(command)) | (isLimited(termsOf(command)) ? limitsFlag : 0),
  bytes: (command) => bytesOfLines(linesOf(command)) + 8 + limitBytes,
  write(command, view, from) {
    const lines = linesOf(command);
    const terms = termsOf(command);
    let at = writeLines(lines, view, from);
    view.setFloat64(at, terms.holdMs, true);
    at = writeSeats(lines, view, at + 8);
    if (!isLimited(terms)) return at;
    view.setUint32(at, terms.maxOfCustomer, true);
    view.setUint32(at + 4, terms.maxOfAddress, true);
    view.setUint32(at + 8, terms.address, true);
    return at + limitBytes;
  },
  read(command, view, from, end, flags) {
    const lines = linesOf(command);
    const terms = termsOf(command);
    let at = readLines(lines, view, from, end, flags);
    requireBytes(at, 8, end, 'duration');
    terms.holdMs = view.getFloat64(at, true);
    at = readSeats(lines, view, at + 8, end, flags);
    if ((flags & limitsFlag) === 0) return at;
    requireBytes(at, limitBytes, end, 'limits');
    terms.maxOfCustomer = view.getUint32(at, true);
    terms.maxOfAddress = view.getUint32(at + 4, true);
    terms.address = view.getUint32(at + 8, true);
    return at + limitBytes;
  },
  describe(command, words) {
    describeLines(linesOf(command), words);
    const { holdMs, maxOfCustomer, maxOfAddress } = termsOf(command);
    words['holdMs'] = holdMs;
    if (maxOfCustomer > 0) words['maxOfCustomer'] = maxOfCustomer;
    if (maxOfAddress > 0) words['maxOfAddress'] = maxOfAddress;
  },
};

const extended = targetCodec('hold');

export const extendCodec: Codec = {
  ...extended,
  bytes: () => 12,
  write(command, view, from) {
    const at = extended.write(command, view, from);
    view.setFloat64(at, extensionOf(command).untilMs, true);
    return at + 8;
  },
  read(command, view, from, end, flags) {
    const at = extended.read(command, view, from, end, flags);
    requireBytes(at, 8, end, 'deadline');
    extensionOf(command).untilMs = view.getFloat64(at, true);
    return at + 8;
  },
  describe(command, words) {
    extended.describe(command, words);
    words['untilMs'] = extensionOf(command).untilMs;
  },
};
