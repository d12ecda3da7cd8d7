// `node bin/currencies.js LIST-ONE.xml [--sql]` makes sdk/src/currencies.ts from ISO 4217's list
// one, as its maintenance agency publishes it. With --sql it prints the rows for a migration of the
// SQL views. Codes without minor units (gold, testing, none) are left out, since no price is in
// them.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const launcher = require('./launcher.js');

const [file, flag] = process.argv.slice(2);
if (file === undefined || !fs.existsSync(file)) throw new Error('usage: node bin/currencies.js LIST-ONE.xml [--sql]');
const xml = fs.readFileSync(file, 'utf8');
const published = /<ISO_4217 Pblshd="(\d{4}-\d{2}-\d{2})">/.exec(xml)?.[1];
if (published === undefined) throw new Error(`${file} is not list one of ISO 4217`);

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text) =>
  text
    .replace(/&(\w+);/g, (_, name) => entities[name])
    .replace(/\s+/g, ' ')
    .trim();
const rows = new Map();
for (const [, entry] of xml.matchAll(/<CcyNtry>([\s\S]*?)<\/CcyNtry>/g)) {
  const part = (name) => new RegExp(`<${name}(?: [^>]*)?>([^<]*)<`).exec(entry)?.[1];
  const [code, digits, name] = [part('Ccy'), part('CcyMnrUnts'), part('CcyNm')];
  if (code !== undefined && /^\d$/.test(digits ?? '')) rows.set(code, [code, Number(digits), plain(name)]);
}
const sorted = [...rows.values()].sort(([one], [other]) => (one < other ? -1 : 1));

if (flag === '--sql') {
  const values = sorted.map(
    ([code, digits, name]) => `  ('${code}', ${digits}, ${10 ** digits}, '${name.replaceAll("'", "''")}')`,
  );
  console.log(`insert into currencies (code, minor_digits, minor_units, name) values\n${values.join(',\n')};`);
} else {
  const quoted = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);
  const text = `/** ISO 4217, list one, as published on ${published}. Made by bin/currencies.js; do not edit. */

/** When the list was published. */
export const currenciesPublished = '${published}';

/** Code, digits of the minor unit, name. */
export const currencies: readonly (readonly [code: string, minorDigits: number, name: string])[] = [
${sorted.map(([code, digits, name]) => `  ['${code}', ${digits}, ${quoted(name)}],`).join('\n')}
];
`;
  fs.writeFileSync(path.join(launcher.root, 'sdk', 'src', 'currencies.ts'), text);
  console.log(`${sorted.length} currencies, published ${published}`);
}
