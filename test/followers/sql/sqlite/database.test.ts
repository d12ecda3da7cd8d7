/** A SQLite file keeps the promises of a SQL database. */
import { sqlDatabaseConformance } from '../../../conformance/sql-database.ts';
import { sqliteBackend } from '../../support/sql-backends.ts';

sqlDatabaseConformance('sqlite', async () => sqliteBackend(), { skip: false });
