/**
 * The layout of a command's fields in its record. A kind's row names its codec; `record.ts` has the
 * layout around them.
 */
import type { Command } from '../command.ts';
import { kindName } from '../command.ts';

export interface Codec {
  /** Whether a JSON body may stand behind the texts. */
  readonly hasBody: boolean;
  /** The header's count of lines, 16 bits, with flags in its highest two. */
  flags(command: Command): number;
  /** Upper bound of the bytes that `write` needs. */
  bytes(command: Command): number;
  /** Writes the fields from `at` on; returns where they end. */
  write(command: Command, view: DataView, at: number): number;
  /**
   * Reads the fields from `at` on into a command that was reset; returns where they end.
   * @throws when the bytes are not what `write` writes
   */
  read(command: Command, view: DataView, at: number, end: number, flags: number): number;
  /** Adds the fields to the words that tell the command. */
  describe(command: Command, words: Record<string, unknown>): void;
}

/**
 * In the header's count: the record asks for seats. Records without seats keep their first format.
 */
export const seatsFlag = 0x8000;
/** In the header's count: the hold is limited by what its customer or address holds already. */
export const limitsFlag = 0x4000;

/** @throws when a record says that it has lines, seats or limits, and its kind has none */
export function refuseFlags(command: Command, flags: number): void {
  if (flags === 0) return;
  const what = (flags & seatsFlag) !== 0 ? 'asks for seats' : (flags & limitsFlag) !== 0 ? 'has limits' : 'has lines';
  throw new Error(`a record of ${kindName(command.kind)} ${what}`);
}

/** @throws when a record ends before its fields do */
export function requireBytes(at: number, bytes: number, end: number, what: string): void {
  if (at + bytes > end) throw new Error(`a record is shorter than its ${what}`);
}

/** Cold commands: all their fields are in the JSON body. */
export const coldCodec: Codec = {
  hasBody: true,
  flags: () => 0,
  bytes: () => 0,
  write: (_, __, at) => at,
  read(command, _, at, __, flags) {
    refuseFlags(command, flags);
    return at;
  },
  describe(command, words) {
    if (command.body !== null) words['body'] = command.body;
  },
};

/** Commands about one thing, by its row. `noun`: the name of the thing. */
export function targetCodec(noun: string): Codec {
  return {
    hasBody: false,
    flags: () => 0,
    bytes: () => 4,
    write(command, view, at) {
      view.setUint32(at, command.target, true);
      return at + 4;
    },
    read(command, view, at, end, flags) {
      refuseFlags(command, flags);
      requireBytes(at, 4, end, noun);
      command.target = view.getUint32(at, true);
      return at + 4;
    },
    describe(command, words) {
      words[noun] = command.target;
    },
  };
}
