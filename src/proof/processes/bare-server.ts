/**
 * The bare server: the minimum that Bun's own server must do for the same requests. Each route
 * parses the JSON body and answers a JSON object of the same size as ours, serialised anew for each
 * request. It has no keys and no stock, and makes nothing durable.
 *
 * Its one argument is JSON: for each path pattern the status and an example of our answer.
 */

interface BareRoute {
  readonly path: string;
  readonly status: number;
  readonly answer: Record<string, unknown>;
}

const routes: Record<string, { POST: (request: Request) => Promise<Response> }> = {};
for (const { path, status, answer } of JSON.parse(process.argv[2] ?? '[]') as BareRoute[]) {
  const options = { status };
  routes[path] = {
    POST: async (request) => {
      const body: unknown = await request.json();
      if (typeof body !== 'object' || body === null) return new Response(null, { status: 400 });
      return Response.json(answer, options);
    },
  };
}

const server = Bun.serve({ hostname: '127.0.0.1', port: 0, routes, fetch: () => new Response(null, { status: 404 }) });
process.stdout.write(`bare ready ${server.url.href}\n`);
