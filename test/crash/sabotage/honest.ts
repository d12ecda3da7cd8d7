/** The real server, started like the broken ones. */
import { runServer } from '../../../src/cli/serve.ts';
import { readSettings } from '../../../src/cli/settings.ts';

process.exitCode = await runServer(readSettings(process.argv.slice(2), process.env));
