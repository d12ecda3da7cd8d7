/** A certificate of a test's own, made by openssl. */
import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import path from 'node:path';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Files in `folder` for names that lead nowhere. */
export function makeCertificate(folder: string, names: readonly string[]): Certificate {
  const [certificate, key] = [path.join(folder, 'shop.pem'), path.join(folder, 'shop.key')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${names[0]}`];
  const alternatives = ['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`];
  const args = [...request, ...alternatives, '-keyout', key, '-out', certificate];
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return { certificate, key };
}
