/** `holdfast follow` with an engine whose outcomes differ from one record on. */
import { follow } from '../../../src/cli/follow.ts';
import { Engine } from '../../../src/engine/engine.ts';

const from = Number(process.env['OTHERWISE_FROM']);
// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const { apply } = Engine.prototype;

Engine.prototype.apply = function (command, position, nowMs) {
  const outcome = apply.call(this, command, position, nowMs);
  if (position === from) this.hashLow = (this.hashLow ^ 1) >>> 0;
  return outcome;
};

process.exitCode = await follow.run(process.argv.slice(2));
