/**
 * `holdfast names` lists the names that an older store keeps in another form than NFC. With
 * `--rename` it renames them, as logged changes.
 */
import { Command } from '../engine/command.ts';
import type { Node } from '../node/node.ts';
import type { CliCommand } from './command.ts';
import { readFolderArgs, requireLog } from './folder-flags.ts';
import { replayedEngine } from './replayed.ts';
import { openStopped } from './opened.ts';
import type { Rename, StoredName } from './stored-names.ts';
import { storedNames } from './stored-names.ts';

const usage = `holdfast names [--data ./data] [--rename] [--json]

  Lists the names, labels and e-mails that are not kept in the Unicode form NFC, as programs before this rule kept them, and users of
  the drops dialect who look alike. The store finds them in either form; other programs, and SQL, may not. Changes nothing; a server may run.
  --rename    appends a change for each that can be renamed, as an operator's call would. The server must be stopped. Ids stay, and so
              do seats while they are held or sold: run it again later
  --json      one JSON object`;

/** How many renames share one sync of the disk. */
const atOnce = 256;
/** Lines that are printed; --json has all. */
const maxLines = 200;

/** A name, and the result of renaming it. */
interface Told extends StoredName {
  readonly renamed: boolean;
}

export const names: CliCommand = {
  summary: 'List names that are not kept in NFC, and rename them',
  usage,
  run: async (args) => {
    const { folder, flags } = readFolderArgs(args, ['rename', 'json']);
    requireLog(folder);
    const told = flags.rename ? await renameIn(folder) : await foundIn(folder);
    if (flags.json) console.log(JSON.stringify({ folder, names: told.map(asJson) }, null, 2));
    else speak(told, flags.rename);
    return 0;
  },
};

async function foundIn(folder: string): Promise<Told[]> {
  const { state } = await replayedEngine(folder);
  return [...storedNames(state)].map((name) => ({ ...name, renamed: false }));
}

async function renameIn(folder: string): Promise<Told[]> {
  const store = await openStopped(folder);
  try {
    return await renameAll(store.node, [...storedNames(store.node.engine.state)]);
  } finally {
    await store.close();
  }
}

/** Renames all names that can be renamed. A refused name stays, with the reason. */
async function renameAll(node: Node, found: readonly StoredName[]): Promise<Told[]> {
  const told: Told[] = [];
  for (let first = 0; first < found.length; first += atOnce)
    told.push(...(await Promise.all(found.slice(first, first + atOnce).map((name) => renameOne(node, name)))));
  return told;
}

async function renameOne(node: Node, name: StoredName): Promise<Told> {
  if (name.rename === null) return { ...name, renamed: false };
  const refusal = await submit(node, name.rename);
  return { ...name, renamed: refusal === null, stays: refusal === null ? null : `stays: ${refusal}` };
}

/** The sentence of a refusal, or null. */
function submit(node: Node, { kind, body }: Rename): string | null | Promise<string | null> {
  const command = new Command().reset(kind);
  command.body = body;
  return node.submit(command, ({ ok, row }) => (ok ? null : row.sentence), undefined);
}

function asJson({ thing, field, text, rename, stays, renamed }: Told): Record<string, unknown> {
  return { thing, field, text, kept: escaped(text), canRename: rename !== null, renamed, stays };
}

function speak(told: readonly Told[], isRenaming: boolean): void {
  for (const name of told.slice(0, maxLines)) console.log(lineOf(name, isRenaming));
  if (told.length > maxLines) console.log(`and ${told.length - maxLines} more; --json lists all`);
  const able = told.filter(({ rename }) => rename !== null).length;
  const renamed = told.filter((each) => each.renamed).length;
  if (told.length === 0) console.log('every name is kept in NFC');
  else if (isRenaming) console.log(`${counted(renamed)} renamed, ${told.length - renamed} not`);
  else console.log(`${counted(told.length)} found; --rename changes ${able} of them, with the server stopped`);
}

function lineOf({ thing, field, text, rename, stays, renamed }: Told, isRenaming: boolean): string {
  const shown = `${thing}, ${field} ${JSON.stringify(text)}, kept as ${escaped(text)}`;
  if (stays !== null) return `${shown}: ${stays}`;
  return `${shown}: ${isRenaming && renamed ? 'renamed' : rename === null ? 'stays' : 'can be renamed'}`;
}

/** Spells each character beyond ASCII by its number, since two forms of one text look the same. */
function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^\u0020-\u007e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function counted(count: number): string {
  return count === 1 ? '1 name' : `${count} names`;
}
