/**
 * A simulated client: it sends a request, retries with the same key until it has an answer, and
 * tells the auditor.
 */
import assert from 'node:assert/strict';
import type { Auditor } from './auditor.ts';
import { hallSize } from './hall.ts';
import type { Asked, Line, Told } from './request.ts';
import type { World } from './world.ts';

interface Known {
  readonly asked: Asked;
  readonly told: Told;
}

const plain = { lines: [], target: 0, holdMs: 0, untilMs: 0, cancel: [] } as const;
const maxQuantity = 4;

export class Shopper {
  private readonly name: string;
  private readonly world: World;
  private readonly auditor: Auditor;
  private readonly holds: Known[] = [];
  private readonly orders: Known[] = [];
  private readonly done: Known[] = [];
  private keys = 0;

  constructor(name: string, world: World, auditor: Auditor) {
    this.name = name;
    this.world = world;
    this.auditor = auditor;
  }

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await this.world.loop.sleep(30 * this.world.random());
      await this.step();
    }
  }

  private async step(): Promise<void> {
    const { random } = this.world;
    const dice = random();
    const hold = dice < 0.35 ? this.take(this.holds) : undefined;
    const order = dice >= 0.35 && dice < 0.42 ? this.take(this.orders) : undefined;
    if (hold !== undefined) return this.endHold(hold, random());
    if (order !== undefined) return this.cancel(order);
    if (dice < 0.5) return this.replay();
    if (dice < 0.75) return this.order();
    const known = await this.askTold({
      ...this.asked('hold'),
      lines: [this.line()],
      holdMs: 50 + Math.floor(2000 * random()),
    });
    if (known.told.ok) this.holds.push(known);
  }

  private async order(): Promise<void> {
    const all = Array.from({ length: 1 + this.below(3) }, () => this.line());
    // The best seats are asked for in one line.
    const lines = all.filter(
      ({ sale }, at) => sale !== this.world.seatedSale || all.findIndex((line) => line.sale === sale) === at,
    );
    const asked = { ...this.asked('order'), lines };
    const known = this.world.random() < 0.2 ? await this.askTwice(asked) : await this.askTold(asked);
    if (known.told.ok) this.orders.push(known);
  }

  private async endHold({ asked: { holdMs }, told }: Known, dice: number): Promise<void> {
    const target = told.thing;
    if (dice < 0.2) {
      // Never beyond the sale's longest hold, so the requested deadline is granted.
      const untilMs = told.createdMs + holdMs + Math.floor(3000 * this.world.random());
      const known = await this.askTold({ ...this.asked('extend'), target, untilMs });
      if (known.told.ok) this.holds.push({ asked: { ...plain, ...known.asked, kind: 'hold', holdMs }, told });
    } else if (dice < 0.4) {
      await this.askTold({ ...this.asked('release'), target });
    } else if (dice < 0.6) {
      // Two keys for one hold, at once: at most one of them gets it.
      const both = [this.asked('confirm'), this.asked(dice < 0.5 ? 'confirm' : 'release')];
      const knowns = await Promise.all(both.map((asked) => this.askTold({ ...asked, target })));
      assert.ok(knowns.filter((known) => known.told.ok).length < 2, `hold ${target} ended twice`);
    } else if (dice < 0.9) {
      const known = await this.askTold({ ...this.asked('confirm'), target });
      if (known.told.ok) this.orders.push({ ...known, asked: { ...known.asked, lines: [{ sale: 0, quantity: 0 }] } });
    }
  }

  private async cancel({ asked: { lines }, told }: Known): Promise<void> {
    const cancel = this.world.random() < 0.5 ? [this.below(lines.length)] : [];
    const known = await this.askTold({ ...this.asked('cancel'), target: told.thing, cancel });
    if (known.told.ok && cancel.length > 0) this.orders.push({ asked: { ...known.asked, lines }, told });
  }

  private async replay(): Promise<void> {
    const known = this.done[this.below(this.done.length)];
    if (known === undefined) return;
    const reply = await this.world.request(known.asked);
    if (reply !== null && reply !== 'not taken') this.auditor.again(known.asked, known.told, reply);
  }

  /** Sends one request twice at once. */
  private async askTwice(asked: Asked): Promise<Known> {
    const other = this.world.request(asked);
    const known = await this.askTold(asked);
    const reply = await other;
    if (known.told.ok) {
      if (reply !== null && reply !== 'not taken' && reply.ok) this.auditor.again(asked, known.told, reply);
      return known;
    }
    // Refused, but stock may have returned before the other one: retries that until its result is
    // known.
    if (reply === null || reply === 'not taken') return this.askTold(asked);
    return reply.ok ? this.keep({ asked, told: reply }) : known;
  }

  private async askTold(asked: Asked): Promise<Known> {
    for (;;) {
      const reply = await this.world.request(asked);
      if (reply !== null && reply !== 'not taken' && !['TOO_LATE', 'KEYS_FULL'].includes(reply.code)) {
        return this.keep({ asked, told: reply });
      }
      await this.world.loop.sleep(100 * this.world.random());
    }
  }

  private keep(known: Known): Known {
    this.auditor.note(known.asked, known.told);
    if (known.told.ok) this.done.push(known);
    return known;
  }

  private asked(kind: Asked['kind']): Asked {
    this.keys += 1;
    return { ...plain, kind, key: `${this.name}-${this.keys}` };
  }

  private line(): Line {
    const sale = this.below(this.world.capacities.length);
    const quantity = 1 + this.below(maxQuantity);
    if (sale !== this.world.seatedSale) return { sale, quantity };
    const dice = this.world.random();
    if (dice < 0.6) return { sale, quantity, best: dice < 0.3 ? 'together' : 'split' };
    const first = this.below(hallSize - quantity);
    return { sale, quantity, seats: Array.from({ length: quantity }, (_, at) => first + at) };
  }

  private below(limit: number): number {
    return Math.floor(this.world.random() * limit);
  }

  private take(list: Known[]): Known | undefined {
    return list.splice(this.below(list.length), 1)[0];
  }
}
