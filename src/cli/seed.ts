/** `holdfast seed` stocks the demonstration into a folder. A second run changes nothing. */
import type { CliCommand } from './command.ts';
import { readFolderArgs } from './folder-flags.ts';
import { stock } from '../store/genesis.ts';
import { demonstration } from './demonstration.ts';
import { openStopped } from './opened.ts';

export const seed: CliCommand = {
  summary: 'Stock the demonstration into a data folder',
  usage: `holdfast seed [--data ./data]

  Makes the folder when it is missing. Repeatable: what was stocked before stays as it is.
  Refused while a server holds the folder.`,
  run: async (args) => {
    const { folder } = readFolderArgs(args, []);
    await stockFolder(folder);
    return 0;
  },
};

export async function stockFolder(folder: string): Promise<void> {
  const store = await openStopped(folder);
  const done = await stock(store.node, demonstration);
  const { sales, gates, tariffs, cards } = store.node.engine.state;
  console.log(done ? `stocked ${folder}:` : `${folder} was stocked before; nothing changed:`);
  for (let sale = 0; sale < sales.count; sale += 1) {
    console.log(`  ${sales.name[sale]}: ${sales.available(sale)} of ${sales.capacity.get(sale)} left`);
  }
  if (gates.count > 0) {
    console.log(`  a city: ${tariffs.stationCount} stations, ${gates.count} gates, ${cards.count} cards`);
  }
  await store.close();
}
