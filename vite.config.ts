import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type Rollup } from 'vite';

/** A library's comment in a place that rollup cannot read costs nothing and can be mended by nobody here. */
const onwarn = (warning: Rollup.RollupLog, tell: (warning: Rollup.RollupLog) => void): void => {
  if (warning.code !== 'INVALID_ANNOTATION') tell(warning);
};

/** tfjs's own threads, which the trainer replaces by its own: 58 kB less to load and parse. */
const withoutTfjsThreads: Plugin = {
  name: 'without-tfjs-threads',
  load: id =>
    /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/.test(id)
      ? 'export default null; export const wasmWorkerContents = "";'
      : null,
};

const pageAt = (name: string): string => fileURLToPath(new URL(`client/web/${name}`, import.meta.url));

export default defineConfig({
  root: 'client/web',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  worker: { format: 'es', plugins: () => [withoutTfjsThreads], rollupOptions: { onwarn } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // The trainer is a worker of its own that only volunteers load; its size is the size budget's business.
    chunkSizeWarningLimit: 1_500,
    reportCompressedSize: false,
    rollupOptions: { input: [pageAt('index.html'), pageAt('person.html')], onwarn },
  },
});
