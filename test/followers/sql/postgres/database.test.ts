/** PostgreSQL keeps the promises of a SQL database. */
import { sqlDatabaseConformance } from '../../../conformance/sql-database.ts';
import { requirePostgres, sharedPostgres } from '../../support/postgres.ts';
import { postgresBackend } from '../../support/sql-backends.ts';

const required = requirePostgres();
const shared = sharedPostgres();

sqlDatabaseConformance('postgres', () => postgresBackend(shared()), required);
