import { fileURLToPath } from 'node:url';
import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder('client/web'),
  plugins: [preact()],
  build: {
    outDir: folder('dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // tfjs is one chunk of the trainer's worker, loaded only by who trains; its size is no news.
    chunkSizeWarningLimit: 2_500,
  },
  worker: { format: 'es' },
});
