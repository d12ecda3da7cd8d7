/** What the kit does for every operation, whichever door it is of. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kinds, scopes } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import { fingerprintText } from '../../../src/engine/fingerprint.ts';
import { jsonAnswer } from '../../../src/doors/kit/answers.ts';
import { bodyOf, invalid } from '../../../src/doors/kit/input.ts';
import type { Dialect, Operation } from '../../../src/doors/kit/operation.ts';
import { Operations } from '../../../src/doors/kit/operations.ts';
import { AccessControl } from '../../../src/http/access.ts';
import { Listener } from '../../../src/http/listener.ts';
import { createLogger } from '../../../src/http/logging.ts';
import { HttpFailure, problems } from '../../../src/http/problems.ts';
import type { RouteTerms } from '../../../src/http/route.ts';
import type { Answer } from '../../http/support/client.ts';
import { ask } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';

interface Wish {
  readonly quantity: number;
  readonly note: string;
}

const dialect: Dialect = {
  words: { SOLD_OUT: 'all gone', KEY_REUSED: 'another wish' },
  refusal: ({ row }, own) => jsonAnswer({ no: own ?? row.code }, row.status),
};

/** Buys of the only sale; a door without a name of its own. */
const buying: Operation<Wish> = {
  read: (call, bytes) => {
    const { quantity, note } = bodyOf(call, bytes);
    if (typeof quantity !== 'number') throw invalid('a quantity is needed');
    return { quantity, note: String(note) };
  },
  fill: ({ quantity }, _, command) => {
    linesOf(command.reset(kinds.order)).add(0, quantity);
    return undefined;
  },
  keep: (key, { quantity }, command) => {
    command.setKey(scopes.door, 99, key);
    fingerprintText(command, `wish ${quantity}`);
  },
  answer: ({ thing, remaining }, { note }) => jsonAnswer({ thing, remaining, note }, 201),
};

async function withDoor(
  operation: Partial<Operation<Wish>>,
  key: RouteTerms['key'],
  use: (wish: (json: unknown, key?: string) => Promise<Answer>, store: TestStore) => Promise<void>,
): Promise<void> {
  await withStore({}, async (store) => {
    await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 4 }, null);
    const terms: RouteTerms = {
      method: 'POST',
      path: '/wishes',
      needs: 'buy',
      summary: 'A wish',
      answers: {},
      ...(key === undefined ? {} : { key }),
    };
    const listener = new Listener({
      port: 0,
      host: '127.0.0.1',
      access: new AccessControl({ operatorKey: null, open: false, origins: [] }),
      logger: createLogger('silent'),
      doors: [
        {
          name: 'wishes',
          prefixes: ['/wishes'],
          routes: [new Operations(store.node, dialect).operation(terms, { ...buying, ...operation })],
          failed: ({ row, detail }) => jsonAnswer({ failed: row.code, detail }, row.status),
        },
      ],
    });
    const wish = (json: unknown, sent?: string): Promise<Answer> =>
      ask(listener.port, 'POST', '/wishes', {
        json,
        headers: sent === undefined ? {} : { 'Idempotency-Key': sent },
      });
    try {
      await use(wish, store);
    } finally {
      await listener.close(0);
    }
  });
}

const one = { quantity: 1, note: 'x' };

