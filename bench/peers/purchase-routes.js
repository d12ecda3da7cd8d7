// The three routes of the tickets dialect that every peer serves, on Fastify, with its own
// validation and serialisation. The peers differ in their store: `begin(totalSeats)`, `counts()`,
// and `purchase(key, quantity)`, which returns the units left, 'SOLD_OUT', or 'KEY_REUSED'.
import Fastify from 'fastify';

const purchaseSchema = {
  body: {
    type: 'object',
    required: ['quantity'],
    properties: { quantity: { type: 'integer', minimum: 1, maximum: 10 } },
  },
  response: {
    200: { type: 'object', properties: { success: { type: 'boolean' }, seatsRemaining: { type: 'integer' } } },
    '4xx': { type: 'object', properties: { success: { type: 'boolean' }, error: { type: 'string' } } },
  },
};

/** Serves the store on a free loopback port, prints the port, and stops when asked. */
export async function servePurchases(store) {
  const app = Fastify({ logger: false });
  app.post('/api/v1/purchase', { schema: purchaseSchema }, async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined || key === '') {
      return reply.code(400).send({ success: false, error: 'MISSING_IDEMPOTENCY_KEY' });
    }
    if (key.length > 255) return reply.code(400).send({ success: false, error: 'INVALID_IDEMPOTENCY_KEY' });
    const left = await store.purchase(key, request.body.quantity);
    if (left === 'SOLD_OUT') return reply.code(409).send({ error: 'SOLD_OUT' });
    if (left === 'KEY_REUSED') return reply.code(422).send({ success: false, error: 'IDEMPOTENCY_KEY_REUSED' });
    return { success: true, seatsRemaining: left };
  });
  app.post('/api/v1/events', async (request, reply) => {
    await store.begin(request.body.totalSeats);
    return reply.code(201).send({ success: true, data: { totalSeats: request.body.totalSeats } });
  });
  app.get('/api/v1/event', () => store.counts());
  await app.listen({ host: '127.0.0.1', port: 0 });
  console.log(`peer ready http://127.0.0.1:${app.server.address().port}`);
  process.on('SIGTERM', async () => {
    await app.close();
    await store.close();
    process.exit(0);
  });
}
