/** Comlink ships the types of this module under a name that module resolution does not find. */
declare module 'comlink/dist/esm/node-adapter.mjs' {
  export { default } from 'comlink/dist/esm/node-adapter.d.ts';
}
