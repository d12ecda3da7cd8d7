/** PostgreSQL keeps the promises of a SQL store. */
import { sqlStoreConformance } from '../../../conformance/sql-database.ts';
import { requirePostgres, sharedPostgres } from '../../support/postgres.ts';
import { postgresBackend } from '../../support/sql-backends.ts';

const required = requirePostgres();
const shared = sharedPostgres();

sqlStoreConformance('postgres', () => postgresBackend(shared()), required);
