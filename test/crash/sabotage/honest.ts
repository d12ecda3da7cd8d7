/** The server as it is, started as the broken ones are. */
import { runServer } from '../../../src/cli/serve.ts';
import { readSettings } from '../../../src/cli/settings.ts';

process.exitCode = await runServer(readSettings(process.argv.slice(2), process.env));
