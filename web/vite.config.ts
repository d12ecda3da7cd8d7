/** Builds the pages into `dist/web`, and serves them with hot reload beside a running store. */
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** The store beside the development server; `npm run dev` names it. */
const store = process.env['HOLDFAST_URL'] ?? 'http://127.0.0.1:3000';
/**
 * What the store answers itself, whatever page asks. `/` is a page here, and JSON for programs only
 * there.
 */
const storePaths = ['/v1', '/api', '/socket.io', '/livez', '/readyz', '/health', '/openapi.json'];

export default defineConfig({
  root: process.env['HOLDFAST_PAGES_FROM'] ?? here('.'),
  // That may be a link to here, in the place of a path that vite cannot read: then all is found by
  // way of it.
  resolve: { preserveSymlinks: process.env['HOLDFAST_PAGES_FROM'] !== undefined },
  plugins: [react(), tailwindcss()],
  build: {
    outDir: process.env['HOLDFAST_PAGES_OUT'] ?? here('../dist/web'),
    emptyOutDir: true,
    target: ['chrome123', 'safari17.5', 'firefox128'],
    // Nothing inlined: the content security policy allows no `data:` but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(storePaths.map((path) => [path, { target: store, changeOrigin: true }])),
  },
});
