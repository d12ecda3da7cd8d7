/**
 * Tables in documents that are generated from what the tidy test enforces. They lie between two
 * markers.
 */
import { engineLayers, rooms } from './rooms.ts';
import type { Room } from './rooms.ts';
import type { Source } from './sources.ts';

const renewal = 'HOLDFAST_REWRITE=1 npm test -- test/tidy';
const nameOf = (folder: string): string => folder.replace(/^src\/|\/$/g, '');

function allowed({ values, types, reads = [], files = [] }: Room): string {
  const named = types.filter((room) => !reads.includes(room));
  const parts = [
    ...(values.length > 0 ? [values.map(nameOf).join(', ')] : []),
    ...reads.map((room) => `${nameOf(room)} below \`rules/\`, and its types`),
    ...(named.length > 0 ? [`types of ${named.map(nameOf).join(', ')}`] : []),
    ...files.map((file) => `\`${file}\``),
  ];
  return parts.join('; ') || 'nothing but itself';
}

const roomsTable = [
  '| folder | what it is | may import |',
  '|---|---|---|',
  ...Object.entries(rooms).map(([folder, room]) => `| \`${folder}\` | ${room.is} | ${allowed(room)} |`),
].join('\n');

const layersTable = [
  '| layer | has |',
  '|---|---|',
  ...engineLayers.map(
    ({ files, is }) =>
      `| ${files.map((name) => `\`${name.replace(/\*$/, '') + (name.endsWith('*') ? '' : '.ts')}\``).join(', ')} | ${is} |`,
  ),
].join('\n');

/** Which table is in which document, under which name. */
const tables: readonly (readonly [path: string, name: string, table: string])[] = [
  ['ARCHITECTURE.md', 'rooms', roomsTable],
  ['src/engine/DESIGN.md', 'layers', layersTable],
];

/** The document with its generated table; undefined when the markers are missing. */
function renewed(text: string, name: string, table: string): string | undefined {
  const begin = `<!-- ${name}: made of test/support/rooms.ts -->\n`;
  const end = `\n<!-- end of ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  return from < 0 || to < 0 ? undefined : `${text.slice(0, from)}${begin}\n${table}\n${text.slice(to)}`;
}

/** The documents among these files whose table is out of date, with their right text. */
export function outdated(files: readonly Source[]): { path: string; text: string | undefined; complaint: string }[] {
  return tables.flatMap(([path, name, table]) => {
    const file = files.find((one) => one.path === path);
    if (file === undefined) return [];
    const text = renewed(file.text, name, table);
    if (text === file.text) return [];
    const complaint =
      text === undefined
        ? `${path} has lost the markers of its table of ${name}`
        : `${path} differs from test/support/rooms.ts: ${renewal} writes its table of ${name} anew`;
    return [{ path, text, complaint }];
  });
}
