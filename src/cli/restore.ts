/** `holdfast restore` makes a data folder from a backup, up to its end or to an earlier point. */
import fs from 'node:fs';
import path from 'node:path';
import { describeCopy } from './backup.ts';
import { positionAtTime } from '../store/civil-position.ts';
import type { CliCommand } from './command.ts';
import { UserError } from '../store/user-error.ts';
import { parseFlags } from './flags.ts';
import { dataFolderOf, requireLog } from './folder-flags.ts';
import { isUnfinishedCopy } from '../store/folder.ts';
import { copyInto } from './copy-into.ts';
import { parseTime } from './times.ts';

/** Where to restore to. */
type Point = { readonly position: number } | { readonly timeMs: number };

const flags = { data: 'string', from: 'string', position: 'string', time: 'string' } as const;

const usage = `holdfast restore --from FOLDER [--data ./data] [--position P | --time T]

  Makes a data folder of a backup, in an empty folder; the backup stays as it is. Every record is checked on the way.
  --position P   up to and with position P, the plain number in a position such as 0.1532.9f86d081884c: 1532; also where that lies inside of a batch; what came later is left out
  --time T       up to the last record of that time, RFC 3339, as in 2026-01-31T19:30:00Z; where a clock was set back, of the later of two such times
  Snapshots from after the point are left out too. SQL views are not part of a backup: the follower makes them anew.`;

export const restore: CliCommand = {
  summary: 'Make a data folder of a backup, to a position or a time',
  usage,
  run: async (args) => {
    const { values: given } = parseFlags(args, flags);
    if (given.from === undefined) throw new UserError(`name the backup with --from\n\n${usage}`);
    const from = path.resolve(given.from);
    const to = dataFolderOf(given.data);
    const point = pointOf(given.position, given.time);
    requireLog(from, '--from');
    if (isUnfinishedCopy(fs.readdirSync(from)))
      throw new UserError(`${from} holds no whole backup: it was cut short before its last file; use another one`);
    const until = point !== null && 'timeMs' in point ? await positionAtTime(from, point.timeMs) : point?.position;
    const copy = await copyInto({ from, to, flag: '--data', isStore: true, ...(until === undefined ? {} : { until }) });
    console.log(`restored ${to} from ${from}`);
    console.log(describeCopy(copy));
    const { end, sourceEnd } = copy.log;
    if (end < sourceEnd) {
      const [what, verb] =
        end + 1 === sourceEnd ? [`position ${end}`, 'is'] : [`positions ${end} to ${sourceEnd - 1}`, 'are'];
      console.log(`  ${what} ${verb} left out; ids that were given there will be given again`);
      if (copy.hasSecret)
        console.log('  a token from there opens nothing here; remove the file `secret` to void all tokens');
    }
    return 0;
  },
};

function pointOf(position: string | undefined, time: string | undefined): Point | null {
  if (position !== undefined && time !== undefined)
    throw new UserError('--position and --time are two ways to name one point: pass one of them');
  if (position !== undefined) {
    const plain = /^\d+\.([1-9]\d{0,14})(?:\.[0-9a-f]{12})?$/.exec(position)?.[1];
    if (plain !== undefined)
      throw new UserError(`--position is "${position}"; it takes the plain number, which is ${plain} there`);
    if (!/^[1-9]\d{0,14}$/.test(position))
      throw new UserError(`--position is "${position}"; it may be a whole number from 1`);
    return { position: Number(position) };
  }
  if (time === undefined) return null;
  const timeMs = parseTime(time);
  if (timeMs === null) throw new UserError(`--time is "${time}"; it may be a time such as 2026-01-31T19:30:00Z`);
  return { timeMs };
}
