/**
 * Names in requests, as rows and numbers of the engine. What a name stands for never changes and is
 * never removed, so what was found once is kept.
 */
import { noCard, noStation, ownStation } from '../../engine/commands/taps.ts';
import type { State } from '../../engine/state.ts';

const encoder = new TextEncoder();

export class Names {
  private readonly state: State;
  private readonly stations = new Map<string, number>();
  /** As many bytes as an id in a request can have. */
  private readonly text = new Uint8Array(255 * 3);

  constructor(state: State) {
    this.state = state;
  }

  /** Row of a gate, or -1. */
  gate(id: string): number {
    return this.state.gates.find(id);
  }

  gateByNumber(number: number): number {
    return this.state.gates.byNumber(number);
  }

  /** Number of a station as a tap has it; null for the gate's own. */
  station(id: string | null | undefined): number {
    if (id == null) return ownStation;
    const known = this.stations.get(id);
    if (known !== undefined) return known;
    const number = this.state.tariffs.stationNumber(id);
    if (number === 0) return noStation;
    this.stations.set(id, number);
    return number;
  }

  /** Row of a card, or `noCard`. */
  card(id: string): number {
    const { written } = encoder.encodeInto(id, this.text);
    const row = this.state.findCard(this.text, 0, written);
    return row < 0 ? noCard : row;
  }

  /** The same for a UUID that stands in bytes. */
  cardByUuid(bytes: Uint8Array, at: number): number {
    const row = this.state.findCardByUuid(bytes, at);
    return row < 0 ? noCard : row;
  }

  /** The same for a card's number. */
  cardByNumber(number: number): number {
    return number === 0 || number > this.state.cards.count ? noCard : number - 1;
  }
}
