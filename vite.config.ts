import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type Rollup } from 'vite';
import { withOrigin } from './client/headless/build/with-origin.ts';

/** A library's comment in a place that rollup cannot read costs nothing and can be mended by nobody here. */
export const onwarn = (warning: Rollup.RollupLog, tell: (warning: Rollup.RollupLog) => void): void => {
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

/** Marks the modules of the small zod. */
const SMALL = '?small';

/**
 * `zod/mini` and all that it imports are modules apart from those of `zod`. The first page takes the small one alone. Rollup
 * puts a module into one file, so otherwise the first page would load all of zod's core that any other page needs: 12 kB
 * more. Schemas of both work with each other, and their settings are one.
 */
const smallZodApart: Plugin = {
  name: 'small-zod-apart',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (source !== 'zod/mini' && !importer?.endsWith(SMALL)) return null;
    const found = await this.resolve(source, importer?.replace(SMALL, ''), { ...options, skipSelf: true });
    return found && { ...found, id: `${found.id}${SMALL}` };
  },
};

const cardAddress: Plugin = {
  name: 'card-address',
  transformIndexHtml: html => withOrigin(html, process.env.HOMEROOM_ORIGIN),
};

const pageAt = (name: string): string => fileURLToPath(new URL(`client/web/${name}`, import.meta.url));

export default defineConfig({
  root: 'client/web',
  plugins: [smallZodApart, cardAddress],
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  worker: { format: 'es', plugins: () => [withoutTfjsThreads], rollupOptions: { onwarn } },
  build: {
    outDir: '../../dist/web',
    // The build puts the page of exports into the same folder at the same time.
    emptyOutDir: false,
    target: 'es2022',
    // The trainer is a worker of its own that only volunteers load; its size is the size budget's business.
    chunkSizeWarningLimit: 1_500,
    reportCompressedSize: false,
    rollupOptions: { input: [pageAt('index.html'), pageAt('person.html'), pageAt('try.html')], onwarn },
  },
});
