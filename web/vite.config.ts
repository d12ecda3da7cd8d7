/** Builds the pages into `dist/web`, and serves them with hot reload beside a running store. */
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** The store beside the development server; `npm run dev` names it. */
const store = process.env['HOLDFAST_URL'] ?? 'http://127.0.0.1:3000';
/**
 * Paths that the store answers itself, for any page. `/` is a page here; the store alone answers it
 * with JSON.
 */
const storePaths = ['/v1', '/api', '/socket.io', '/livez', '/readyz', '/health', '/openapi.json'];

export default defineConfig({
  root: process.env['HOLDFAST_PAGES_FROM'] ?? here('.'),
  // It may be a link to this folder, in place of a path that vite cannot read. Then all files are
  // found through it.
  resolve: { preserveSymlinks: process.env['HOLDFAST_PAGES_FROM'] !== undefined },
  plugins: [react(), tailwindcss()],
  build: {
    outDir: process.env['HOLDFAST_PAGES_OUT'] ?? here('../dist/web'),
    emptyOutDir: true,
    target: ['chrome123', 'safari17.5', 'firefox128'],
    // No inlining: the content security policy allows `data:` for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(storePaths.map((path) => [path, { target: store, changeOrigin: true, ws: true }])),
  },
});
