/** What commands about cards, tariffs and gates do to the reference engine's state. */
import type { KeyDefinition, KeyRemoval } from '../../src/engine/commands/access-keys.ts';
import type { CardDefinition, CardsIssue } from '../../src/engine/commands/cards.ts';
import type { GateDefinition, TapsSkip } from '../../src/engine/commands/gates.ts';
import type { TariffDefinition } from '../../src/engine/commands/tariff.ts';
import { kinds } from '../../src/engine/command.ts';
import { addEntry, balanceOf, createCard, issueCards, setBlocked } from './reference-cards.ts';
import { addGate, openingKey, skipTaps } from './reference-gates.ts';
import { adjust } from './reference-journeys.ts';
import type { Effect, Model, Request } from './reference-model.ts';
import { civilMs } from './reference-model.ts';
import { setTariff } from './reference-tariff.ts';
import { applyTaps } from './reference-taps.ts';

/** The effect of a command about cards, tariffs or gates. */
export function effectOnCards(model: Model, request: Request): Effect {
  const { transit } = model;
  const { target } = request;
  const balance = (): number => balanceOf(transit.cards[target]!) >>> 0;
  switch (request.kind) {
    case kinds.createCard: {
      const made = request.body as CardDefinition;
      return ['OK', createCard(model, made), made.balance];
    }
    case kinds.issueCards: {
      const issue = request.body as CardsIssue;
      return ['OK', issueCards(model, issue), issue.count];
    }
    case kinds.topUp:
    case kinds.refund: {
      const { amount, currency, journey } = request;
      transit.currency ??= currency;
      const isRefund = request.kind === kinds.refund;
      addEntry(model, target, isRefund ? 'refund' : 'topUp', amount, isRefund ? { journey } : {});
      return ['OK', target, balance()];
    }
    case kinds.blockCard:
    case kinds.unblockCard: {
      const changed = setBlocked(model, target, request.kind === kinds.blockCard);
      return [changed ? 'OK' : 'NO_EFFECT', target, 0];
    }
    case kinds.adjust:
      adjust(model, request);
      return ['OK', target, balance()];
    case kinds.setTariff: {
      const definition = request.body as TariffDefinition;
      transit.currency ??= definition.currency;
      return ['OK', setTariff(transit.tariffs, civilMs(model), definition), 0];
    }
    case kinds.addGate:
      return ['OK', addGate(transit, civilMs(model), request.body as GateDefinition), 0];
    case kinds.addKey: {
      const { hash, gates, label } = request.body as KeyDefinition;
      const known = openingKey(transit, hash);
      if (known !== undefined) return ['NO_EFFECT', transit.gateKeys.indexOf(known), 0];
      const times = { createdAtMs: civilMs(model), position: model.position };
      return ['OK', transit.gateKeys.push({ hash, gates, label, ...times, removed: false }) - 1, 0];
    }
    case kinds.removeKey: {
      const { key } = request.body as KeyRemoval;
      transit.gateKeys[key]!.removed = true;
      return ['OK', key, 0];
    }
    case kinds.skipTaps: {
      const skip = request.body as TapsSkip;
      skipTaps(transit, skip);
      return ['OK', skip.gate, skip.to];
    }
    case kinds.taps:
      return ['OK', request.taps.length, applyTaps(model, request.taps)];
    default:
      throw new Error(`no command has the kind ${request.kind}`);
  }
}
