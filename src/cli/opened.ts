/** Opens a store for a command: with its settings, or as it was left. */
import type { Store, StoreOptions } from '../store/open.ts';
import { openStore } from '../store/open.ts';
import { programFolder } from './command.ts';
import { demonstration } from './demonstration.ts';
import type { Settings } from './settings.ts';
import { environmentOf, truthOf } from './settings.ts';

type OfSettings = Pick<Settings, 'log' | 'demo' | 'maxKeys' | 'acceptClock'>;

/** Opens it as `serve` does. */
export function openServed(
  { log, demo, maxKeys, acceptClock }: OfSettings,
  more: Pick<StoreOptions, 'onNotice'> & Partial<StoreOptions>,
): Promise<Store> {
  const stock = demo === 'no' ? null : ({ seed: demonstration, when: demo === 'yes' ? 'always' : 'fresh' } as const);
  return openStore({ place: log, stock, maxKeys, acceptClock, ...more });
}

/** Opens a stopped folder: nothing is stocked, and settings stay as they are. */
export function openStopped(folder: string): Promise<Store> {
  const onNotice = (message: string): void => console.error(message);
  const acceptClock = truthOf(environmentOf(programFolder), 'HOLDFAST_ACCEPT_CLOCK') ?? false;
  return openStore({ place: { kind: 'file', folder }, maxKeys: null, mayWriteNothing: true, acceptClock, onNotice });
}
