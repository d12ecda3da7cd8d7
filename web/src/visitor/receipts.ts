/** This browser's purchases: a list for the visitor alone; the store has its own. */
import { isRecord, keep, onKeptElsewhere, recall } from '../shared/keep.ts';
import { Signal } from '../shared/signal.ts';
import type { Receipt } from './deal.ts';

const most = 20;

class Receipts {
  readonly all = new Signal<readonly Receipt[]>(recalled());

  constructor() {
    onKeptElsewhere('receipts', () => this.all.set(recalled()));
  }

  add(receipt: Receipt): void {
    const others = this.all.get().filter(({ order }) => order !== receipt.order);
    const all = [receipt, ...others].slice(0, most);
    this.all.set(all);
    keep('receipts', all);
  }
}

function recalled(): Receipt[] {
  const kept = recall('receipts');
  return Array.isArray(kept) ? kept.filter(isReceipt) : [];
}

function isReceipt(value: unknown): value is Receipt {
  return isRecord(value) && typeof value['order'] === 'string' && typeof value['name'] === 'string' && 'total' in value;
}

export const receipts = new Receipts();
