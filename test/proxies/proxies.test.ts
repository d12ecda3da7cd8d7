/** The store behind the proxies of docs/proxies.md, each with the documented configuration. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AccessControl } from '../../src/http/access.ts';
import type { Call } from '../../src/http/call.ts';
import type { ClientAddress } from '../../src/http/client-address.ts';
import { ClientAddresses } from '../../src/http/client-address.ts';
import { parseNetwork } from '../../src/http/ip.ts';
import { asOperator, makeSale } from '../doors/v1/support.ts';
import type { TestStore } from '../http/support/store.ts';
import { operatorKey, withStore } from '../http/support/store.ts';
import { findProgram, requireProgram, requireThat } from '../support/requires.ts';
import type { Certificate } from './support/certificate.ts';
import { makeCertificate } from './support/certificate.ts';
import type { ProxyName } from './support/programs.ts';
import { proxies, startProxy } from './support/programs.ts';

const shop = 'shop.example';
const origin = `https://${shop}`;
const timeout = 60_000;

/**
 * Where this test's client is, as the proxy sees it: loopback too, but not the address that is
 * trusted.
 */
const clientAddress = '127.0.0.2';

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Notes the client's address and the host of each call, as the store sees them. */
class Witness extends AccessControl {
  readonly seen: (ClientAddress & { host: string | null })[] = [];

  override rightsOf(call: Call): number {
    this.seen.push({ ...call.client, host: call.host });
    return super.rightsOf(call);
  }
}

describe('behind a proxy', () => {
  let folder: string;
  let files: Certificate;
  const openssl = findProgram('openssl') !== undefined;

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-proxies-'));
    if (openssl) files = makeCertificate(folder, [shop, `drops.${shop}`]);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  async function withProxy(
    name: ProxyName,
    use: (port: number, store: TestStore, witness: Witness) => Promise<void>,
  ): Promise<void> {
    const trusted = [parseNetwork('127.0.0.1')!];
    const clients = new ClientAddresses({ trusted, warn: () => undefined });
    const access = new Witness({ operatorKey, open: false, origins: [], clients });
    const environment = { HOLDFAST_OPERATOR_KEY: operatorKey };
    await withStore({ environment, settings: { dropsPort: 4000 }, listener: { access } }, async (store) => {
      const own = fs.mkdtempSync(path.join(folder, `${name}-`));
      const proxy = await startProxy(name, { ...files, folder: own, port: store.port, dropsPort: store.drops!.port });
      try {
        await use(proxy.port, store, access);
      } finally {
        await proxy.stop();
      }
    });
  }

  function ask(
    port: number,
    method: string,
    target: string,
    headers: Readonly<Record<string, string>>,
    sent?: object | string,
    take?: (text: string) => boolean,
  ): Promise<Answered> {
    const body = typeof sent === 'object' ? JSON.stringify(sent) : sent;
    return new Promise((resolve, reject) => {
      const request = https.request(
        {
          host: '127.0.0.1',
          port,
          method,
          path: target,
          localAddress: clientAddress,
          servername: headers['Host'] ?? shop,
          rejectUnauthorized: false,
          headers: {
            Host: shop,
            ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': body.length }),
            ...headers,
          },
        },
        (response) => {
          let text = '';
          response.on('data', (bytes: Buffer) => {
            text += bytes.toString();
            if (take?.(text) !== true) return;
            resolve({ status: response.statusCode ?? 0, text });
            response.destroy();
          });
          response.on('error', () => undefined);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  /** The status of the answer to an upgrade. */
  function upgraded(port: number, target: string, host: string): Promise<number> {
    const headers = {
      Host: host,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
    };
    return new Promise((resolve, reject) => {
      const where = { host: '127.0.0.1', port, path: target, servername: host };
      const request = https.request({ ...where, headers, rejectUnauthorized: false, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      request.end();
    });
  }

  for (const name of proxies) {
    const required = openssl ? requireProgram(name) : requireThat(false, 'openssl is not installed');

    test(
      `${name}: the shop's own page buys, a foreign one does not, and nobody is an operator`,
      { ...required, timeout },
      () =>
        withProxy(name, async (port, store, witness) => {
          const sale = await makeSale(store, 10);
          const buy = (key: string, headers: Record<string, string>): Promise<Answered> =>
            ask(port, 'POST', `/v1/sales/${sale}/orders`, { 'Idempotency-Key': key, ...headers }, { quantity: 1 });
          assert.equal((await ask(port, 'GET', '/readyz', {})).status, 200);
          witness.seen.length = 0;
          const bought = await buy('one', { Origin: origin });
          assert.equal(bought.status, 201, bought.text);
          assert.equal((await buy('two', { Origin: 'https://evil.example' })).status, 403);
          assert.equal(
            (await ask(port, 'POST', '/v1/sales', {}, { name: 'x', kind: 'counted', capacity: 1 })).status,
            401,
          );
          // What a client writes of itself is not what the store goes by.
          await buy('three', { 'X-Forwarded-For': '192.0.2.1' });
          await buy('four', { Forwarded: 'for=192.0.2.1', 'X-Real-IP': '192.0.2.1' });
          assert.ok(witness.seen.length >= 4);
          for (const { address, peer, forwarded, host } of witness.seen) {
            assert.deepEqual(
              { address, peer, forwarded, host },
              { address: clientAddress, peer: '127.0.0.1', forwarded: true, host: shop },
            );
          }
        }),
    );

    test(`${name}: a stream is passed on as it comes`, { ...required, timeout }, () =>
      withProxy(name, async (port, store) => {
        const sale = await makeSale(store, 10);
        const startedMs = performance.now();
        const sold = ask(port, 'GET', `/v1/stream?sales=${sale}`, {}, undefined, (text) => text.includes('"sold":1'));
        await new Promise((resolve) => setTimeout(resolve, 300));
        await store.post(`/v1/sales/${sale}/orders`, { quantity: 1 }, 'a', asOperator);
        assert.equal((await sold).status, 200);
        assert.ok(performance.now() - startedMs < 5000, 'it waited somewhere');
      }),
    );

    test(`${name}: Socket.IO comes through, by polling and by upgrade`, { ...required, timeout }, () =>
      withProxy(name, async (port) => {
        const headers = { Host: `drops.${shop}` };
        const polling = '/socket.io/?EIO=4&transport=polling';
        const opened = await ask(port, 'GET', polling, headers);
        assert.equal(opened.status, 200, opened.text);
        const { sid } = JSON.parse(opened.text.slice(1)) as { sid: string };
        const session = `${polling}&sid=${sid}`;
        assert.equal(
          (await ask(port, 'POST', session, { ...headers, 'Content-Type': 'text/plain' }, '40')).status,
          200,
        );
        let polled = '';
        while (!polled.includes('Connected to inventory system')) {
          const answer = await ask(port, 'GET', session, headers);
          assert.equal(answer.status, 200, answer.text);
          polled += answer.text;
        }
        assert.equal(await upgraded(port, '/socket.io/?EIO=4&transport=websocket', headers['Host']), 101);
      }),
    );
  }
});
