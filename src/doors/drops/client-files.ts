/**
 * Socket.IO's browser client, at the usual address of its server: pages load
 * `/socket.io/socket.io.js`.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Bytes } from '../../http/answer.ts';
import type { Route } from '../../http/door.ts';
import { missing } from '../kit/input.ts';
import type { Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';

const names = ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.msgpack.min.js'];
const headers = { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'public, max-age=3600' };

export function clientFileRoute(operations: Operations): Route {
  return operations.read(
    {
      method: 'GET',
      path: '/socket.io/:file',
      needs: 'buy',
      shared: true,
      summary: 'Get the Socket.IO client for browsers',
      answers: { 200: { description: 'The script.', type: 'text/javascript' } },
    },
    clientFile(),
  );
}

function clientFile(): Read<string> {
  const loaded = new Map<string, Bytes>();
  return {
    read: (call) => {
      const name = call.param('file');
      if (!names.includes(name)) throw missing('Route not found');
      return name;
    },
    answer: (name) => {
      const body = loaded.get(name) ?? fs.readFileSync(path.join(clientFolder(), name));
      loaded.set(name, body);
      return { status: 200, headers, body };
    },
  };
}

function clientFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('socket.io/package.json');
  return path.join(path.dirname(manifest), 'client-dist');
}
