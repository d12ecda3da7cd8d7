/** Commands that a visitor can run against this store. */

export function firstSale(origin: string): string {
  return `curl -X POST ${origin}/v1/sales \\
  -H 'Content-Type: application/json' \\
  -d '{"name":"First drop","kind":"counted",
       "capacity":50,"holdSeconds":60,
       "price":{"amount":12000,"currency":"USD"}}'`;
}

export function firstHall(origin: string): string {
  const rows = ['A', 'B', 'C'].map((name) => `{"name":"${name}","seats":{"from":1,"to":12}}`);
  return `curl -X POST ${origin}/v1/sales \\
  -H 'Content-Type: application/json' \\
  -d '{"name":"First night","kind":"seated","holdSeconds":120,
       "price":{"amount":4500,"currency":"USD"},
       "hall":{"sections":[{"name":"Stalls","rows":[
         ${rows.join(',\n         ')}]}]}}'`;
}
