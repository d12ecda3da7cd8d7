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

export function firstCity(origin: string): string {
  const json = "-H 'Content-Type: application/json'";
  return `curl -X PUT ${origin}/v1/tariff ${json} \\
  -d '{"currency":"USD","minimumBalance":200,"maximumFare":500,
       "stations":[{"id":"north","name":"North","zone":1},
                   {"id":"south","name":"South","zone":2}],
       "fares":{"zones":[[200,300],[300,200]]}}'
for at in north south; do
  curl -X POST ${origin}/v1/gates ${json} \\
    -d '{"id":"'$at'-1","station":"'$at'"}'
done
curl -X POST ${origin}/v1/cards ${json} \\
  -d '{"name":"First card","balance":{"amount":2000,"currency":"USD"}}'`;
}
