import { defineConfig, type Plugin, type Rollup } from 'vite';
import { onwarn } from '../../../vite.config.ts';

/** The file that an export is made of. It is no page of ours, so it is not called one. */
const FILE = 'exported-page.txt';

function textOf(file: Rollup.OutputAsset | Rollup.OutputChunk): string {
  if (file.type === 'chunk') return file.code;
  return typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source);
}

/** Nothing in a script may end its element, or begin a comment of HTML. */
const inScript = (code: string): string =>
  code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

const page = (script: string, styles: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>A network</title>
<style>${styles}</style>
</head>
<body>
<div id="app"></div>
<noscript>The network answers in this page and needs JavaScript.</noscript>
<!--network-->
<script>${inScript(script)}</script>
</body>
</html>
`;

/** One file with everything in it: script, styles and, put in later, the network. */
const onePage: Plugin = {
  name: 'one-page',
  enforce: 'post',
  generateBundle(_, bundle) {
    const files = Object.values(bundle);
    const textsOf = (ending: string): string =>
      files
        .filter(({ fileName }) => fileName.endsWith(ending))
        .map(textOf)
        .join('\n');
    const [script, styles] = [textsOf('.js'), textsOf('.css')];
    for (const { fileName } of files) delete bundle[fileName];
    this.emitFile({ type: 'asset', fileName: FILE, source: page(script, styles) });
  },
};

export default defineConfig({
  root: 'client/web',
  publicDir: false,
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [onePage],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: false,
    target: 'es2022',
    cssCodeSplit: false,
    reportCompressedSize: false,
    rollupOptions: { onwarn },
    lib: {
      entry: 'exported/main.tsx',
      formats: ['iife'],
      name: 'homeroomExport',
    },
  },
});
