/**
 * Shown to a browser while no pages are built. `npm start` builds them, so this is for running the
 * program by itself.
 */
import type { Answer } from '../../http/answer.ts';

const headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  Vary: 'Accept',
} as const;

function page(status: 200 | 404, heading: string, sentence: string): Answer {
  const style =
    ':root{color-scheme:light dark}body{margin:20vh auto;max-width:36rem;padding:0 1.5rem;font-family:sans-serif}';
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Holdfast</title>` +
    `<meta name="viewport" content="width=device-width"><style>${style}</style>` +
    `<h1>${heading}</h1><p>${sentence}</p></html>`;
  return { status, headers, body };
}

export const plainHome = page(
  200,
  'Holdfast is running.',
  'Its pages are not built: <code>npm run build</code> builds them. The interface for programs is described at <a href="/openapi.json">/openapi.json</a>.',
);

export const plainMissing = page(
  404,
  'There is nothing here.',
  'The address may be mistyped, or what it named is gone. <a href="/">Back to the store</a>',
);
