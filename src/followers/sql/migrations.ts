/** Numbered SQL files, and which of them a database still needs. The dialect runs them. */
import fs from 'node:fs';
import { SchemaError } from './database.ts';

export interface Migration {
  readonly number: number;
  /** File name without its ending, such as `0001_tables`. */
  readonly name: string;
  readonly sql: string;
}

const filePattern = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** The migrations of a dialect in order. They are numbered from 1 without a gap. */
export function migrationsOf(dialect: 'sqlite' | 'postgres'): readonly Migration[] {
  const folder = new URL(`./migrations/${dialect}/`, import.meta.url);
  const names = fs.readdirSync(folder).sort();
  return names.map((file, at) => {
    const number = Number(filePattern.exec(file)?.[1]);
    if (number !== at + 1) throw new Error(`${file} is not migration ${at + 1} of ${dialect}`);
    return { number, name: file.slice(0, -'.sql'.length), sql: fs.readFileSync(new URL(file, folder), 'utf8') };
  });
}

/**
 * The migrations that follow those already applied, by name.
 * @throws SchemaError when the database has others, or newer ones
 */
export function missingMigrations(
  known: readonly Migration[],
  applied: readonly string[],
  place: string,
): readonly Migration[] {
  applied.forEach((name, at) => {
    const ours = known[at];
    if (ours === undefined) {
      throw new SchemaError(
        `${place} has the schema ${name}, which is newer than this program knows (${known.at(-1)?.name ?? 'none'}): run the newer program`,
      );
    }
    if (ours.name !== name) {
      throw new SchemaError(
        `${place} has the schema ${name} where this program has ${ours.name}: it belongs to another program`,
      );
    }
  });
  return known.slice(applied.length);
}
