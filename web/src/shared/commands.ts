/** Commands that a visitor may want to run against this very store. */

export function firstSale(origin: string): string {
  return `curl -X POST ${origin}/v1/sales \\
  -H 'Content-Type: application/json' \\
  -d '{"name":"First drop","kind":"counted",
       "capacity":50,"holdSeconds":60,
       "price":{"amount":12000,"currency":"USD"}}'`;
}
