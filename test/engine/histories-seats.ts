/**
 * The halls of random histories: small, with uneven rows, tied ranks and gaps. Their seats are
 * named, taken, blocked, renamed and removed all the time.
 */
import type { Command } from '../../src/engine/command.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import type { HallDefinition, RowDefinition, SaleDefinition, SeatDefinition } from '../../src/engine/commands/sales.ts';
import type { SeatAddition, SeatChange, SeatRemoval, SeatsAddition } from '../../src/engine/commands/seats.ts';
import type { SaleDump, SeatDump, StateDump } from '../../src/engine/dump.ts';
import type { Random } from './random.ts';
import { sizeOf } from './rows-seats.ts';

const sectionNames = ['A', 'B', 'A-1', 'Ōst'];
/** With the section names, some make the label of another row's seat. */
const moreRows = ['1', '2', '3', '1-1', 'x'];
const moreNumbers = ['1', '2', '3', '4', '5', '6', '7', '07', '3a', '1-1', '0', '4096', '4097', 'b'];
const nobody = 0xffffffff;

export class Halls {
  private readonly random: Random;
  /** Sales and names of all sections, by number, as the engine numbers them. */
  private readonly sections: { readonly sale: number; readonly name: string }[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  /** Notes the sections that a record made: those of one sale, or of a seed's sales in order. */
  note(state: StateDump): void {
    for (const [sale, { hallRows }] of state.sales.entries()) {
      for (const { section } of hallRows) {
        if (!this.sections.some((known) => known.sale === sale && known.name === section)) {
          this.sections.push({ sale, name: section });
        }
      }
    }
  }

  /** The fields of a seated sale. */
  terms(): Pick<SaleDefinition, 'kind' | 'capacity' | 'hall' | 'linePerSeat'> {
    const { random } = this;
    if (random.chance(1)) return { kind: 'seated', capacity: 0 };
    const hall = this.hall();
    return {
      kind: 'seated',
      hall,
      capacity: sizeOf(hall),
      ...(random.chance(70) ? { linePerSeat: random.chance(60) } : {}),
    };
  }

  private hall(): HallDefinition {
    const { random } = this;
    const names = sectionNames.slice(random.below(2), 1 + random.pick([1, 1, 2, 3]));
    const ranked = random.chance(50);
    const section = (name: string): HallDefinition['sections'][number] => {
      const rows = Array.from({ length: random.pick([1, 1, 2, 3, 3]) }, (_, at) => this.row(String(at + 1), ranked));
      // A row that is named twice goes on where it ended.
      return { name, rows: random.chance(4) ? [...rows, { name: '1', rank: 0, seats: { from: 21, to: 23 } }] : rows };
    };
    const sections = (names.length > 0 ? names : ['A']).map(section);
    return { sections: random.chance(2) ? [...sections, sections[0]!] : sections };
  }

  private row(name: string, ranked: boolean): RowDefinition {
    const { random } = this;
    const length = random.pick([0, 1, 2, 3, 3, 4, 5, 6, 7, 9]);
    const from = random.pick([1, 1, 5]);
    const seats = Array.from({ length }, (_, at): SeatDefinition => {
      if (random.chance(75)) return String(from + at);
      return {
        number: String(from + at),
        ...(random.chance(70) ? { accessible: random.chance(80) } : {}),
        ...(random.chance(40) ? { rank: random.below(4) } : {}),
      };
    });
    return {
      name,
      ...(ranked && random.chance(70) ? { rank: random.pick([0, 1, 1, 2, 2, 3]) } : {}),
      seats: random.chance(15) ? { from, to: from + length - 1 } : seats,
    };
  }

  /** A line on a seated sale. `alone`: the only line of its command. */
  line(command: Command, sale: number, known: SaleDump, alone: boolean): void {
    const { random } = this;
    const roll = random.below(100);
    if (roll < 3) linesOf(command).add(sale, random.pick([0, 1, 2]));
    else if (roll < (alone ? 35 : 80)) linesOf(command).addSeats(sale, this.named(known));
    else this.best(command, sale);
  }

  private named({ seats }: SaleDump): number[] {
    const { random } = this;
    const standing = seats.filter(({ state }) => state !== 'removed');
    const available = standing.filter(({ state }) => state === 'available');
    const free = available.length > 0 && random.chance(85) ? available : standing;
    const count = Math.min(random.pick([1, 1, 1, 2, 2, 3]), free.length);
    // Mostly side by side: some seats are named twice, and gaps are made.
    const first = free.length === 0 ? 0 : random.below(free.length);
    const picked = Array.from({ length: count }, (_, at) => free[(first + at) % free.length]!.seat);
    if (random.chance(4)) picked.push(random.pick([nobody, 0, 1, ...seats.slice(0, 5).map(({ seat }) => seat)]));
    return random.chance(2) ? [] : picked;
  }

  private best(command: Command, sale: number): void {
    const { random } = this;
    const quantity = random.chance(4) ? random.pick([0, 65, 513]) : random.pick([1, 1, 2, 2, 3, 3, 4, 5, 6]);
    const own = [...this.sections.keys()].filter((section) => this.sections[section]!.sale === sale);
    const section = own.length > 0 && random.chance(35) ? random.pick(own) + 1 : 0;
    const wrong = random.chance(3) ? random.pick([nobody, this.sections.length + 1, 1]) : section;
    linesOf(command).addBest(sale, quantity, wrong, random.chance(15), random.chance(60));
  }

  addition(state: StateDump): SeatsAddition {
    const { random } = this;
    const count = random.chance(2) ? random.pick([0, 1001]) : random.pick([1, 1, 1, 2, 3]);
    return { sale: this.sale(state), seats: Array.from({ length: count }, () => this.newSeat()) };
  }

  private newSeat(): SeatAddition {
    const { random } = this;
    return {
      section: random.pick(sectionNames),
      row: random.pick(moreRows),
      number: random.pick(moreNumbers),
      ...(random.chance(25) ? { place: this.place() } : {}),
      ...(random.chance(25) ? { rank: random.below(4) } : {}),
      ...(random.chance(25) ? { accessible: random.chance(70) } : {}),
      ...(random.chance(20) ? { blocked: random.chance(80) } : {}),
    };
  }

  change(state: StateDump): SeatChange {
    const { random } = this;
    const sale = this.sale(state);
    const blocks = random.chance(55);
    const percent = blocks ? 4 : 25;
    return {
      ...this.seat(state, sale, ['blocked', 'available', 'available']),
      ...(random.chance(percent) ? { section: random.pick(sectionNames) } : {}),
      ...(random.chance(percent) ? { row: random.pick(moreRows) } : {}),
      ...(random.chance(percent) ? { number: random.pick(moreNumbers) } : {}),
      ...(random.chance(percent) ? { place: this.place() } : {}),
      ...(random.chance(percent) ? { rank: random.below(4) } : {}),
      ...(random.chance(percent) ? { accessible: random.chance(50) } : {}),
      ...(random.chance(blocks ? 95 : 10) ? { blocked: random.chance(45) } : {}),
    };
  }

  removal(state: StateDump): SeatRemoval {
    return this.seat(state, this.sale(state), ['available', 'available', 'blocked']);
  }

  private place(): number {
    return this.random.pick([1, 2, 3, 4, 5, 6, 8, 8, 33, 4096, 4097, 0]);
  }

  /** Mostly a seat of the sale that can be changed. */
  private seat(state: StateDump, sale: number, states: readonly SeatDump['state'][]): SeatRemoval {
    const { random } = this;
    const seats = state.sales[sale]?.seats ?? [];
    const wanted = random.chance(90) ? [random.pick(states)] : ['held', 'sold', 'removed'];
    const found = seats.filter((seat) => wanted.includes(seat.state));
    const any = random.chance(3) ? [nobody, 0, 1, 2] : found.map(({ seat }) => seat);
    return { sale, seat: any.length > 0 ? random.pick(any) : random.below(8) };
  }

  /** Mostly a seated sale that is there. */
  private sale({ sales }: StateDump): number {
    const { random } = this;
    const seated = [...sales.keys()].filter((sale) => sales[sale]!.kind === 'seated' && !sales[sale]!.removed);
    return seated.length > 0 && random.chance(95) ? random.pick(seated) : random.below(sales.length + 1);
  }
}
