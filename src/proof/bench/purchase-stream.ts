/** Appends purchases to a log batch by batch, and applies them as the log delivers them. */
import type { Engine } from '../../engine/engine.ts';
import { NotProvenError } from '../audit/claim.ts';
import { Commands } from './commands.ts';
import { LoggedStream } from './logged-stream.ts';

/** Records of a batch, as a node under load writes them. */
export const logBatch = 512;

export class PurchaseStream {
  appended = 0;
  private readonly stream: LoggedStream;
  private readonly commands = new Commands();

  private constructor(stream: LoggedStream) {
    this.stream = stream;
  }

  /** An empty log in this folder, begun and ready for purchases. */
  static async open(folder: string): Promise<PurchaseStream> {
    const stream = await LoggedStream.open(folder);
    const purchases = new PurchaseStream(stream);
    stream.add(purchases.commands.genesis());
    stream.add(purchases.commands.sale());
    await stream.append();
    return purchases;
  }

  get engine(): Engine {
    return this.stream.engine;
  }

  /** Makes and encodes one batch. It is durable and applied when this resolves. */
  async purchase(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) this.stream.add(this.commands.purchase());
    await this.stream.append();
    this.appended += count;
  }

  /** @throws NotProvenError when the engine has not sold exactly what was appended */
  async close(): Promise<void> {
    await this.stream.close();
    const sold = soldBy(this.engine);
    if (sold !== this.appended) throw new NotProvenError(`${this.appended} were bought, ${sold} sold`);
  }
}

/** Units of the stream's sale that are sold. */
export function soldBy({ state }: Engine): number {
  return state.sales.sold.get(0);
}

/** A log of so many purchases, and the two records before them, without a snapshot. */
export async function buildLog(folder: string, records: number, progress: (sentence: string) => void): Promise<void> {
  const stream = await PurchaseStream.open(folder);
  let toldMs = performance.now();
  while (stream.appended < records) {
    await stream.purchase(Math.min(logBatch, records - stream.appended));
    if (performance.now() - toldMs < 1000) continue;
    toldMs = performance.now();
    progress(`building the log: ${stream.appended} of ${records}`);
  }
  await stream.close();
}
