/**
 * The server under proof and its folder: started, killed and restarted, always on the same data.
 */
import path from 'node:path';
import type { Problems } from '../audit/problems.ts';
import type { Address } from '../load/http-client.ts';
import { keepFolder, removeFolder, temporaryFolder } from '../processes/children.ts';
import { direct, endText, ServerProcess } from '../processes/server-process.ts';
import { newOperatorKey } from '../processes/servers.ts';
import { pause } from './clock.ts';

export class ServerUnderProof {
  readonly folder = temporaryFolder('holdfast-verify-');
  readonly dataFolder = path.join(this.folder, 'data');
  /** Its present address, which changes with each start. */
  readonly address: Address & { url: string } = { url: '', operatorKey: newOperatorKey() };
  kills = 0;
  private readonly program: string | null;
  private readonly problems: Problems;
  private server: ServerProcess | null = null;

  /** `program`: a program to start in place of our own server. */
  constructor(program: string | null, problems: Problems) {
    this.program = program;
    this.problems = problems;
  }

  /** @throws NotReadyError */
  async start(): Promise<void> {
    this.server = this.spawn();
    this.address.url = await this.server.ready();
  }

  /** Kills the server with -9. A server that had ended by itself is a problem. */
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

  /** Starts the server and kills it after this many ms, most likely during its recovery. */
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
    removeFolder(this.folder);
  }

  /** Keeps all files for an investigation. */
  keep(): void {
    keepFolder(this.folder);
  }

  private spawn(): ServerProcess {
    const { program, dataFolder, address, folder } = this;
    const logFile = path.join(folder, 'server.log');
    return new ServerProcess({ command: direct(program), dataFolder, operatorKey: address.operatorKey, logFile });
  }
}
