/**
 * The store's own paths, independent of the open doors: front page, health, readiness, API
 * description.
 */
import { Type } from 'typebox';
import type { Node } from '../../node/node.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { jsonAnswer } from '../kit/answers.ts';
import { writePosition } from '../kit/positions.ts';
import type { HttpFailure } from '../../http/problems.ts';
import type { Door } from '../../http/door.ts';
import type { ApiDescription } from '../../http/openapi.ts';
import { descriptionRoute } from '../../http/openapi.ts';
import type { Pages } from './pages.ts';
import { plainHome, plainMissing } from './plain-pages.ts';

interface SystemOptions {
  readonly node: Node;
  /** The doors that are open beside this one. */
  readonly doors: readonly Door[];
  readonly api: ApiDescription;
  /** The followers beside the store, by name, for readiness checks. */
  readonly followers?: () => Promise<Record<string, object>>;
  /** The built pages; null without any: then a plain one is shown. */
  readonly pages: Pages | null;
}

export function systemDoor(options: SystemOptions): Door {
  const { node, pages } = options;
  const status = Type.Object({ status: Type.String() }, { additionalProperties: true });
  const described = { 200: { description: 'The status.', schema: status } };
  const door: Door = {
    name: 'system',
    prefixes: [],
    // It serves the dialects too: /health is one of theirs.
    anyCase: true,
    routes: [
      {
        method: 'GET',
        path: '/',
        needs: 'buy',
        shared: true,
        summary: 'Get the front page: HTML for browsers, JSON otherwise',
        answers: described,
        handle: (call) =>
          wantsHtml(call) ? (pages?.answerPage(call, 200) ?? plainHome) : jsonAnswer(greeting, 200, { Vary: 'Accept' }),
      },
      {
        method: 'GET',
        path: '/livez',
        needs: 'buy',
        anyHost: true,
        summary: 'Check that the process runs',
        answers: described,
        handle: () => jsonAnswer({ status: 'ok' }),
      },
      {
        method: 'GET',
        path: '/readyz',
        needs: 'buy',
        anyHost: true,
        summary: 'Check that the store can sell',
        answers: {
          ...described,
          503: { description: 'Not now. The status is stopped, log_full or keys_full.', schema: status },
        },
        handle: (call) => readiness(call, node, options.followers),
      },
      {
        method: 'GET',
        path: '/health',
        needs: 'buy',
        anyHost: true,
        summary: 'Get the health in the form of the dialects',
        answers: described,
        handle: () => health(node),
      },
      descriptionRoute(() => [door, ...options.doors], options.api),
    ],
    failed: (failure, call) => failed(failure, call, () => pages?.answerPage(call, 404) ?? plainMissing),
  };
  return door;
}

const greeting = { message: 'Ticket Reservation API is running', version: '1.0.0', status: 'OK' };

/** Why a follower stopped may name databases, hosts and folders, so only operators see it. */
function shownTo(call: Call, followers: Record<string, object> | undefined): Record<string, object> | undefined {
  if (followers === undefined || call.isOperator) return followers;
  const names = Object.entries(followers);
  return Object.fromEntries(
    names.map(([name, detail]) => [name, 'message' in detail ? { ...detail, message: null } : detail]),
  );
}

/**
 * Not ready while writes are refused: the log has no room, or the limit of kept keys is reached.
 * Both pass without action. Followers are reported but do not count: the store sells without them.
 */
async function readiness(call: Call, node: Node, followersOf: SystemOptions['followers']): Promise<Answer> {
  const followers = shownTo(call, await followersOf?.());
  const refused = node.isServing ? node.writesRefused : 'stopped';
  const ready = refused === null;
  const body = {
    status: refused ?? 'ok',
    position: writePosition(node.engine.state, node.engine.position),
    inFlight: node.pendingCommands,
    sales: node.engine.state.sales.count,
    // How far this machine's clock is ahead of the store's time.
    clock: { aheadMs: Math.round(node.civil.driftMs) },
    ...(followers === undefined || Object.keys(followers).length === 0 ? {} : { followers }),
  };
  return jsonAnswer(body, ready ? 200 : 503, ready ? {} : { 'Retry-After': '1' });
}

function health(node: Node): Answer {
  return jsonAnswer({
    status: 'OK',
    message: 'AtomicSeats API is running',
    timestamp: new Date().toISOString(),
    uptime: process.uptime(),
    memory: process.memoryUsage(),
    cacheSize: node.engine.state.keys.count,
  });
}

/** Paths that no door claims. A browser gets a page. */
function failed(failure: HttpFailure, call: Call, missing: () => Answer): Answer {
  const { row } = failure;
  if (row.status === 404) {
    if (wantsHtml(call)) return missing();
    const body = { error: 'Not Found', message: 'The requested resource was not found', path: call.url.pathname };
    return jsonAnswer(body, 404);
  }
  return jsonAnswer({ error: row.code, message: failure.detail, path: call.url.pathname }, row.status);
}

function wantsHtml(call: Call): boolean {
  return call.header('accept')?.includes('text/html') ?? false;
}
