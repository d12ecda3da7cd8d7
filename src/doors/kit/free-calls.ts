/**
 * Counts a free call once its command is filled, since only then a replay can be told from a new
 * request.
 */
import type { Command } from '../../engine/command.ts';
import type { Call } from '../../http/call.ts';
import type { Node } from '../../node/node.ts';

/**
 * Counts a call to a route that is `free`, unless its key had its effect before.
 * @throws HttpFailure 429
 */
export function chargeFreeCall(call: Call, node: Node, command: Command): void {
  if (call.route?.free !== true || call.isOperator) return;
  if (command.keyLength > 0 && node.engine.replayOf(command) !== null) return;
  call.chargeFree();
}
