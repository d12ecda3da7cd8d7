// Fastify with Redis: stock and keys live in Redis, and one Lua script decides. Argument: the port
// of Redis.
import { Redis } from 'ioredis';
import { servePurchases } from './purchase-routes.js';

const keyTtlSeconds = 24 * 3600;

// Returns the units left after the purchase, -1 for sold out, or -2 for a key that was used with
// another quantity. The answer is kept with its key.
const lua = `
local quantity = ARGV[1]
local seen = redis.call('GET', KEYS[2])
if seen then
  local colon = string.find(seen, ':', 1, true)
  if string.sub(seen, 1, colon - 1) ~= quantity then return -2 end
  return tonumber(string.sub(seen, colon + 1))
end
local left = tonumber(redis.call('GET', KEYS[1]) or '0')
if left < tonumber(quantity) then return -1 end
left = redis.call('DECRBY', KEYS[1], quantity)
redis.call('SET', KEYS[2], quantity .. ':' .. string.format('%d', left), 'EX', ARGV[2])
return left
`;

// All commands of one turn of the event loop go out together, which takes less CPU a request.
const client = new Redis({ host: '127.0.0.1', port: Number(process.argv[2]), enableAutoPipelining: true });
client.defineCommand('buy', { numberOfKeys: 2, lua });
let totalSeats = 0;

await servePurchases({
  async begin(seats) {
    totalSeats = seats;
    await client.set('event', String(seats));
  },
  async counts() {
    const left = Number(await client.get('event'));
    return { totalSeats, seatsSold: totalSeats - left, seatsRemaining: left };
  },
  async purchase(key, quantity) {
    const left = await client.buy('event', `key:${key}`, quantity, keyTtlSeconds);
    if (left === -1) return 'SOLD_OUT';
    return left === -2 ? 'KEY_REUSED' : left;
  },
  close: () => client.quit(),
});
