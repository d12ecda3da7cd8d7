/** A SQLite file keeps the promises of a SQL store. */
import { sqlStoreConformance } from '../../../conformance/sql-database.ts';
import { sqliteBackend } from '../../support/sql-backends.ts';

sqlStoreConformance('sqlite', async () => sqliteBackend(), { skip: false });
