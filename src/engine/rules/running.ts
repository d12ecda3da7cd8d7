/** Commands about the store itself: durable settings, starts and the clock. */
import type { Command } from '../command.ts';
import type { ClockChange, SettingsChange, Started } from '../commands/running.ts';
import type { Outcome } from '../outcome.ts';
import type { State } from '../state.ts';
import { engineVersion } from '../state.ts';
import { changeClock } from './expiry.ts';

export function changeSettings(state: State, command: Command): void {
  const { engineVersion: version, ...rest } = command.body as SettingsChange;
  if (version !== undefined && version > engineVersion) {
    throw new Error(
      `the log asks for engine version ${version} at position ${state.position}; this program knows ${engineVersion}`,
    );
  }
  if (version !== undefined && version > state.version) state.version = version;
  state.settings = { ...state.settings, ...rest };
}

/**
 * The epoch is folded into the outcome hash: two histories differ from here on, even when all else
 * is alike.
 */
export function start(state: State, command: Command, outcome: Outcome): void {
  const { epoch, offsetMs } = command.body as Started;
  state.epochs.add(state.position, epoch);
  if (offsetMs !== undefined) changeClock(state, offsetMs);
  outcome.thing = Number.parseInt(epoch.slice(-8), 16);
}

export function setClock(state: State, command: Command): void {
  changeClock(state, (command.body as ClockChange).offsetMs);
}
