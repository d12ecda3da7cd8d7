/** `holdfast tariff import FEED.zip`: the fares of a GTFS feed as the JSON of a tariff. */
import fs from 'node:fs';
import { reasonOf } from '../reason.ts';
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import { readFeed } from './gtfs/feed.ts';
import { tariffOfFeed } from './gtfs/tariff.ts';

const usage = `holdfast tariff import FEED.zip [--out FILE] [--network ID]

  Reads the fares of a GTFS feed and writes them as the JSON that PUT /v1/tariff takes, to stdout or to FILE. Both forms of fares are
  read: fare_attributes with fare_rules by zones, and areas with fare products, timeframes, rider categories, and rules for legs and
  transfers, which go first where a feed has both.
  What a tariff cannot take over is listed on stderr, and so is what is not in GTFS: caps, for one. docs/tariffs.md has how each thing
  is read.
  --network names the network whose fares are taken, where the feed has several.`;

export const tariffImport: CliCommand = {
  summary: 'The fares of a GTFS feed as the JSON of a tariff',
  usage,
  run: async (args) => {
    const { values, positionals } = parseFlags(args, { out: 'string', network: 'string' }, { positionals: true });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UserError(`name one feed\n\n${usage}`);
    const { tariff, notes, zones } = tariffOfFeed(await readFeed(file), values.network ?? null, Date.now());
    write(`${JSON.stringify(tariff, null, 2)}\n`, values.out);
    console.error(`${file}: ${tariff.stations.length} stations, zones ${zones.map(numbered).join(', ')}`);
    for (const note of notes) console.error(`  not taken over as it is: ${note}`);
    return 0;
  },
};

function numbered(name: string, index: number): string {
  return name === String(index + 1) ? name : `${index + 1} (${name})`;
}

function write(text: string, file: string | undefined): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    fs.writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${reasonOf(error)}`);
  }
}
