/** A server whose engine forgets every twentieth key: the same request has its effect twice. */
import { runServer } from '../../../src/cli/serve.ts';
import { readSettings } from '../../../src/cli/settings.ts';
import type { Command } from '../../../src/engine/command.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';

class ForgetfulEngine extends Engine {
  override apply(command: Command, position: number, nowMs: number): Outcome {
    if (position % 20 === 0) command.keyLength = 0;
    return super.apply(command, position, nowMs);
  }
}

const settings = readSettings(process.argv.slice(2), process.env);
process.exitCode = await runServer(settings, { makeEngine: () => new ForgetfulEngine() });
