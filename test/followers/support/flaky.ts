import { DatabaseUnavailableError } from '../../../src/followers/sql/database.ts';
import type { SqlDatabase } from '../../../src/followers/sql/database.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import { Random } from '../../engine/random.ts';

/**
 * The real database, which fails now and then: before it writes, or after, when the result is
 * unknown.
 */
export class Flaky {
  failures = 0;
  private readonly random: Random;
  private readonly file: string;

  constructor(seed: number, file: string) {
    this.random = new Random(seed);
    this.file = file;
  }

  open(): SqlDatabase {
    this.mayFail();
    const database = openSqliteDatabase(this.file);
    const write: SqlDatabase['write'] = async (...args) => {
      this.mayFail();
      await database.write(...args);
      this.mayFail();
    };
    return new Proxy(database, {
      get: (target, name) => {
        if (name === 'write') return write;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  }

  private mayFail(): void {
    if (!this.random.chance(25)) return;
    this.failures += 1;
    throw new DatabaseUnavailableError('the line was cut');
  }
}
