/** How the commands open a store: as their settings say, or as it was left. */
import type { Store, StoreOptions } from '../store/open.ts';
import { openStore } from '../store/open.ts';
import { programFolder } from './command.ts';
import { demonstration } from './demonstration.ts';
import type { Settings } from './settings.ts';
import { environmentOf, truthOf } from './settings.ts';

type OfSettings = Pick<Settings, 'log' | 'demo' | 'maxKeys' | 'acceptClock'>;

/** As `serve` opens it. */
export function openServed(
  { log, demo, maxKeys, acceptClock }: OfSettings,
  more: Pick<StoreOptions, 'onNotice'> & Partial<StoreOptions>,
): Promise<Store> {
  const stock = demo === 'no' ? null : ({ seed: demonstration, when: demo === 'yes' ? 'always' : 'fresh' } as const);
  return openStore({ place: log, stock, maxKeys, acceptClock, ...more });
}

/** A folder that no server holds: nothing is stocked, and settings stay as they are. */
export function openStopped(folder: string): Promise<Store> {
  const onNotice = (message: string): void => console.error(message);
  const acceptClock = truthOf(environmentOf(programFolder), 'HOLDFAST_ACCEPT_CLOCK') ?? false;
  return openStore({ place: { kind: 'file', folder }, maxKeys: null, mayWriteNothing: true, acceptClock, onNotice });
}
