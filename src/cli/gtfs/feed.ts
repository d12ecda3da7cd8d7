/**
 * A GTFS feed: tables of text in a zip. Only the tables that fares need are read, each within
 * bounds, so that neither a whole country's timetable nor a zip bomb costs more than they do.
 */
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { openPromise } from 'yauzl';
import { reasonOf } from '../../reason.ts';
import { UserError } from '../../store/user-error.ts';
import { columnName, readCsv } from '../import/csv.ts';
import { textOf } from '../import/file-text.ts';
import type { Flaw } from '../import/flaws.ts';
import { spellFlaw } from '../import/flaws.ts';

const tableNames = [
  'agency.txt',
  'stops.txt',
  'calendar.txt',
  'transfers.txt',
  'fare_attributes.txt',
  'fare_rules.txt',
  'areas.txt',
  'stop_areas.txt',
  'timeframes.txt',
  'rider_categories.txt',
  'fare_media.txt',
  'fare_products.txt',
  'fare_leg_rules.txt',
  'fare_leg_join_rules.txt',
  'fare_transfer_rules.txt',
] as const;

export type TableName = (typeof tableNames)[number];

/** Files of a zip, of any name. */
const maxEntries = 10_000;
/** Of one table, unpacked: some half a million stops. */
const maxTableBytes = 32 * 1024 * 1024;
const maxTotalBytes = 96 * 1024 * 1024;
const maxNamedFlaws = 5;

export type Row = (column: string) => string;

interface FeedTable {
  readonly columns: ReadonlySet<string>;
  readonly rows: readonly Row[];
}

export class Feed {
  private readonly tables: ReadonlyMap<string, FeedTable>;

  constructor(tables: ReadonlyMap<string, FeedTable>) {
    this.tables = tables;
  }

  has(name: TableName): boolean {
    return this.tables.has(name);
  }

  /** None where the table is not there. */
  rows(name: TableName): readonly Row[] {
    return this.tables.get(name)?.rows ?? [];
  }

  hasColumn(name: TableName, column: string): boolean {
    return this.tables.get(name)?.columns.has(column) ?? false;
  }
}

/** @throws UserError when it is no zip, is damaged, too large, or a table cannot be read */
export async function readFeed(file: string): Promise<Feed> {
  let zip: ZipFile;
  try {
    zip = await openPromise(file);
  } catch (error) {
    throw new UserError(`${file} cannot be read as a zip: ${reasonOf(error)}`);
  }
  try {
    return new Feed(await readTables(zip, file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} is damaged: ${reasonOf(error)}`);
  } finally {
    zip.close();
  }
}

async function readTables(zip: ZipFile, file: string): Promise<Map<string, FeedTable>> {
  const wanted: ReadonlySet<string> = new Set(tableNames);
  const tables = new Map<string, FeedTable>();
  let folder: string | null = null;
  let totalBytes = 0;
  let entries = 0;
  for await (const entry of zip.eachEntry()) {
    entries += 1;
    if (entries > maxEntries) throw new UserError(`${file} has more than ${maxEntries} files, which no feed has`);
    const name = entry.fileName;
    if (wanted.has(name)) {
      if (tables.has(name)) throw new UserError(`${file} has ${name} twice`);
      totalBytes += entry.uncompressedSize;
      if (entry.uncompressedSize > maxTableBytes || totalBytes > maxTotalBytes) {
        throw new UserError(`${file}: ${name} has ${entry.uncompressedSize} bytes, which is too much for such a table`);
      }
      tables.set(name, tableOf(await unpacked(zip, entry), `${file} ${name}`));
    } else if (wanted.has(name.slice(name.lastIndexOf('/') + 1))) {
      folder = name.slice(0, name.lastIndexOf('/'));
    }
  }
  if (!tables.has('stops.txt')) {
    const where = folder === null ? '' : `: its files are in the folder "${folder}", and belong at the top of the zip`;
    throw new UserError(`${file} has no stops.txt, so it is no GTFS feed${where}`);
  }
  return tables;
}

/** The reader of zips ends a file that is longer than it says; its checksum is ours to check. */
async function unpacked(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await zip.openReadStreamPromise(entry);
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  if (crc32(bytes) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is another one`);
  return bytes;
}

function tableOf(bytes: Uint8Array, name: string): FeedTable {
  const text = textOf(bytes);
  if (!text.ok) throw flawed(name, text.flaws);
  const { records, flaws } = readCsv(text.value);
  if (flaws.length > 0) throw flawed(name, flaws);
  const [header, ...rest] = records;
  const columns = new Map(header?.fields.map((field, index) => [columnName(field), index]));
  const rows = rest.map(
    ({ fields }): Row =>
      (column) =>
        fields[columns.get(column) ?? -1]?.trim() ?? '',
  );
  return { columns: new Set(columns.keys()), rows };
}

function flawed(name: string, flaws: readonly Flaw[]): UserError {
  const named = flaws.slice(0, maxNamedFlaws).map((flaw) => spellFlaw(name, flaw));
  const more = flaws.length > named.length ? [`and ${flaws.length - named.length} more`] : [];
  return new UserError([...named, ...more].join('\n'));
}