describe('an operation', () => {
  test('an operation is done once for a key, and its replay is marked', () =>
    withDoor({}, 'optional', async (wish) => {
      const first = await wish(one, 'k');
      assert.deepEqual([first.status, first.json], [201, { thing: 0, remaining: 3, note: 'x' }]);
      assert.equal(first.headers['idempotency-replayed'], undefined);
      const again = await wish({ ...one, note: 'y' }, 'k');
      assert.deepEqual([again.status, again.json], [201, { thing: 0, remaining: 3, note: 'y' }]);
      assert.equal(again.header('Idempotency-Replayed'), 'true');
      assert.deepEqual((await wish({ quantity: 2 }, 'k')).json, { no: 'another wish' });
      assert.deepEqual((await wish(one)).body['remaining'], 2);
    }));

  test('an operation takes no key where its route takes none', () =>
    withDoor({}, undefined, async (wish) => {
      assert.deepEqual((await wish(one, 'k')).body['remaining'], 3);
      assert.deepEqual((await wish(one, 'k')).body['remaining'], 2);
    }));

  test('an operation that needs a key is refused before its body is read', () =>
    withDoor({}, 'required', async (wish) => {
      assert.equal((await wish({})).body['failed'], 'MISSING_KEY');
      assert.equal((await wish({}, 'k')).body['failed'], 'INVALID_REQUEST');
    }));

  test('an operation with an optional key first reports what does not exist', async () => {
    const fill = (): never => {
      throw new HttpFailure(problems.NOT_FOUND);
    };
    await withDoor({ fill }, 'optional', async (wish) => {
      assert.equal((await wish(one, '"')).body['failed'], 'NOT_FOUND');
    });
    await withDoor({}, 'optional', async (wish) => {
      assert.equal((await wish(one, '"')).body['failed'], 'INVALID_KEY');
    });
  });

  test('an operation may be refused before its body is read', () => {
    const admit = (): never => {
      throw new HttpFailure(problems.TOKEN_REQUIRED);
    };
    return withDoor({ admit }, 'optional', async (wish) => {
      assert.equal((await wish({})).body['failed'], 'TOKEN_REQUIRED');
    });
  });

  test('an operation has words of its own for a refusal, before those of its door', async () => {
    const many = { quantity: 5, note: 'x' };
    await withDoor({}, 'optional', async (wish) => {
      assert.deepEqual([(await wish(many)).status, (await wish(many)).json], [409, { no: 'all gone' }]);
    });
    await withDoor({ words: ({ note }) => ({ SOLD_OUT: note }) }, 'optional', async (wish) => {
      assert.deepEqual((await wish(many)).json, { no: 'x' });
    });
    await withDoor({ refused: () => jsonAnswer({ otherwise: true }, 200) }, 'optional', async (wish) => {
      assert.deepEqual([(await wish(many)).status, (await wish(many)).json], [200, { otherwise: true }]);
    });
  });

  test('an operation may have more to do after its outcome', () =>
    withDoor(
      {
        answer: async ({ remaining }) => {
          await new Promise((resolve) => setImmediate(resolve));
          if (remaining === 2) throw invalid('two are left');
          return jsonAnswer({ remaining });
        },
      },
      'optional',
      async (wish) => {
        assert.deepEqual((await wish(one, 'k')).json, { remaining: 3 });
        const again = await wish(one, 'k');
        assert.deepEqual([again.json, again.header('Idempotency-Replayed')], [{ remaining: 3 }, 'true']);
        assert.equal((await wish(one)).body['detail'], 'two are left');
      },
    ));

  test('an operation waits for its turn where it has one, and is filled then', async () => {
    const log: string[] = [];
    let last: Promise<unknown> = Promise.resolve();
    await withDoor(
      {
        inTurn: ({ note }, _, submit) => {
          log.push(`asked ${note}`);
          const answer = last.then(async () => {
            const given = await submit();
            log.push(`answered ${note}`);
            return given;
          });
          last = answer;
          return answer;
        },
        fill: (wished, state, command) => {
          log.push(`filled ${wished.note}`);
          return buying.fill(wished, state, command);
        },
      },
      'optional',
      async (wish) => {
        await Promise.all(['a', 'b', 'c'].map((note) => wish({ quantity: 1, note })));
      },
    );
    const turns = log.filter((line) => !line.startsWith('asked'));
    assert.equal(turns.length, 6);
    for (let at = 0; at < 6; at += 2) assert.equal(turns[at]!.replace('filled', 'answered'), turns[at + 1]);
  });
});

describe('what an operation finds instead of a command', () => {
  /** From the second time on there is nothing to be done. */
  function once(found: () => ReturnType<Operation<Wish>['fill']>): Operation<Wish>['fill'] {
    let filled = 0;
    return (wished, state, command) => {
      void buying.fill(wished, state, command);
      filled += 1;
      return filled > 1 ? found() : undefined;
    };
  }

  test('what an operation returns instead of a command is its answer, and nothing is appended', () =>
    withDoor({ fill: once(() => jsonAnswer({ nothing: 'to do' })) }, 'optional', async (wish, { node }) => {
      await wish(one, 'k');
      const { position } = node.engine;
      assert.deepEqual((await wish(one)).json, { nothing: 'to do' });
      assert.deepEqual((await wish(one, 'another')).json, { nothing: 'to do' });
      assert.equal(node.engine.position, position);
    }));

  test('what an operation returns instead of a command gives way to the first answer of its key', () =>
    withDoor({ fill: once(() => new HttpFailure(problems.NOT_FOUND)) }, 'optional', async (wish) => {
      const first = await wish(one, 'k');
      const again = await wish(one, 'k');
      assert.deepEqual([again.status, again.json], [201, first.json]);
      assert.equal(again.header('Idempotency-Replayed'), 'true');
      assert.deepEqual((await wish({ quantity: 2 }, 'k')).json, { no: 'another wish' });
      assert.equal((await wish(one, 'another')).body['failed'], 'NOT_FOUND');
    }));

  test('what an operation returns instead of a command waits for a request in flight with its key', () =>
    withDoor({ fill: once(() => new HttpFailure(problems.NOT_FOUND)) }, 'optional', async (wish) => {
      const both = await Promise.all([wish(one, 'k'), wish(one, 'k')]);
      assert.deepEqual(
        both.map(({ status }) => status),
        [201, 201],
      );
      assert.deepEqual(both[0].json, both[1].json);
    }));
});
