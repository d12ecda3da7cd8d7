/** The command lines of a shell, as readers of the documents type them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';

export const json = ['-H', 'Content-Type: application/json'];

export async function curl(...args: readonly string[]): Promise<unknown> {
  const child = spawn('curl', ['--silent', '--show-error', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
  return JSON.parse(printed) as unknown;
}

/** Whether an answer has all of these members, among others. */
export function shows(answer: unknown, documented: object): void {
  assert.deepEqual(picked(answer, documented), documented);
}

function picked(value: unknown, like: unknown): unknown {
  if (typeof like !== 'object' || like === null || typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (Array.isArray(like)) return (value as unknown[]).map((one, i) => picked(one, (like as unknown[])[i]));
  return Object.fromEntries(Object.entries(like).map(([name, inner]) => [name, picked(fields[name], inner)]));
}
