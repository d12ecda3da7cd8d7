/** The server under proof and its folder: started, killed and started again, always on the same data. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pause } from './clock.ts';
import type { Target } from './connection.ts';
import type { Problems } from '../audit/problems.ts';
import { endText, ServerProcess } from '../processes/server-process.ts';

export class Shop {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-verify-'));
  readonly dataFolder = path.join(this.folder, 'data');
  readonly target: Target = { port: 0, operatorKey: randomBytes(24).toString('base64url') };
  kills = 0;
  private readonly program: string | null;
  private readonly problems: Problems;
  private server: ServerProcess | null = null;

  constructor(program: string | null, problems: Problems) {
    this.program = program;
    this.problems = problems;
  }

  /** @throws NotReadyError */
  async start(): Promise<void> {
    this.server = this.spawn();
    this.target.port = await this.server.ready();
  }

  /** Kills the server with -9, whatever it is doing. One that had ended by itself is a problem. */
  async kill(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    if (server.end !== null) {
      this.problems.add(
        'the server ended by itself',
        `with ${endText(server.end)}; it printed: ${server.lastPrinted()}`,
      );
    }
    this.kills += 1;
    await server.kill();
    this.server = null;
  }

  /** Starts the server and kills it after so many ms, most likely in the midst of its recovery. */
  async startAndKill(afterMs: number): Promise<void> {
    this.server = this.spawn();
    await pause(afterMs);
    this.kills += 1;
    await this.server.kill();
    this.server = null;
  }

  /** Stops the server as an operator does. */
  async stop(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    const ended = await server.stop();
    this.server = null;
    if (ended.code === 0) return;
    this.problems.add(
      'SIGTERM did not end the server well',
      `it ended with ${endText(ended)}; it printed: ${server.lastPrinted()}`,
    );
  }

  remove(): void {
    // A server that was killed a moment ago may still be letting go of its files.
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private spawn(): ServerProcess {
    return new ServerProcess({
      program: this.program,
      dataFolder: this.dataFolder,
      operatorKey: this.target.operatorKey,
      logFile: path.join(this.folder, 'server.log'),
    });
  }
}
